"""Which of two runs is ahead: told when it changes, and not for noise."""

import itertools
import math
import random
from collections.abc import Sequence

import pytest
from other_runs import history_of, last_time

from keras_sonify.rules import StepWatch, Watch
from keras_sonify.training.against import OtherRun
from keras_sonify.training.axis import At
from keras_sonify.training.events import Event
from keras_sonify.training.history import History
from keras_sonify.training.points import Window

_FALL = [0.3 + math.exp(-k / 15) for k in range(100)]


def _told(
    own: Sequence[float], other: Sequence[float], name: str = "val_loss"
) -> list[Event]:
    watch = Watch(None, name, other=last_time(None, **{name: other}))
    rows = history_of(**{name: own}).rows(len(own))
    happened = itertools.chain(*(watch.check(at, values) for at, values in rows))
    return [event for event in happened if event.kind in ("ahead", "behind")]


def _crossing(*places: int) -> list[float]:
    """Return a run that is behind the usual one, then crosses it at each place."""
    side, run = 0.01, []
    for k, value in enumerate(_FALL):
        distance = min((k - place for place in places if place <= k), default=k - 50)
        side = -side if k in places else side
        run.append(value * (1.0 + side * min(abs(distance), 10)))
    return run


@pytest.mark.parametrize(
    ("places", "kinds"),
    [((), []), ((30,), ["ahead"]), ((30, 60), ["ahead", "behind"])],
)
def test_a_change_of_the_lead_is_told_with_its_place(
    places: Sequence[int], kinds: Sequence[str]
) -> None:
    """Within five epochs, and where it came within one."""
    told = _told(_crossing(*places), _FALL)

    assert [event.kind for event in told] == kinds
    for place, event in zip(places, told, strict=True):
        assert place <= event.epoch <= place + 5
        since = [f"last time since epoch {place + 1 + off}:" for off in (0, 1)]
        assert any(each in event.text for each in since)


def test_what_is_higher_is_ahead_where_higher_is_better() -> None:
    """An accuracy that overtakes is not called behind."""
    own = [0.4 + 0.01 * k for k in range(30)]
    (event,) = _told(own, [0.55] * 30, "accuracy")

    assert event.kind == "ahead"
    assert event.text.startswith("ahead of last time since epoch 17: accuracy ")
    assert event.text.endswith(", there 0.55")


@pytest.mark.parametrize("deviation", [0.0, 0.003, 0.03, 0.3])
def test_two_runs_that_differ_by_noise_alone_take_no_lead(deviation: float) -> None:
    """However loud it is, in thirty runs of a hundred epochs."""
    chance = random.Random(1)

    def noisy() -> list[float]:
        return [v * math.exp(chance.gauss(0.0, deviation)) for v in _FALL]

    assert [_told(noisy(), noisy()) for _ in range(30)] == [[]] * 30


def test_who_was_ahead_from_the_beginning_has_not_taken_the_lead() -> None:
    """Each epoch says that; but it is told when the lead is lost."""
    better = [0.9 * value for value in _FALL]

    assert _told(better, _FALL) == _told(_FALL, better) == []
    lost = [*better[:50], *(1.1 * value for value in _FALL[50:])]
    assert [event.kind for event in _told(lost, _FALL)] == ["behind"]


def test_values_that_are_no_numbers_change_no_lead() -> None:
    """Neither here nor there: that is told otherwise."""
    gone = [*_FALL[:40], *[math.nan] * 60]

    assert _told(gone, _FALL) == _told(_FALL, gone) == []


def test_the_lead_is_that_of_validation_once_it_comes() -> None:
    """Where the loss is ahead and the validation loss behind, it is behind."""
    late = [None] * 10
    own = history_of(loss=_crossing(40), val_loss=[*late, *_FALL[10:]])
    other = last_time(loss=_FALL, val_loss=[*late, *_crossing(40)[10:]])
    watch = Watch(other=other)
    rows = own.rows(100)
    happened = itertools.chain(*(watch.check(at, values) for at, values in rows))

    kinds = [e.kind for e in happened if e.kind in ("ahead", "behind")]
    assert kinds == ["behind"]


def test_steps_take_the_lead_by_medians() -> None:
    """Batches that cross all the time are but noise; a lead beyond it is told."""
    chance = random.Random(2)

    def noisy(gain: float) -> History:
        history = History()
        for step in range(1, 8001):
            trend = 2.0 - (gain if step > 4000 else 0.0)
            loss = trend * math.exp(chance.gauss(0.0, 0.2))
            history.append(step, {"loss": loss}, Window(0))
        return history

    for gain, kinds in ((0.0, []), (0.4, ["ahead"])):
        own, other = noisy(gain), OtherRun("baseline", noisy(0.0))
        watch = StepWatch(other=other)
        happened = [
            event.kind
            for step, values in own.rows(8000)
            for event in watch.check(At(0, step), values, Window(0), is_noisy=False)
        ]
        assert [kind for kind in happened if kind in ("ahead", "behind")] == kinds
