import csv
import math
from pathlib import Path

import pytest
from step_losses import losses

from keras_sonify import Sonifier
from keras_sonify.files.past import read_past
from keras_sonify.score.cue import Cue
from keras_sonify.step_feed import StepFeed
from keras_sonify.testing import RecordingOutput
from keras_sonify.training.axis import STEPS, At


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now


def test_a_cue_is_due_every_four_seconds() -> None:
    """The first at once; an epoch's end, which is heard, counts as one."""
    clock = Clock()
    feed = StepFeed(1, 4.0, clock=clock)
    due = [feed.is_due]
    feed.take(1, 0, {"loss": 1.0})
    feed.close()
    for clock.now in (3.9, 4.0):
        due.append(feed.is_due)
    feed.end_epoch(0, {})
    for clock.now in (7.9, 8.0):
        due.append(feed.is_due)

    assert due == [True, False, True, False, True]


def test_steps_that_are_counted_anew_are_counted_on() -> None:
    """Whoever counts batches from 0 in each epoch is understood."""
    feed = StepFeed(1, 4.0)
    rows = [
        row.at
        for epoch in range(2)
        for step in range(3)
        for row in feed.take(step, epoch, {"loss": 1.0})
    ]

    assert rows == [1, 2, 3, 4, 5, 6]


def test_a_step_that_is_told_twice_counts_once() -> None:
    """As an epoch does."""
    feed = StepFeed(1, 4.0)
    rows = [
        row
        for step in (1, 1, 2, 2)
        for row in feed.take(step, 0, {"loss": float(step)})
    ]
    assert [row.values["loss"] for row in rows] == [1.0, 2.0]


def _run(
    directory: Path | None, output: RecordingOutput, **arguments: float
) -> Sonifier:
    return Sonifier(directory=directory, player=output, **arguments)  # type: ignore[arg-type]


def _cues(output: RecordingOutput) -> list[Cue]:
    return [cue for cue, _, _ in output.epochs]


def test_cues_stand_for_all_steps_since_the_last_one() -> None:
    """No value of a step is in none of them."""
    output = RecordingOutput()
    sonifier = _run(None, output, cue_seconds=1e-9)
    sonifier.steps([(step, {"loss": float(step)}) for step in range(1, 5)])
    sonifier.steps([(step, {"loss": float(step)}) for step in range(5, 12)])

    first, second = _cues(output)
    assert (first.at, second.at) == (At(0, 4), At(0, 11))
    assert [cue.readings[0].value for cue in (first, second)] == [2.5, 8.0]
    assert first.is_within


def test_nan_is_heard_at_once() -> None:
    """It does not wait for the next cue."""
    output = RecordingOutput()
    sonifier = _run(None, output, cue_seconds=3600.0)
    for step in range(1, 2000):
        value = math.nan if step == 1234 else 1.0
        sonifier.step(step, {"loss": value})

    (first, told) = _cues(output)
    assert first.step == 1
    assert (told.step, told.sounded and told.sounded.kind) == (1234, "nan_loss")


def test_nan_is_told_once() -> None:
    """That the mean of its epoch is none either is no news."""
    output = RecordingOutput()
    sonifier = _run(None, output)
    for step in range(1, 101):
        sonifier.step(step, {"loss": math.nan if step > 50 else 1.0})
    sonifier.epoch(0, {"loss": math.nan})

    assert [event.kind for event in output.happened] == ["nan_loss"]


def test_an_epochs_end_is_heard_with_its_validation() -> None:
    """At once; the means of the epoch are kept, and are no values of its steps."""
    output = RecordingOutput()
    sonifier = _run(None, output, cue_seconds=3600.0)
    for step in range(1, 101):
        sonifier.step(step, {"loss": 2.0})
    sonifier.epoch(0, {"loss": 2.5, "val_loss": 1.9})

    cue = _cues(output)[-1]
    heard = {reading.metric.name: reading.value for reading in cue.readings}
    assert heard == {"loss": 2.0, "val_loss": 1.9}
    assert (cue.at, cue.is_within) == (At(0, 100), False)


def test_the_record_is_read_back_as_it_was(tmp_path: Path) -> None:
    """Step, number, spread, spikes and epochs stand in `log.csv`."""
    output = RecordingOutput()
    sonifier = _run(tmp_path, output)
    sonifier.begin(2, 6000)
    for step, loss in enumerate(losses(6000, noise=0.08, spikes=[4321]), start=1):
        sonifier.step(step, {"loss": loss}, epoch=(step - 1) // 3000)
        if step % 3000 == 0:
            sonifier.epoch(step // 3000 - 1, {"loss": 2.0, "val_loss": 1.9})
    sonifier.end()

    past, record = read_past(tmp_path), sonifier._record  # what was kept in memory
    assert past is not None
    assert record is not None
    read, kept = past.history, record.history
    assert read.axis is STEPS
    assert len(read) == len(kept)
    assert [read.at(place) for place in range(len(read))] == [
        kept.at(place) for place in range(len(kept))
    ]
    assert [read.window(place) for place in range(len(read))] == [
        kept.window(place) for place in range(len(kept))
    ]
    assert past.about["planned_steps"] == 6000


def test_a_metric_may_be_called_as_another_column_is(tmp_path: Path) -> None:
    """Its column has a name of its own, and so has that of its spread."""
    sonifier = _run(tmp_path, RecordingOutput(), update_freq=10)
    for step in range(1, 201):
        sonifier.step(step, {"loss": 1.0, "step": 2.0})
    sonifier.end()

    header = (tmp_path / "log.csv").read_text().splitlines()[0].split(",")
    assert header[:4] == ["epoch", "step", "steps", "spikes"]
    assert {"step_", "step__p10", "step__p90"} <= {*header}
    past = read_past(tmp_path)
    assert past is not None
    assert [*past.history.rows(1)] == [(1, {"loss": 1.0, "step_": 2.0})]


def test_a_run_in_steps_goes_on_in_its_log(tmp_path: Path) -> None:
    """Steps are counted on, and what comes is held against what was."""
    for epoch in range(2):
        output = RecordingOutput()
        sonifier = _run(tmp_path, output)
        for step in range(1, 101):
            sonifier.step(step, {"loss": 2.0 - epoch}, epoch=epoch)
        sonifier.epoch(epoch, {"loss": 2.0 - epoch, "val_loss": 1.0 - epoch / 2})
        sonifier.end()

    past = read_past(tmp_path)
    assert past is not None
    ats = [past.history.at(place) for place in range(len(past.history))]
    assert ats[-1] == At(1, 200)
    assert len(ats) >= 200
    reading = _cues(output)[-1].readings[0]
    assert (reading.value, reading.best) == (1.0, 1.0)


def test_steps_in_a_run_of_epochs_are_refused_in_words() -> None:
    """Once, and the epochs go on."""
    output = RecordingOutput()
    sonifier = _run(None, output)
    sonifier.epoch(0, {"loss": 1.0})
    with pytest.warns(UserWarning, match="`step` must be called before"):
        sonifier.step(1, {"loss": 1.0})
    sonifier.step(2, {"loss": 1.0})
    sonifier.epoch(1, {"loss": 0.5})

    assert [cue.epoch for cue in _cues(output)] == [0, 1]


@pytest.mark.parametrize("name", ["update_freq", "cue_seconds"])
@pytest.mark.parametrize("value", [0, -1, True, "x", math.inf])
def test_what_cannot_be_a_pace_is_refused(name: str, value: object) -> None:
    """With the argument's name and what was received."""
    arguments = {name: value}
    with pytest.raises(ValueError, match=f"`{name}` must be .* Received: {name}="):
        Sonifier(**arguments)  # type: ignore[arg-type]


def test_what_was_heard_live_is_in_the_timing_table(tmp_path: Path) -> None:
    """Each cue with the tones that were played, though the files sound windows."""
    output = RecordingOutput()
    sonifier = _run(tmp_path, output, cue_seconds=1e-9)
    values = [*losses(400, noise=0.08, spikes=[250])]
    for start in range(0, 400, 10):
        rows = enumerate(values[start : start + 10], start + 1)
        sonifier.steps([(step, {"loss": loss}) for step, loss in rows])
    sonifier.end()

    with (tmp_path / "score.csv").open(newline="") as file:
        live = [row for row in csv.DictReader(file) if row["file"] == "live"]
    notes = [note for cue in _cues(output) for note in cue.notes]
    # Tones, references, and a spike: its grain, then two tones and a word.
    assert len(notes) == 40 + 39 + 1 + 3
    assert [float(row["frequency_hz"] or "nan") for row in live] == pytest.approx(
        [note.frequency_hz for note in notes], abs=0.01, nan_ok=True
    )
