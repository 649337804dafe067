"""Logs in which an epoch is not one row: long forms, parts of epochs, any JSON."""

import io
import pickle
from collections import deque
from pathlib import Path

import numpy as np
import pytest

from keras_sonify import Sonifier, read_log
from keras_sonify.readers import LogError
from keras_sonify.readers.line_log import LineLog
from keras_sonify.readers.rows import Row

LOSS = [(0, {"loss": 0.9}), (1, {"loss": 0.5})]
TWINS = [(0, {"loss": 0.9, "val_loss": 1.0}), (1, {"loss": 0.5, "val_loss": 0.75})]


def read(text: str) -> tuple[list[Row], list[str]]:
    """Return the rows of a log, and what was warned of."""
    warned: list[str] = []
    return list(read_log(io.StringIO(text), warn=warned.append)), warned


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


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('{"loss":{"0":0.9,"1":0.5},"val_loss":{"0":1.0,"1":0.75}}', TWINS),
        ('{"0":{"loss":0.9,"val_loss":1},"1":{"loss":0.5,"val_loss":0.75}}', TWINS),
        ('{"epoch_1":{"loss":0.9},"epoch_2":{"loss":0.5}}', LOSS),
        (
            '{"columns":["loss","val_loss"],"index":[0,1],"data":[[0.9,1],[0.5,0.75]]}',
            TWINS,
        ),
        ('{"epochs":[1,2],"loss":[0.9,0.5]}', LOSS),
        ('{"loss":["0.9","0.5"]}', LOSS),
        ('{"train":{"loss":[0.9,0.5]},"val":{"loss":[1.0,0.75]}}', TWINS),
        ('{"model":"cnn","training_history":{"loss":[0.9,0.5]},"acc":0.9}', LOSS),
        ('"{\\"loss\\": [0.9, 0.5]}"', LOSS),
        ("{'loss': [0.9, 0.5], 'val_loss': [np.float32(1.0), 0.75]}", TWINS),
        (
            '{"a":{"auc":[0.6,0.5]},"b":{"auc":[0.7,0.6]}}',
            [(0, {"a-auc": 0.6, "b-auc": 0.7}), (1, {"a-auc": 0.5, "b-auc": 0.6})],
        ),
        (
            (
                '{"epoch":1,"train":{"loss":0.9},"val":{"loss":1.0}}\n'
                '{"epoch":2,"train":{"loss":0.5},"val":{"loss":0.75}}\n'
            ),
            TWINS,
        ),
        (
            (
                '{"epoch":1,"mode":"train","loss":0.9}\n{"epoch":1,"mode":"val","loss":1}\n'
                '{"epoch":2,"mode":"train","loss":0.5}\n'
                '{"epoch":2,"mode":"val","loss":0.75}\n'
            ),
            TWINS,
        ),
        (
            (
                '[{"epoch":1,"split":"train","loss":0.9},{"epoch":1,"split":"val","loss":1},'
                '{"epoch":2,"split":"train","loss":0.5},'
                '{"epoch":2,"split":"val","loss":0.75}]'
            ),
            TWINS,
        ),
        ('[{"epoch":1,"split":"val","loss":0.9},{"epoch":2,"loss":0.5}]', LOSS),
        (
            (
                '{"loss":1.7,"epoch":1,"iter":6,"step":6}\n{"val_loss":1,"step":1}\n'
                '{"loss":0.1,"epoch":1,"iter":12,"step":12}\n'
                '{"loss":0.5,"epoch":2,"iter":18,"step":18}\n{"val_loss":0.75,"step":2}\n'
            ),
            TWINS,
        ),
        (
            (
                '{"loss":1.3,"epoch":0,"step":6}\n{"loss":0.5,"epoch":0,"step":12}\n'
                '{"loss":0.5,"epoch":1,"step":18}\n'
            ),
            LOSS,
        ),
        (
            (
                '[{"loss":2,"epoch":0.5,"step":5},{"loss":0.9,"epoch":1.0,"step":10},'
                '{"loss":0.5,"epoch":2.0,"step":20},'
                '{"train_loss":1,"train_runtime":9,"epoch":2.0,"step":20}]'
            ),
            LOSS,
        ),
    ],
)
def test_a_history_is_read_however_it_was_dumped(text: str, rows: list[Row]) -> None:
    """By pandas, by a loop, in parts, as text."""
    read_rows, warned = read(text)

    assert warned == []
    assert [epoch for epoch, _ in read_rows] == [0, 1]
    for (_, found), (_, row) in zip(read_rows, rows, strict=True):
        assert found == pytest.approx(row)


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


def test_json_lines_with_a_step_are_heard_at_once() -> None:
    """That a line is a whole epoch is known from the second one on."""
    log = LineLog("log", print)

    counts = [
        len(log.feed(f'{{"epoch":{epoch},"step":{9 * epoch},"loss":0.5}}\n'))
        for epoch in range(4)
    ]

    assert counts == [0, 2, 1, 1]


def test_histories_in_memory_may_have_all_these_forms(tmp_path: Path) -> None:
    """What pandas or XGBoost returns, say."""
    for number, history in enumerate(
        [
            {"loss": {0: 0.9, 1: 0.5}},
            {"train": {"loss": [0.9, 0.5]}},
            [{"epoch": 1, "loss": 0.9}, {"epoch": 2, "loss": 0.5}],
            {"loss": ["0.9", "0.5"]},
            {"loss": deque([0.9, 0.5])},
            {"loss": (value for value in (0.9, 0.5))},
            np.array({"loss": [0.9, 0.5]}, dtype=object),
        ]
    ):
        directory = tmp_path / str(number)
        Sonifier.from_history(history, directory=directory)
        assert list(read_log(directory)) == LOSS


@pytest.mark.parametrize(
    "history", [{"loss": ["low"]}, {"loss": [None]}, [{"epoch": 1}], [0.5], {}]
)
def test_a_history_without_any_number_is_refused(history: object) -> None:
    """It is never passed over without a word."""
    with pytest.raises(ValueError, match=r"^`history` must be .* with numbers in it"):
        Sonifier.from_history(history, directory=None)


def test_the_record_of_a_run_without_values_is_read(tmp_path: Path) -> None:
    """It has epochs, and nothing in them."""
    (tmp_path / "log.csv").write_text("epoch\n0\n")

    with pytest.warns(UserWarning, match="holds no value of a metric"):
        assert list(read_log(tmp_path)) == [(0, {})]


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
