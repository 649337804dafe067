import math
import random
import statistics

import numpy as np
import pytest
from step_losses import losses, recorded_steps

from keras_sonify.rules.step_rows import StepRows, recorded
from keras_sonify.training.axis import STEPS
from keras_sonify.training.history import History
from keras_sonify.training.points import Window


def _windows(history: History) -> list[Window]:
    found = (history.window(place) for place in range(len(history)))
    return [window for window in found if window is not None]


def test_rows_grow_with_the_run() -> None:
    """Four thousand stand for a step each, four thousand for two, and so on."""
    history = recorded_steps({"loss": 1.0} for _ in range(40_000))

    sizes = [window.steps for window in _windows(history)]
    assert sizes[:4000] == [1] * 4000
    assert sizes[4000:8000] == [2] * 4000
    assert sizes[12_000:] == [8] * 1500
    assert sum(sizes) == 40_000
    assert history.axis is STEPS


def test_a_row_holds_median_and_spread_of_its_steps() -> None:
    """As statistics knows them; the percentiles are those of what is drawn from."""
    chance = random.Random(0)
    values = [chance.random() for _ in range(8)]
    rows, made = StepRows(least=8, last=0), []
    for step, value in enumerate(values, start=1):
        made += rows.take(step, 0, {"loss": value})

    (row,) = made
    assert (row.at, row.values) == (8, {"loss": statistics.median(values)})
    low, high = row.window.spreads["loss"] if row.window else (0.0, 0.0)
    drawn = np.percentile(values, [10, 90], method="median_unbiased")
    assert (low, high) == pytest.approx(tuple(drawn))


@pytest.mark.parametrize("least", [2, 3, 4, 5, 8])
def test_rows_of_few_steps_know_their_noise(least: int) -> None:
    """Two values have no percentiles: those of the steps before them count."""
    chance = random.Random(0)
    rows, made = StepRows(least=least, last=0), []
    for step in range(1, 3001):
        made += rows.take(step, 0, {"loss": math.exp(chance.gauss(0.0, 0.08))})

    windows = [row.window for row in made[20:] if row.window]
    low, high = zip(*(window.spreads["loss"] for window in windows), strict=True)
    medians = statistics.median(high), statistics.median(low)
    assert (medians[0] - medians[1]) / 2.563 == pytest.approx(0.08, abs=0.008)


def test_a_spike_is_a_row_of_its_own() -> None:
    """It is in no median, and its step is told exactly."""
    history = recorded_steps(
        {"loss": loss} for loss in losses(5000, noise=0.05, spikes=[4321])
    )

    spikes = [
        (history.at(place).step, window.steps)
        for place, window in enumerate(_windows(history))
        if window.spikes
    ]
    assert spikes == [(4322, 1)]
    points = list(history.points(len(history)))
    (found,) = [reach for p in points if (reach := p.reaches["loss"]).spikes]
    assert found.value < 2.5 < found.spikes[0][1]


def test_nan_is_told_where_it_begins_and_ends() -> None:
    """The first is a row of its own, those that follow share rows."""
    values = [1.0] * 30_000 + [math.nan] * 500 + [1.0] * 500

    history = recorded_steps({"loss": value} for value in values)

    rows = list(history.rows(len(history)))
    wrong = [at for at, row in rows if math.isnan(row["loss"])]
    assert wrong[0] == 30_001
    assert wrong[-1] == 30_500
    assert len(wrong) < 200


def test_an_epochs_end_is_a_row_with_its_values() -> None:
    """What was pending goes into it."""
    rows = StepRows(least=4, last=0)
    rows.take(1, 0, {"loss": 1.0})
    row = rows.end_epoch(0, {"val_loss": 0.5})

    assert row is not None
    assert (row.at, row.values) == (1, {"loss": 1.0, "val_loss": 0.5})
    assert row.window == Window(epoch=0, steps=1, ends_epoch=True)
    assert StepRows().end_epoch(0, {"val_loss": 0.5}) is None


def test_validation_ends_a_row_where_it_comes() -> None:
    """A step log has it at single steps: there it stands."""
    rows = StepRows(least=100)
    found = []
    for step in range(1, 21):
        values = {"loss": 1.0} | ({"val_loss": 0.5} if step == 7 else {})
        found += rows.take(step, 0, values)

    assert [(row.at, row.values) for row in found] == [
        (7, {"loss": 1.0, "val_loss": 0.5})
    ]


def test_a_step_log_is_recorded_as_a_live_run_would_be() -> None:
    """Except that nobody knows how many steps were before the first row."""
    values = [{"loss": loss} for loss in losses(4000, noise=0.1, spikes=[2000])]
    log = History()
    for step, row in enumerate(values, start=1):
        log.append(step, row, Window(epoch=0))

    made, live = recorded(log), recorded_steps(values)

    assert list(made.rows(len(made))) == list(live.rows(len(live)))
    assert _windows(made) == _windows(live)
    assert recorded(live) is live


def test_runs_in_epochs_stay_as_they_are() -> None:
    """They have no steps."""
    history = History()
    history.append(0, {"loss": 1.0})
    assert recorded(history) is history


def test_memory_is_bounded_however_long_a_run_is() -> None:
    """Each time that the steps double, there are four thousand rows more."""
    history = recorded_steps({"loss": 1.0} for _ in range(124_000))
    assert len(history) == 4000 * 5
