"""The lines that go with the sound say what is heard, briefly."""

import math
import re

import pytest
from cues import play, play_one

from keras_sonify.score.cue import Cue, Reading
from keras_sonify.training.axis import STEPS, At, Plan
from keras_sonify.training.events import Event
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Point, Reach
from keras_sonify.words.closing import (
    best_sentence,
    died_sentence,
    dropped_sentence,
    ending_sentence,
    files_sentence,
)
from keras_sonify.words.text import (
    cue_sentence,
    point_name,
    point_title,
    spoken_sentence,
)


def test_an_epoch_is_told_one_based_with_all_its_metrics() -> None:
    """Epochs are counted as Keras prints them, values to four digits."""
    (cue,) = play({"loss": 2 / 3, "val_loss": 123456.0})

    assert cue_sentence(cue) == "Epoch 1: loss 0.6667; val_loss 1.235e+05"
    assert cue_sentence(cue, Plan(20)).startswith("Epoch 1 of 20: ")


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("loss", (1.0, 0.5), "loss 0.5, best so far"),
        ("loss", (1.0, 1.0), "loss 1, same as best"),
        ("loss", (0.5, 0.75), "loss 0.75, 50 percent worse than best"),
        ("loss", (1.0, 1.004), "loss 1.004, less than 1 percent worse than best"),
        ("loss", (1.0, 1.006), "loss 1.006, 1 percent worse than best"),
        ("loss", (0.0, 0.5), "loss 0.5, worse than best"),
        ("loss", (-2.0, -1.0), "loss -1, 50 percent worse than best"),
        ("accuracy", (0.5, 0.6), "accuracy 0.6, best so far"),
        ("accuracy", (0.8, 0.6), "accuracy 0.6, 25 percent worse than best"),
        ("loss", (1.0, math.nan), "loss is NaN"),
        ("loss", (1.0, math.inf), "loss is infinite"),
        ("grad_norm", (1.0, 0.5), "grad_norm 0.5"),
    ],
)
def test_a_value_is_told_against_the_best(
    name: str,
    values: tuple[float, float],
    told: str,
) -> None:
    """Better, level, worse by how much, or nothing to compare with."""
    cue = play_one(name, *values)[1]

    assert cue_sentence(cue) == f"Epoch 2: {told}"


@pytest.mark.parametrize(
    "values",
    [(0.1, 1e20), (1e-300, 1e300), (5e-324, 1.0), (-1.7e308, 1.7e308)],
)
def test_an_explosion_is_told_in_a_short_line(values: tuple[float, float]) -> None:
    """A diverging loss is not told in twenty digits, and never `inf%`."""
    line = cue_sentence(play_one("loss", *values)[1])

    assert not re.search(r"\d{6}|inf", line)
    assert "worse than best" in line


def test_an_epoch_without_metrics_says_so() -> None:
    """A line never ends in nothing."""
    (cue,) = play({})

    assert cue_sentence(cue) == "Epoch 1: nothing to hear"


@pytest.mark.parametrize(
    ("epoch", "last_epoch", "where"),
    [
        (0, 0, "at epoch 1, the last"),
        (9, 9, "at epoch 10, the last"),
        (4, 5, "at epoch 5, 1 before the last"),
        (4, 14, "at epoch 5, 10 before the last"),
    ],
)
def test_the_best_epoch_is_placed(epoch: int, last_epoch: int, where: str) -> None:
    """It is told how long before the last epoch the best one was."""
    line = best_sentence("val_loss", At(epoch), 0.25, At(last_epoch))

    assert line == f"Best val_loss: 0.25 {where}"


def test_files_are_listed_with_their_directory() -> None:
    """Where they are and what they are called stand in one line."""
    line = files_sentence("run", ["training.wav", "loss.wav", "score.csv"])

    assert line == "Sound files in run: training.wav, loss.wav, score.csv"


@pytest.mark.parametrize(("dropped", "start"), [(1, "1 cue was"), (3, "3 cues were")])
def test_cues_that_were_left_out_are_owned_up_to(dropped: int, start: str) -> None:
    """One or several, in good English."""
    assert dropped_sentence(dropped).startswith(f"{start} not played live")


def _window(value: float, *spikes: float) -> Point:
    """Return a window of 64 steps around a value, with a noise of eight percent."""
    spread = (0.9 * value, 1.1 * value)
    placed = tuple((1200 + place, each) for place, each in enumerate(spikes))
    reach = Reach(value, ((1199, value),), 0, spread, placed, 64)
    return Point(1100, 64, At(0, 1137), At(0, 1200), {"loss": reach}, steps=64)


def _told(value: float, best: float | None, *spikes: float) -> str:
    """Return what is told of a window of steps."""
    reading = Reading(
        metric=Metric.named("loss"),
        value=value,
        best=best,
        is_best=best is None or value < best,
        reach=_window(value, *spikes).reaches["loss"],
    )
    cue = Cue(epoch=0, step=1200, readings=(reading,))
    return cue_sentence(cue, Plan(1, 5000))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (_told(2.31, 2.4), "loss 2.31, best so far"),
        (_told(2.31, 2.3), "loss 2.31, level with best"),
        (_told(2.31, 2.1), "loss 2.31, 10 percent worse than best"),
        (_told(2.31, 2.4, 7.3), "loss 2.31, best so far, spike 7.3"),
        (_told(2.31, 2.3, 4.0, 7.3), "loss 2.31, level with best, 2 spikes up to 7.3"),
    ],
)
def test_a_window_of_steps_is_told_by_its_last(line: str, told: str) -> None:
    """Out of how many; what chance alone may do is not called worse."""
    assert line == f"Step 1200 of 5000, epoch 1 of 1: {told}"


def test_a_spike_is_told_once() -> None:
    """With the value of its metric; that of one which is silent by its event."""
    spike = Event(kind="spike", epoch=0, step=1190, text="loss 7.3 stands far out")
    noise = Event(
        kind="spike", epoch=0, step=1199, text="that is the noise of this run"
    )
    reading = Reading(
        metric=Metric.named("loss"),
        value=2.3,
        best=2.4,
        is_best=True,
        reach=_window(2.3, 7.3).reaches["loss"],
    )
    reach = Reach(7.3, (), 0, spikes=((1200, 7.3),))
    alone = Reading(
        metric=reading.metric, value=7.3, best=2.4, is_best=False, reach=reach
    )

    told, lonely, silent, noisy = (
        spoken_sentence(Cue(epoch=0, step=1200, readings=readings, happened=(event,)))
        for readings, event in (
            ((reading,), spike),
            ((alone,), spike),
            ((), spike),
            ((reading,), noise),
        )
    )

    start = "Step 1200, epoch 1: "
    assert told == f"{start}loss 2.3, best so far, spike 7.3 at step 1190"
    assert lonely == f"{start}loss spike 7.3 at step 1190"
    assert silent == f"{start}loss 7.3 stands far out"
    assert noisy.endswith("best so far, spike 7.3. that is the noise of this run")


def test_points_have_names() -> None:
    """An epoch, several of them, and a window of steps, by its last."""
    several = Point(100, 4, At(100), At(103), {})

    assert (point_name(several), point_name(_window(2.0))) == ("101 to 104", "1200")
    assert point_title(several, Plan(5000)) == "Epochs 101 to 104 of 5000"
    assert point_title(_window(2.0)) == "Step 1200, epoch 1"


def test_what_was_not_heard_is_in_the_files_by_its_name() -> None:
    """Epochs, or steps."""
    assert dropped_sentence(1).endswith("the files hold all epochs")
    assert dropped_sentence(2, STEPS).endswith("the files hold all steps")


def test_ends_are_told_in_steps() -> None:
    """Where it was, and where its best value, out of how many."""
    end, plan = At(0, 5000), Plan(1, 5000)

    assert ending_sentence("finished", end, plan) == (
        "Training finished after step 5000 of 5000, epoch 1 of 1"
    )
    assert died_sentence(end, plan) == (
        "Training died after step 5000 of 5000, epoch 1 of 1: its program is gone."
    )
    assert best_sentence("val_loss", At(0, 4500), 1.9, end) == (
        "Best val_loss: 1.9 at step 4500, 500 before the last"
    )
