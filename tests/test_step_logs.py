"""Logs by step: each value at its step, whoever wrote it, and steps called steps."""

import io
import json

import pytest
from step_rows import losses, read, trainer_entries

from keras_sonify import read_log
from keras_sonify.readers.rows import window_of
from keras_sonify.readers.runs import read_runs
from keras_sonify.training.axis import STEPS
from keras_sonify.training.points import Window

STEPS_AN_EPOCH = 100


@pytest.mark.parametrize("form", ["state", "list", "lines"])
def test_a_trainers_log_is_read_by_step(form: str) -> None:
    """All losses, each evaluation at its step; the mean at the end is no point."""
    entries = trainer_entries(300)
    rows = read(
        {
            "state": json.dumps({"epoch": 3.0, "log_history": entries}, indent=1),
            "list": json.dumps(entries),
            "lines": "\n".join(map(json.dumps, entries)),
        }[form]
    )

    assert [step for step, _ in rows] == [10 * k for k in range(1, 301)]
    assert [values["loss"] for _, values in rows] == losses(300)
    evaluated = {step: v["val_loss"] for step, v in rows if "val_loss" in v}
    assert evaluated == {10 * k: 2.0 - k / 600 for k in range(50, 301, 50)}
    assert all(values.keys() <= {"loss", "val_loss", "grad_norm"} for _, values in rows)
    assert [row.window.epoch for row in rows] == [(k - 1) // 100 for k in range(1, 301)]
    ends = [step for step, _ in rows if rows[step // 10 - 1].window.ends_epoch]
    assert ends == [1000, 2000, 3000]


def test_a_fine_tuning_falls_as_it_does() -> None:
    """In equal parts of the run, where the last value of each epoch says nothing."""
    entries = [
        {"loss": loss, "epoch": 3 * k / 300, "step": 10 * k + 10}
        for k, loss in enumerate(losses(300))
    ]
    (run,) = read_runs(read_log(io.StringIO(json.dumps({"log_history": entries}))))

    medians = [p.values["loss"] for p in run.points(len(run), most=5)]
    assert run.axis is STEPS
    assert len(run) == 300
    assert medians == sorted(medians, reverse=True)


LIGHTNING = "epoch,lr-Adam,step,train_loss_epoch,train_loss_step,val_loss,val_loss_step"


def test_lightnings_sparse_rows_make_steps() -> None:
    """A step's value is that of its batch; the mean of an epoch is kept as such."""
    lines = [LIGHTNING]
    for k, loss in enumerate(losses(300)):
        epoch, step = k // STEPS_AN_EPOCH, 10 * k + 9
        lines += [f",0.1,{step},,,,", f"{epoch},,{step},,{loss},,"]
        if k % STEPS_AN_EPOCH == STEPS_AN_EPOCH - 1:
            lines += [f"{epoch},,{step},,,{2 - epoch},"]
            lines += [f"{epoch},,{step},{2.5 - epoch},,,"]

    rows = read("\n".join(lines))

    assert [step for step, _ in rows] == [10 * k + 9 for k in range(300)]
    assert [values["loss"] for _, values in rows] == losses(300)
    ends = {step: values for step, values in rows if len(values) > 2}
    assert [*ends] == [999, 1999, 2999]
    assert [values["val_loss"] for values in ends.values()] == [2.0, 1.0, 0.0]
    assert [values["epoch_loss"] for values in ends.values()] == [2.5, 1.5, 0.5]
    assert [row.window for row in rows[98:101]] == [
        Window(0),
        Window(0, ends_epoch=True),
        Window(1),
    ]


def test_what_lightning_tells_of_epochs_alone_is_told_in_epochs() -> None:
    """One value an epoch, whatever the step; so is a log with one or two each."""
    header = "epoch,step,train_loss_epoch,val_loss\n"
    rows = [f"{k},{63 * k + 62},{1 / (k + 1)},\n{k},{63 * k + 62},,0.5" for k in (0, 1)]

    found = list(read_log(io.StringIO(header + "\n".join(rows))))

    assert found == [
        (0, {"loss": 1.0, "val_loss": 0.5}),
        (1, {"loss": 0.5, "val_loss": 0.5}),
    ]
    assert not any(map(window_of, found))


def test_a_table_of_steps_is_read_as_it_is() -> None:
    """Three thousand rows, of which none becomes an epoch; they share what they are."""
    text = "step,loss\n" + "\n".join(f"{k},{v}" for k, v in enumerate(losses(3000)))

    rows = read(text)

    assert [(step, values["loss"]) for step, values in rows] == [
        *enumerate(losses(3000))
    ]
    assert len({id(row.window) for row in rows}) == 1


@pytest.mark.parametrize(
    "name",
    ["step", "Step", "global_step", "iter", "iteration", "_step", "train/global_step"],
)
@pytest.mark.parametrize("form", ["table", "lines"])
def test_the_step_has_many_names(name: str, form: str) -> None:
    """It is told as its owner counts, and is no metric."""
    if form == "table":
        text = f"{name},loss\n" + "".join(f"{k},{9 - k}\n" for k in (5, 7, 9))
    else:
        text = "".join(f'{{"{name}":{k},"loss":{9 - k}}}\n' for k in (5, 7, 9))

    assert read(text) == [(k, {"loss": 9 - k}) for k in (5, 7, 9)]


def test_the_history_of_weights_and_biases_is_read() -> None:
    """By the training's own step, in its epochs, without what the tool adds."""
    header = "_step,_runtime,_timestamp,train/loss,eval/loss,train/epoch,"
    lines = [f"{header}train/global_step,train/train_loss,train/train_runtime"]
    for k in range(20):
        lines.append(f"{2 * k},1,17,{20 - k},,{(k + 1) / 10},{10 * k + 10},,")
        lines.append(f"{2 * k + 1},1,17,,{30 - k},{(k + 1) / 10},{10 * k + 10},,")
    lines.append("40,1,17,,,2.0,200,5.0,9.0")

    rows = read("\n".join(lines))

    assert rows == [
        (10 * k + 10, {"loss": 20 - k, "val_loss": 30 - k}) for k in range(20)
    ]
    assert [row.window.epoch for row in rows] == [0] * 10 + [1] * 10


def test_mmengine_and_detectron_are_read() -> None:
    """A validation tells the number of its epoch, or the step that has been done."""
    by_epoch = [
        {"loss": 9.0 - k, "epoch": k // 3 + 1, "iter": k + 1, "step": k + 1}
        for k in range(6)
    ]
    by_epoch.insert(3, {"accuracy/top1": 43.0, "step": 1})
    by_epoch.append({"accuracy/top1": 70.0, "step": 2})
    by_step = [{"iteration": 20 * k + 19, "total_loss": 9.0 - k} for k in range(4)]
    by_step.insert(2, {"iteration": 39, "bbox/AP": 0.5})

    first = read("\n".join(map(json.dumps, by_epoch)))
    second = read("\n".join(map(json.dumps, by_step)))

    assert [step for step, _ in first] == [1, 2, 3, 4, 5, 6]
    assert {s: v["accuracy/top1"] for s, v in first if len(v) > 1} == {3: 43.0, 6: 70.0}
    assert [step for step, _ in second] == [19, 39, 59, 79]
    assert second[1][1] == {"total_loss": 8.0, "bbox/AP": 0.5}


def test_mmdetections_log_is_read() -> None:
    """It counts the batches of each epoch, and those of a validation, by themselves."""
    lines = ['{"env_info": "x", "seed": 0}']
    for epoch in (1, 2):
        place = f'"epoch": {epoch}'
        lines += [
            f'{{"mode": "train", {place}, "iter": {k}, "loss": 1.0}}'
            for k in (50, 100, 150)
        ]
        lines.append(f'{{"mode": "val", {place}, "iter": 625, "mAP": {epoch}}}')

    rows = read("\n".join(lines))

    assert [step for step, _ in rows] == [50, 100, 150, 200, 250, 300]
    assert {s: v["val_mAP"] for s, v in rows if len(v) > 1} == {150: 1.0, 300: 2.0}
