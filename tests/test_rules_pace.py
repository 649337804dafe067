"""Rules for the pace: oscillation, learning rate, new best; and what comes first."""

import math
from typing import Any

import pytest
from happenings import Column, epochs_of, falling, noise, swinging, tell

from keras_sonify.rules import Rules, Watch
from keras_sonify.training.events import EVENT_KINDS, Event, by_importance

_NAN = math.nan


def test_oscillation_is_told_when_a_window_is_full_and_once() -> None:
    """Twenty epochs with a fall of 0.05 in every second: told in the last of them."""
    events = tell(loss=falling(60), accuracy=swinging(60))

    assert [(e.kind, e.epoch, e.text) for e in events] == [
        ("oscillation", 19, "training accuracy swings from epoch to epoch"),
    ]


def test_an_accuracy_in_percent_swings_by_percents() -> None:
    """By 5 of 100 it swings; by half of one it stands still."""
    told = [
        epochs_of(
            "oscillation",
            tell(loss=falling(60), accuracy=[100 * v for v in swinging(60, by=by)]),
        )
        for by in (0.05, 0.005)
    ]

    assert told == [[19], []]


def test_oscillation_is_told_whenever_it_begins() -> None:
    """A training that swings after a calm time is told of within a window."""
    accuracy = [0.8] * 40 + swinging(40)

    (epoch,) = epochs_of("oscillation", tell(loss=falling(80), accuracy=accuracy))

    assert 40 < epoch < 60


def test_without_an_accuracy_the_loss_swings() -> None:
    """Swings of a tenth of its range are told; the validation loss is none of it."""
    loss = [2.0, *(1.0 + 0.1 * (k % 2) for k in range(30))]

    assert epochs_of("oscillation", tell(loss=loss)) == [19]
    assert epochs_of("oscillation", tell(loss=falling(31), val_loss=loss)) == []


@pytest.mark.parametrize(
    ("loss", "accuracy"),
    [
        pytest.param(falling(60), swinging(60, by=0.02), id="small"),
        pytest.param(falling(60), swinging(60, every=7, by=0.2), id="rare"),
        pytest.param(falling(60), noise(60, 0.9, 0.005), id="noise"),
        pytest.param(falling(60), [0.5 + k / 200 for k in range(60)], id="rising"),
        pytest.param(falling(60), [0.9 - k / 200 for k in range(60)], id="falling"),
        pytest.param([1.0] * 60, None, id="constant"),
        pytest.param(noise(60, 1.0, 1e-3), None, id="noise of a loss that is stuck"),
        pytest.param(
            falling(20) + noise(40, 0.24, 1e-3), None, id="noise of a plateau"
        ),
        pytest.param(swinging(19), None, id="nineteen epochs"),
    ],
)
def test_what_is_no_oscillation(
    loss: list[float],
    accuracy: list[float] | None,
) -> None:
    """Small, rare and one-way moves are none."""
    columns: dict[str, Any] = {"loss": loss}
    if accuracy:
        columns["accuracy"] = accuracy

    assert epochs_of("oscillation", tell(**columns)) == []


@pytest.mark.parametrize("name", ["learning_rate", "lr"])
def test_a_lower_learning_rate_is_told(name: str) -> None:
    """Each drop after two epochs without a change, by the name old logs have, too."""
    columns: dict[str, Any] = {name: [1e-3] * 4 + [1e-4] * 2 + [5e-5] * 6}

    events = tell(loss=falling(12), **columns)

    assert [(e.epoch, e.text) for e in events] == [
        (4, "learning rate lowered from 0.001 to 0.0001"),
        (6, "learning rate lowered from 0.0001 to 5e-05"),
    ]


def test_a_schedule_is_told_when_it_begins() -> None:
    """That a rate which falls every second epoch will go on falling is known then."""
    rates: Column = [1e-3 * 0.8 ** (k // 2) for k in range(20)]

    events = tell(loss=falling(20), learning_rate=rates)

    assert epochs_of("learning_rate", events) == [2]


@pytest.mark.parametrize(
    "rates",
    [
        pytest.param([1e-3 * 0.8**k for k in range(20)], id="every epoch"),
        pytest.param([1e-3] * 10 + [0.95e-3] * 10, id="by 5 %"),
        pytest.param([1e-4] * 10 + [1e-3] * 10, id="raised"),
        pytest.param([1e-4 * k for k in range(20)], id="warm-up"),
        pytest.param([1e-3, 1e-4, *[1e-4] * 18], id="at the beginning"),
        pytest.param([None, 1e-3, _NAN, None] * 5, id="absent"),
        pytest.param([0.0] * 20, id="zero"),
    ],
)
def test_what_is_no_drop(rates: Column) -> None:
    """A schedule that lowers it every epoch is no news, and small steps are none."""
    events = tell(loss=falling(20), learning_rate=rates)

    assert epochs_of("learning_rate", events) == []


def test_a_new_best_is_told_every_eleventh_epoch_at_most() -> None:
    """However long it improves, soft news must stay rare, and early it is none."""
    events = tell(loss=[1.0] * 40, val_loss=falling(40))

    assert epochs_of("best", events) == [10, 21, 32]
    assert events[-1].sentence == "Epoch 33: val_loss 0.06867 is the best so far"


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([1.0] * 40, id="constant"),
        pytest.param([1.0 - 1e-6 * k for k in range(40)], id="tiny gains"),
        pytest.param([0.5, *noise(39, 1.0, 0.05)], id="never again"),
        pytest.param([0.5, *[_NAN] * 39], id="lost"),
        pytest.param(falling(10), id="early"),
    ],
)
def test_what_is_no_new_best(values: list[float]) -> None:
    """Less than 1e-4 of the first value is no gain."""
    assert epochs_of("best", tell(loss=[1.0] * len(values), val_loss=values)) == []


def test_small_gains_add_up_to_a_new_best() -> None:
    """What creeps downwards for long is told of, too."""
    events = tell(loss=[1.0] * 40, val_loss=[1.0 - 4e-5 * k for k in range(40)])

    assert len(epochs_of("best", events)) >= 2


def test_best_is_best_in_the_metric_s_own_direction() -> None:
    """An accuracy gets better upwards, unless someone knows better."""
    rising = [k / 40 for k in range(40)]

    up = tell(monitor="val_accuracy", loss=[1.0] * 40, val_accuracy=rising)
    down = tell(monitor="val_accuracy", loss=[1.0] * 40, val_accuracy=rising[::-1])
    watch = Watch(monitor="score", directions={"score": "min"})
    told = [e for k in range(40) for e in watch.check(k, {"score": 40.0 - k})]

    assert epochs_of("best", up) == [10, 21, 32]
    assert epochs_of("best", down) == []
    assert epochs_of("best", told) == [10, 21, 32]


def test_rules_of_one_s_own_change_the_pace() -> None:
    """Each of these rules goes by its threshold."""
    rules = Rules(plateau_epochs=3, best_pause=2, swing=0.5, learning_rate_drop=0.95)

    events = tell(
        rules=rules,
        loss=[*falling(11), *[0.7] * 9],
        val_loss=[*falling(11), *[0.7] * 9],
        accuracy=swinging(20),
        learning_rate=[1e-3] * 2 + [1e-4] * 18,
    )

    assert epochs_of("plateau", events) == [14]
    assert epochs_of("best", events) == [2, 5, 8]
    assert epochs_of("oscillation", events) == []
    assert epochs_of("learning_rate", events) == []


def test_the_by_importance_of_several_sounds() -> None:
    """Of all kinds at once it is NaN; each kind gives way to those before it."""
    events = tuple(Event(kind=kind, epoch=3, text="") for kind in EVENT_KINDS)

    assert by_importance(events[::-1]) == list(events)
    assert by_importance(()) == []
    assert EVENT_KINDS[0] == "nan_loss"
    assert EVENT_KINDS[-1] == "best"
