"""A run that is held against another one: what that had at the same place."""

import math

import pytest
from other_runs import history_of, last_time

from keras_sonify.training.against import OtherRun
from keras_sonify.training.axis import At
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Window


def _steps(*, per_epoch: int = 10) -> OtherRun:
    """Return a run of 30 steps whose loss is the step; step 12 is a spike."""
    history = History()
    for step in range(1, 31):
        ends = step % per_epoch == 0
        spikes = frozenset(["loss"] if step == 12 else [])
        epoch = (step - 1) // per_epoch
        window = Window(epoch, spikes=spikes, ends_epoch=ends)
        values = {"loss": float(step)}
        if ends:
            values |= {"val_loss": 100.0 + epoch, "epoch_loss": 200.0 + epoch}
        history.append(step, values, window)
    return OtherRun("baseline", history)


@pytest.mark.parametrize(
    ("epoch", "name", "value"),
    [(1, "loss", 0.5), (1, "val_loss", 2.0), (2, "val_loss", 1.5), (9, "loss", 0.25)],
)
def test_an_epoch_has_the_value_that_the_other_run_had_by_then(
    epoch: int, name: str, value: float
) -> None:
    """What does not come in each epoch, and what comes no more, keeps its last one."""
    other = last_time(loss=[1.0, 0.5, 0.25], val_loss=[2.0, None, 1.5])
    assert other.value_at(name, At(epoch)) == value


def test_what_the_other_run_does_not_have_has_no_value() -> None:
    """Neither a metric that it lacks, nor one that came later there, is made up."""
    other = last_time(loss=[1.0, 0.5], val_loss=[None, 1.5])
    assert other.value_at("accuracy", At(1)) is None
    assert other.value_at("val_loss", At(0)) is None
    assert other.value_at("train_loss", At(0)) == 1.0  # called otherwise


def test_a_value_that_was_no_number_is_told_as_such() -> None:
    """NaN is not passed over for an older value: the other run had blown up."""
    other = last_time(loss=[1.0, math.nan])
    assert math.isnan(other.value_at("loss", At(1)) or 0.0)


@pytest.mark.parametrize(
    ("at", "since", "value"),
    [
        (At(0, 7), None, 7.0),
        (At(0, 8), 2, 5.5),  # the median of steps 3 to 8
        (At(1, 12), None, 11.0),  # never that of a spike
        (At(9, 999), None, 30.0),
        (At(9, 999), 900, 30.0),
    ],
)
def test_a_step_has_the_median_of_the_same_steps(
    at: At, since: int | None, value: float
) -> None:
    """A window is held against the same window, a step against the last one by then."""
    assert _steps().value_at("loss", at, since=since) == value


def test_where_one_run_is_in_epochs_places_arelast_time() -> None:
    """An epoch is held against what was told of that epoch, not against a batch."""
    steps, epochs = _steps(), last_time(loss=[1.0, 0.5, 0.25])
    assert steps.value_at("loss", At(1)) == 201.0
    assert steps.value_at("val_loss", At(2)) == 102.0
    assert epochs.value_at("loss", At(1, 700), since=650) == 0.5


@pytest.mark.parametrize(
    ("other", "at", "is_over"),
    [
        (last_time(loss=[1.0, 0.5]), At(1), False),
        (last_time(loss=[1.0, 0.5]), At(2), True),
        (last_time(loss=[1.0, 0.5]), At(1, 9999), False),
        (_steps(), At(0, 31), True),
        (_steps(), At(2), False),
        (_steps(), At(3), True),
    ],
)
def test_it_is_known_where_the_other_run_ends(
    other: OtherRun, at: At, *, is_over: bool
) -> None:
    """Counted on the axis that both share."""
    assert other.is_over_at(at) is is_over


def test_the_best_of_the_other_run_is_told_with_its_place() -> None:
    """In steps it is that of a part of the run, not of its luckiest batch."""
    accuracy = last_time(accuracy=[0.1, 0.9, 0.5]).best(Metric.named("accuracy"))
    assert accuracy == (At(1), 0.9)
    assert last_time(loss=[1.0]).best(Metric.named("accuracy")) is None
    best = _steps().best(Metric.named("loss"))
    assert best is not None
    assert best[1] > 1.0


def test_a_metric_that_improves_the_other_way_there_is_known() -> None:
    """By what its record says; without a word there is nothing to oppose."""
    history = history_of(score=[1.0])
    score = Metric.named("score", {"score": "max"})
    assert OtherRun("other", history, {"score": "min"}).opposes(score)
    assert not OtherRun("other", history, {"score": "max"}).opposes(score)
    assert not OtherRun("other", history).opposes(score)
