"""What is told of real trainings: each kind of run has its event, and no other's.

The rules' thresholds were tuned on these logs among others: this table keeps them, it
does not prove them. `trainings/make_trainings.py` says what makes a kind.
"""

import math
from functools import cache
from pathlib import Path
from statistics import median

import pytest

from keras_sonify import read_log
from keras_sonify.rules import Watch
from keras_sonify.training.events import Event, EventKind

_LOGS = sorted((Path(__file__).parent / "trainings").glob("*.csv"))

# The event that a run of a kind must have.
_EVENTS: dict[str, EventKind] = {
    "overfitting": "overfitting",
    "diverged": "divergence",
    "stuck": "stuck",
    "nan": "nan_loss",
    "plateau": "plateau",
    "oscillating": "oscillation",
}

# The kinds of runs of which an event may be told, where it is not those of one kind:
# what turns NaN may explode before, small networks at high rates do many things.
_ALSO: dict[EventKind, set[str]] = {
    "divergence": {"nan"},
    "overfitting": {"oscillating"},
    "plateau": {"overfitting", "diverged", "oscillating"},
    "oscillation": {"overfitting"},
}


@cache
def _told(log: Path) -> tuple[Event, ...]:
    watch = Watch()
    return tuple(e for k, values in read_log(log) for e in watch.check(k, values))


def _kind(log: Path) -> str:
    return log.stem.rsplit("_", 1)[0]


def _of(*kinds: str) -> list[Path]:
    return [log for log in _LOGS if _kind(log) in kinds]


def _epochs(log: Path, kind: EventKind) -> list[int]:
    return [event.epoch for event in _told(log) if event.kind == kind]


def test_there_are_trainings_of_each_kind() -> None:
    """At least six of each, converging ones among them."""
    for kind in [*_EVENTS, "converging"]:
        assert len(_of(kind)) >= 6


@pytest.mark.parametrize("log", _of(*_EVENTS), ids=lambda log: log.stem)
def test_a_run_has_the_event_of_its_kind(log: Path) -> None:
    """It is told in every one of them."""
    assert _epochs(log, _EVENTS[_kind(log)])


@pytest.mark.parametrize("log", _LOGS, ids=lambda log: log.stem)
def test_a_run_has_no_other_kind_s_event(log: Path) -> None:
    """No false alarm: nothing is told of it that its kind does not explain."""
    for kind, event in _EVENTS.items():
        if _kind(log) not in {kind, *_ALSO.get(event, ())}:
            assert _epochs(log, event) == []


@pytest.mark.parametrize("log", _of("converging"), ids=lambda log: log.stem)
def test_of_a_run_that_goes_well_only_new_bests_are_told(log: Path) -> None:
    """Who hears anything else would look up for nothing."""
    assert {event.kind for event in _told(log)} <= {"best"}


@pytest.mark.parametrize("log", _of("nan"), ids=lambda log: log.stem)
def test_nan_is_told_in_the_epoch_in_which_it_appears(log: Path) -> None:
    """A loss that is not finite is told at once, each loss once."""
    first: dict[str, int] = {}
    for epoch, values in read_log(log):
        for name in ("loss", "val_loss"):
            if not math.isfinite(values[name]):
                first.setdefault(name, epoch)

    told = _epochs(log, "nan_loss")

    assert told[0] == min(first.values())
    assert set(told) <= set(first.values())
    assert len(told) <= len(first)


@pytest.mark.parametrize("log", _of("plateau"), ids=lambda log: log.stem)
def test_a_plateau_after_learning_is_not_stuck(log: Path) -> None:
    """It is told when the loss has fallen by a fifth or more, of what has learnt."""
    losses = [values["loss"] for _, values in read_log(log)]

    (first, *_) = _epochs(log, "plateau")

    assert losses[first] < 0.8 * losses[0]
    assert _epochs(log, "stuck") == []


@pytest.mark.parametrize("log", _of("overfitting"), ids=lambda log: log.stem)
def test_overfitting_is_told_when_it_has_begun(log: Path) -> None:
    """In no epoch that is the best one so far, and before half of the rise is over."""
    val_losses = [values["val_loss"] for _, values in read_log(log)]

    told = _epochs(log, "overfitting")

    assert all(val_losses[epoch] > min(val_losses[:epoch]) for epoch in told)
    best = val_losses.index(min(val_losses))
    after_best = [epoch for epoch in told if epoch > best]
    assert not after_best or after_best[0] - best <= (len(val_losses) - best) / 2


def test_events_are_rare() -> None:
    """Besides new bests at most three a run in the median, and in no run over five."""
    counts = [sum(event.kind != "best" for event in _told(log)) for log in _LOGS]

    assert median(counts) <= 3
    assert max(counts) <= 5
