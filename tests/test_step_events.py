"""TensorBoard's event files by step: Keras's, Lightning's, Hugging Face's, anyone's."""

from pathlib import Path

from test_event_log import Scalar, write

from keras_sonify import read_log
from keras_sonify.readers.rows import Row, StepRow, window_of
from keras_sonify.training.points import Window

EPOCHS, BATCHES = 3, 50


def read(path: Path) -> list[StepRow]:
    """Return the rows of a log by step."""
    rows = list(read_log(path))
    found = [row for row in rows if isinstance(row, StepRow)]
    assert len(found) == len(rows)
    return found


def at(rows: list[StepRow], name: str) -> dict[int, float]:
    """Return at which steps a metric has which value."""
    return {step: values[name] for step, values in rows if name in values}


def keras_logs(directory: Path) -> None:
    """Write what Keras's callback does with `update_freq="batch"`."""
    training: list[Scalar] = []
    validation: list[Scalar] = []
    for epoch in range(EPOCHS):
        for batch in range(BATCHES):
            step = epoch * BATCHES + batch
            training.append((step, "batch_loss", float(-step)))
        training += [(epoch, "epoch_loss", epoch), (epoch, "epoch_learning_rate", 0.5)]
        done = (epoch + 1) * BATCHES
        validation += [
            (done, "evaluation_loss_vs_iterations", 9.0 - epoch),
            (epoch, "epoch_loss", 9.0 - epoch),
        ]
    write(directory / "train", training)
    write(directory / "validation", validation)


def test_keras_tells_steps_and_epochs_side_by_side(tmp_path: Path) -> None:
    """What is of an epoch stands at its last step; the validation stands there, too."""
    keras_logs(tmp_path)

    rows = read(tmp_path)

    ends = [BATCHES - 1, 2 * BATCHES - 1, 3 * BATCHES - 1]
    assert [step for step, _ in rows] == [*range(EPOCHS * BATCHES)]
    assert at(rows, "loss") == {step: -step for step in range(EPOCHS * BATCHES)}
    assert at(rows, "epoch_loss") == dict(zip(ends, [0, 1, 2], strict=True))
    assert at(rows, "val_loss") == dict(zip(ends, [9, 8, 7], strict=True))
    assert at(rows, "learning_rate") == dict.fromkeys(ends, 0.5)
    assert [row[0] for row in rows if row.window.ends_epoch] == ends


def test_lightning_tells_the_epoch_of_each_step(tmp_path: Path) -> None:
    """By a scalar that is no metric; the mean of an epoch is kept as such."""
    scalars: list[Scalar] = [(0, "hp_metric", -1.0)]
    for step in range(9, 300, 10):
        epoch = step // 100
        scalars += [(step, "train_loss_step", -step), (step, "epoch", epoch)]
        if step % 100 == 99:
            scalars += [(step, "val_loss", 5.0), (step, "epoch", epoch)]
            scalars += [(step, "train_loss_epoch", 7.0), (step, "epoch", epoch)]
    write(tmp_path, scalars, simple=True)

    rows = read(tmp_path)

    assert at(rows, "loss") == {step: -step for step in range(9, 300, 10)}
    assert at(rows, "val_loss") == {99: 5.0, 199: 5.0, 299: 5.0}
    assert at(rows, "epoch_loss") == {99: 7.0, 199: 7.0, 299: 7.0}
    assert {*rows[0][1]} == {"loss"}
    assert [row.window for row in rows[8:11]] == [
        Window(0),
        Window(0, ends_epoch=True),
        Window(1),
    ]


def test_what_was_tested_when_all_was_over_is_left_out(tmp_path: Path) -> None:
    """Lightning writes that into files of their own."""
    fit = [
        (9 * epoch + 8, tag, value)
        for epoch in range(5)
        for tag, value in (("epoch", epoch), ("train_loss", 0.5), ("val_loss", 0.5))
    ]
    write(tmp_path, fit, second=1, simple=True)
    write(tmp_path, [(45, "epoch", 5), (45, "val_loss", 0.5)], second=2, simple=True)
    write(tmp_path, [(45, "epoch", 5), (45, "test_loss", 0.5)], second=3, simple=True)
    warned: list[str] = []

    rows = list(read_log(tmp_path, warn=warned.append))

    assert rows == [(k, {"loss": 0.5, "val_loss": 0.5}) for k in range(5)]
    assert not any(map(window_of, rows))
    assert warned == [f"{tmp_path}: the values of a test at its end were left out."]


def test_hugging_face_tells_parts_of_epochs(tmp_path: Path) -> None:
    """Each evaluation at its step, without the mean of all losses at the end."""
    scalars: list[Scalar] = []
    for k in range(1, 21):
        scalars += [(5 * k, "train/loss", -k), (5 * k, "train/epoch", k / 10)]
        if k % 5 == 0:
            scalars += [(5 * k, "eval/loss", k), (5 * k, "train/epoch", k / 10)]
    scalars += [(100, "train/train_loss", 1.0), (100, "train/train_runtime", 9.0)]
    write(tmp_path, scalars, simple=True)

    rows = read(tmp_path)

    assert at(rows, "loss") == {5 * k: -k for k in range(1, 21)}
    assert at(rows, "val_loss") == {25: 5, 50: 10, 75: 15, 100: 20}
    assert {name for _, values in rows for name in values} == {"loss", "val_loss"}
    assert [row.window.epoch for row in rows] == [0] * 10 + [1] * 10


def test_writers_side_by_side_make_one_run(tmp_path: Path) -> None:
    """What both tell of a step is one row."""
    write(tmp_path / "train", [(k, "loss", -k) for k in range(0, 500, 50)])
    write(tmp_path / "validation", [(k, "loss", k) for k in range(0, 500, 100)])

    rows = read(tmp_path)

    assert [step for step, _ in rows] == [*range(0, 500, 50)]
    assert at(rows, "loss") == {k: -k for k in range(0, 500, 50)}
    assert at(rows, "val_loss") == {k: k for k in range(0, 500, 100)}


def test_the_steps_of_a_voice_are_steps(tmp_path: Path) -> None:
    """Two losses every 200 steps, and the spike in one of them where it was."""
    scalars: list[Scalar] = []
    for step in range(0, 20_000, 200):
        loss = 100.0 if step == 12_000 else 30.0
        scalars += [(step, "loss/g/total", loss), (step, "loss/d/total", 2.5)]
    write(tmp_path, scalars, simple=True)

    rows = read(tmp_path)

    assert [step for step, _ in rows] == [*range(0, 20_000, 200)]
    spikes = {s: x for s, x in at(rows, "loss/g/total").items() if x > 30}
    assert spikes == {12_000: 100.0}


def test_numbers_that_follow_one_another_are_epochs(tmp_path: Path) -> None:
    """As people write them, unless there are more than anyone's epochs."""
    write(tmp_path / "few", [(k, "loss/train", 1.0) for k in range(20)])
    write(tmp_path / "many", [(k, "loss/train", 1.0) for k in range(2000)])

    few: list[Row] = list(read_log(tmp_path / "few"))

    assert few == [(k, {"loss": 1.0}) for k in range(20)]
    assert not any(map(window_of, few))
    assert len(read(tmp_path / "many")) == 2000


def test_what_is_logged_by_epoch_beside_steps_stands_where_it_came(
    tmp_path: Path,
) -> None:
    """Losses under their steps, a validation under the number of its epoch."""
    scalars: list[Scalar] = []
    for epoch in range(3):
        steps = range(100 * epoch, 100 * epoch + 100, 5)
        scalars += [(step, "train/loss", float(-step)) for step in steps]
        scalars.append((epoch, "val/acc", float(epoch)))
    write(tmp_path, scalars, simple=True)

    rows = read(tmp_path)

    assert at(rows, "loss") == {step: -step for step in range(0, 300, 5)}
    assert at(rows, "val_acc") == {95: 0.0, 195: 1.0, 295: 2.0}
