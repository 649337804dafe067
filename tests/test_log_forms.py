"""Logs in which an epoch is not one row: long forms, parts of epochs, any JSON."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from logged import LOSS, TWINS, read

from keras_sonify import read_log
from keras_sonify.readers import LogError


@pytest.mark.parametrize("column", ["phase", "split", "Mode", "stage"])
@pytest.mark.parametrize(
    ("train", "val"), [("train", "val"), ("Training", "Validation")]
)
def test_sides_in_rows_of_their_own_are_twins(
    column: str, train: str, val: str
) -> None:
    """Not a zigzag of one loss."""
    rows = f"0,{train},0.9\n0,{val},1.0\n1,{train},0.5\n1,{val},0.75\n"

    assert read(f"epoch,{column},loss\n{rows}") == (TWINS, [])


@pytest.mark.parametrize(
    "places",
    [[0, 1, 2, 3], [0, 2, 1, 3]],
    ids=["epoch by epoch", "metric by metric"],
)
def test_the_data_frame_of_r_is_read(places: list[int]) -> None:
    """A row there is one value; its metric and its side stand beside it."""
    rows = [
        '1,0.9,"loss","training"',
        '1,1.0,"loss","validation"',
        '2,0.5,"loss","training"',
        '2,0.75,"loss","validation"',
    ]
    lines = ['"epoch","value","metric","data"', *(rows[place] for place in places)]

    assert read("\n".join(lines)) == (TWINS, [])


def test_a_yolo_log_without_names_is_read() -> None:
    """Each epoch is a row of fifteen columns, which only their places name."""
    row = " {}/1 10.7G {} 0.25 0.5 1.5 36 640 0.75 0.5 0.25 0.125 0.75 0.5 0.25\n"

    rows, warned = read(
        "noise of the start\n" + row.format(0, 0.9) + row.format(1, 0.5)
    )

    assert [(epoch, values["box_loss"]) for epoch, values in rows] == [
        (0, 0.9),
        (1, 0.5),
    ]
    assert rows[0][1] | {"box_loss": 0.0} == {
        "box_loss": 0.0,
        "obj_loss": 0.25,
        "cls_loss": 0.5,
        "total_loss": 1.5,
        "precision": 0.75,
        "recall": 0.5,
        "mAP_0.5": 0.25,
        "mAP_0.5:0.95": 0.125,
        "val_box_loss": 0.75,
        "val_obj_loss": 0.5,
        "val_cls_loss": 0.25,
    }
    assert warned == []


def test_the_table_that_fastai_prints_is_read() -> None:
    """Parted by blanks, with the time that an epoch took, which is told as left out."""
    rows, warned = read(
        "epoch     train_loss  valid_loss  time    \n"
        "0         0.9         1.0         00:10   \n"
        "1         0.5         0.75        1:00:10 \n"
    )

    assert rows == TWINS
    assert "no number in column time, '00:10'" in warned[0]


def test_a_column_that_only_looks_like_a_side_is_none() -> None:
    """What is in it is told, as in any other column of words."""
    rows, warned = read("epoch,mode,loss\n0,fast,0.9\n1,fast,0.5\n")

    assert rows == LOSS
    assert warned[0].startswith("the log, line 2: no number in column mode, 'fast'")


def test_the_mean_of_its_steps_is_an_epochs_value() -> None:
    """Not that of its last batch; what Lightning has averaged itself counts so."""
    steps, _ = read(
        "epoch,step,train_loss,lr,val_loss\n0,4,1.3,0.2,\n0,9,0.5,0.1,\n0,9,,,1.0\n"
        "1,14,0.75,0.1,\n1,19,0.25,0.1,\n1,19,,,0.75\n"
    )
    means, _ = read(
        "epoch,step,train_loss_step,train_loss_epoch\n0,4,0.1,\n0,9,,0.9\n1,19,,0.5\n"
    )

    assert [row["lr"] for _, row in steps] == [0.1, 0.1]
    assert [{**row, "lr": 0} for _, row in steps] == [
        {**row, "lr": 0} for _, row in TWINS
    ]
    assert means == LOSS


def test_a_test_when_all_is_over_is_no_epoch() -> None:
    """Lightning logs it as one; that is told."""
    rows, warned = read(
        "epoch,step,train_loss,test_loss\n0,9,0.9,\n1,19,0.5,\n2,20,,0.125\n"
    )

    assert rows == LOSS
    assert warned == ["the log: the values of a test at its end were left out."]


@pytest.mark.parametrize("column", ["Name", "run"])
def test_a_table_of_trainings_is_none_of_one(column: str) -> None:
    """As W&B exports it: told as a training it would be one that overfits."""
    with pytest.raises(LogError, match=rf"each row is a training .* its {column} says"):
        read(f"{column},loss,val_loss\na_1,0.9,1.0\nb_2,0.5,0.75\n")


@pytest.mark.parametrize(
    ("name", "metric"),
    [
        ("valid_loss.csv", "val_loss"),
        ("run-train-tag-epoch_loss.csv", "loss"),
        ("run-fit_validation-tag-epoch_loss.csv", "val_loss"),
    ],
)
def test_what_tensorboard_exports_is_named_by_its_file(
    tmp_path: Path, name: str, metric: str
) -> None:
    """Its only column of values is called Value."""
    (tmp_path / name).write_text("Wall time,Step,Value\n1.5,0,0.9\n2.5,1,0.5\n")

    assert list(read_log(tmp_path / name)) == [(0, {metric: 0.9}), (1, {metric: 0.5})]


@pytest.mark.parametrize("steps", [(0, 1), (1, 2), (0, 0)])
def test_the_folder_of_a_run_of_mlflow_is_read(
    tmp_path: Path, steps: tuple[int, int]
) -> None:
    """It has a file for each metric, with a line for each value, and perhaps a step."""
    folder = tmp_path / "metrics"
    folder.mkdir()
    for name, values in (("train_loss", (0.9, 0.5)), ("val_loss", (1.0, 0.75))):
        lines = [f"17 {x} {step}" for x, step in zip(values, steps, strict=True)]
        (folder / name).write_text("\n".join([*lines, "damage"]))
    warned: list[str] = []

    assert list(read_log(tmp_path, warn=warned.append)) == TWINS
    assert len(warned) == 2
    assert warned[0].endswith(": 1 lines without a value and a step were left out.")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (pickle.dumps({"loss": [0.9]}), r"is a pickle, and .* run code.*pickle\.load"),
        (b"\x1f\x8b\x08\x00", "is compressed: gunzip it first"),
        (b"PK\x03\x04\x14\x00", r"is an Excel file .*pandas\.read_excel\('log'\)"),
        (b"\x89HDF\r\n\x1a\n", "is an HDF5 file"),
    ],
)
def test_what_is_no_text_is_named(tmp_path: Path, content: bytes, told: str) -> None:
    """With what to do; nothing of it is run."""
    path = tmp_path / "log"
    path.write_bytes(content)

    with pytest.raises(LogError, match=f"^log {told}"):
        list(read_log(path))


def test_an_array_is_named(tmp_path: Path) -> None:
    """It may hold a pickle."""
    np.save(tmp_path / "history.npy", np.array([0.9, 0.5]))

    with pytest.raises(LogError, match=r"numpy\.load\('history\.npy', allow_pickle"):
        list(read_log(tmp_path / "history.npy"))
