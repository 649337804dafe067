"""Where a run in steps begins, what its axis is, and when its rows are given out."""

import io
from pathlib import Path

import pytest
from step_rows import read, stepped, trainer_entries

from keras_sonify import Sonifier, read_log
from keras_sonify.readers.line_log import LineLog
from keras_sonify.readers.rows import StepRow, window_of
from keras_sonify.readers.runs import read_runs
from keras_sonify.training.axis import EPOCHS, STEPS
from keras_sonify.training.points import Window


def test_batches_that_each_epoch_counts_anew_go_on() -> None:
    """The axis is the run, also where a validation stands between the batches."""
    lines = ["epoch,batch,loss,val_loss"]
    for epoch in range(2):
        lines += [f"{epoch},{batch},1," for batch in range(0, 1000, 100)]
        lines.append(f"{epoch},999,,2")

    rows = read("\n".join(lines))

    assert [step for step, _ in rows] == [
        *[*range(0, 1000, 100), 999],
        *[*range(1000, 2000, 100), 1999],
    ]
    assert [row.window.epoch for row in rows] == [0] * 11 + [1] * 11


def test_a_run_begins_where_the_step_falls_back() -> None:
    """What is logged once more at the same step is told once, as it was told last."""
    text = "step,loss\n0,nan\n0,9\n10,8\n20,7\n0,9\n10,6\n"

    runs = list(read_runs(read_log(io.StringIO(text))))

    assert [[*run.rows(len(run))] for run in runs] == [
        [(0, {"loss": 9}), (10, {"loss": 8}), (20, {"loss": 7})],
        [(0, {"loss": 9}), (10, {"loss": 6})],
    ]


def test_a_log_of_both_axes_holds_two_runs() -> None:
    """A new header may tell steps where the one before told epochs."""
    text = "epoch,loss\n0,9\n1,8\nstep,loss\n10,7\n20,6\n"

    runs = list(read_runs(read_log(io.StringIO(text))))

    assert [(run.axis, len(run)) for run in runs] == [(EPOCHS, 2), (STEPS, 2)]


def test_steps_are_given_out_as_they_come() -> None:
    """Each with the next one, or when nothing comes for a while; then what is late."""
    log = LineLog("log", print)

    first = [log.feed(f"{line}\n") for line in ("step,loss,val_loss", "10,9,", "20,8,")]
    settled = log.settle()
    late = [*log.feed("20,,7\n"), *log.feed("30,6,\n")]

    assert first == [[], [], [(10, {"loss": 9})]]
    assert settled == [(20, {"loss": 8})]
    assert late == [(20, {"val_loss": 7})]
    assert log.finish() == [(30, {"loss": 6})]


def test_a_log_of_epochs_does_not_wait_for_its_axis() -> None:
    """The first epoch is over, and no metric came three times: it is told at once."""
    log = LineLog("log", print)

    counts = [
        len(log.feed(f"{line}\n"))
        for line in ("epoch,step,loss", "0,9,1", "0,19,1", "1,29,1", "1,39,1", "2,49,1")
    ]

    assert counts == [0, 0, 0, 1, 0, 1]


OWN = (
    "epoch,step,steps,spikes,epoch_loss,loss,loss_p10,loss_p90,val_loss\n"
    "0,100,100,,NA,2.0,1.5,2.5,NA\n"
    "0,101,1,loss,NA,9.0,NA,NA,NA\n"
    "0,200,99,,1.75,1.5,1.0,2.0,1.25\n"
)


def test_our_own_record_is_read_with_its_windows(tmp_path: Path) -> None:
    """Numbers, spreads and spikes; what they are of are its only metrics."""
    (tmp_path / "log.csv").write_text(OWN)
    (tmp_path / "run.json").write_text("{}")

    rows = stepped(list(read_log(tmp_path)))

    assert rows == [
        (100, {"loss": 2.0}),
        (101, {"loss": 9.0}),
        (200, {"loss": 1.5, "val_loss": 1.25, "epoch_loss": 1.75}),
    ]
    assert [row.window for row in rows] == [
        Window(0, 100, {"loss": (1.5, 2.5)}),
        Window(0, 1, {}, frozenset(["loss"])),
        Window(0, 99, {"loss": (1.0, 2.0)}, ends_epoch=True),
    ]


def test_a_strangers_table_has_no_windows() -> None:
    """What its columns are called says nothing of what we mean by it."""
    with pytest.warns(UserWarning, match="no number in column spikes"):
        rows = list(read_log(io.StringIO(OWN)))

    assert not any(row.window.spreads for row in stepped(rows))
    assert rows[0][1]["loss_p10"] == 1.5


def test_a_metric_of_ours_may_be_called_step(tmp_path: Path) -> None:
    """In a record of epochs it is one."""
    sonifier = Sonifier("step", tmp_path, player=None)
    for epoch in range(3):
        sonifier.epoch(epoch, {"step": 5.0, "loss": 1.0})
    sonifier.end()

    rows = list(read_log(tmp_path))

    assert rows == [(epoch, {"step": 5.0, "loss": 1.0}) for epoch in range(3)]
    assert not any(map(window_of, rows))


def test_a_trainers_entries_in_memory_are_heard_by_step(tmp_path: Path) -> None:
    """As `trainer.state.log_history` is; a list of epochs stays one."""
    Sonifier.from_history(trainer_entries(60), directory=tmp_path)
    (run,) = read_runs(read_log(tmp_path))

    assert run.axis is STEPS
    assert run.at(len(run) - 1).step == 600
    assert {"loss", "val_loss"} <= {*run.names}


def test_a_row_is_kept_where_the_log_has_it(tmp_path: Path) -> None:
    """Also at step 0, and where a validation tells of a step that was told before."""
    sonifier = Sonifier(directory=tmp_path, player=None)
    rows = [
        StepRow(0, {"loss": 3.0}, Window(0)),
        StepRow(0, {"val_loss": 4.0}, Window(0)),
        StepRow(10, {"loss": 2.0}, Window(0)),
        StepRow(20, {"loss": 1.0, "val_loss": 2.0}, Window(0, ends_epoch=True)),
    ]
    for row in rows:
        sonifier.row(row)
    sonifier.end()

    kept: dict[int, dict[str, float]] = {}
    for step, values in read_log(tmp_path):
        kept.setdefault(step, {}).update(values)
    assert kept == {
        0: {"loss": 3.0, "val_loss": 4.0},
        10: {"loss": 2.0},
        20: {"loss": 1.0, "val_loss": 2.0},
    }


def test_a_line_of_our_own_whose_step_is_no_number_is_told(tmp_path: Path) -> None:
    """It is left out, and that is said."""
    warned: list[str] = []
    (tmp_path / "log.csv").write_text(OWN.replace("0,101,", "0,x,"))
    (tmp_path / "run.json").write_text("{}")

    rows = list(read_log(tmp_path, warn=warned.append))

    assert len(rows) == 2
    assert warned[0].endswith("line 3: no number of a step; it was left out.")


def test_a_step_may_have_a_list_beside_its_values() -> None:
    """A line of JSON with a step is no history, whatever else it holds."""
    lines = [f'{{"step": {n}, "loss": {n}.5, "betas": [0.5, 0.5]}}' for n in (1, 2)]

    rows = stepped(read("\n".join(lines)))

    assert rows == [(n, {"loss": n + 0.5, "betas": 0.5}) for n in (1, 2)]
