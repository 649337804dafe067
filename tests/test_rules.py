"""Rules: NaN, divergence, and what holds for all of them."""

import math
from typing import Any

import pytest
from happenings import RISING, epochs_of, falling, tell
from hypothesis import given
from hypothesis import strategies as st

from keras_sonify.rules import Rules, Watch

_NAN, _INF = math.nan, math.inf


@pytest.mark.parametrize("wrong", [_NAN, _INF, -_INF], ids=repr)
@pytest.mark.parametrize("name", ["loss", "val_loss"])
@pytest.mark.parametrize("epoch", [0, 1, 12])
def test_nan_is_told_in_its_epoch_and_once(
    epoch: int,
    name: str,
    wrong: float,
) -> None:
    """Whenever a loss goes, it is told at once, and not again while it lasts."""
    runs: dict[str, Any] = {"loss": falling(20), "val_loss": falling(20)}
    runs[name] = [*falling(20)[:epoch], *[wrong] * (20 - epoch)]

    events = tell(**runs)

    assert epochs_of("nan_loss", events) == [epoch]
    assert epochs_of("nan_metric", events) == []


def test_each_loss_is_told_once() -> None:
    """Validation may go first and training later: two alarms, however it goes on."""
    events = tell(
        loss=[1.0, 0.9, 0.8, 0.7, _NAN, 0.7, _NAN],
        val_loss=[1.0, 0.9, _INF, 0.8, 0.8, _NAN, _NAN],
    )

    assert [(e.epoch, e.text) for e in events if e.kind == "nan_loss"] == [
        (2, "val_loss is infinite"),
        (4, "loss is NaN"),
    ]


def test_what_follows_a_lost_loss_is_no_news() -> None:
    """When the training loss has gone, no other value's loss is an alarm of its own."""
    events = tell(
        loss=[1.0, 0.9, _NAN, _NAN],
        val_loss=[1.0, 0.9, 0.8, _NAN],
        mae=[1.0, 0.9, _NAN, _NAN],
    )

    assert [(e.epoch, e.text) for e in events] == [(2, "loss is NaN")]


def test_losses_of_a_gan_count_where_there_is_no_loss() -> None:
    """Any of them that goes is an alarm; beside a `loss` they are metrics."""
    good, bad = [-1.0, -2.0, -3.0], [0.5, _NAN, _NAN]

    alone = tell(d_loss=good, g_loss=bad)
    beside = tell(loss=good, g_loss=bad)

    assert [(e.kind, e.epoch) for e in alone] == [("nan_loss", 1)]
    assert [(e.kind, e.epoch) for e in beside] == [("nan_metric", 1)]


def test_another_metric_is_told_softly_and_once() -> None:
    """NaN in a metric while the losses are fine is one event of a kind of its own."""
    events = tell(
        loss=falling(6), dice=[0.1, _NAN, 0.3, _NAN, 0.4, 0.5], auc=[_NAN] * 6
    )

    assert [(e.kind, e.epoch, e.text) for e in events] == [
        ("nan_metric", 0, "auc is NaN"),
    ]


def test_absent_is_not_nan() -> None:
    """An epoch that was not validated has no `val_loss`, which is no alarm."""
    events = tell(loss=falling(9), val_loss=[None, None, 1.0] * 3)

    assert events == []


def test_divergence_is_told_after_two_epochs() -> None:
    """Above the first loss and three times the best, twice: told then, and once."""
    loss = [1.0, 0.8, 0.6, 1.9, 2.5, 4.0, 9.0, 30.0, 30.0, 30.0]

    events = tell(loss=loss)

    assert [(e.kind, e.epoch) for e in events] == [("divergence", 4)]
    assert events[0].sentence == (
        "Epoch 5: training loss 2.5, best was 0.6 at epoch 3: diverging"
    )


def test_divergence_is_armed_again_by_a_new_best() -> None:
    """A run that recovers and blows up once more is told of twice."""
    blown_up = [9.0] * 4

    events = tell(loss=[1.0, 0.5, *blown_up, 0.6, *blown_up, 0.4, *blown_up])

    assert epochs_of("divergence", events) == [3, 13]


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param([1.0, 0.5, 50.0, 0.5, 0.4, 60.0, 0.4], id="spikes"),
        pytest.param([9.0, 1.0, 4.0, 4.0, 5.0, 8.0, 8.9], id="below the first"),
        pytest.param([1.0, 0.9, 1.5, 2.0, 2.6, 2.6, 2.6], id="below three times"),
        pytest.param([1e-6, 9e-7, 2e-6, 2e-6, 1e-6], id="small"),
        pytest.param([0.25 + 0.006 * k for k in range(99)], id="creeping"),
        pytest.param([-0.5, -0.9, -0.4, -0.1, 0.2, 1.0], id="negative"),
        pytest.param([0.0] * 8, id="zero"),
    ],
)
def test_what_does_not_diverge(loss: list[float]) -> None:
    """Spikes, set-backs, small and negative losses are no explosion."""
    assert epochs_of("divergence", tell(loss=loss)) == []


def test_validation_alone_does_not_diverge() -> None:
    """However high the validation loss, training may go on well."""
    events = tell(loss=falling(12), val_loss=[1.0, 0.5, *[80.0] * 10])

    assert epochs_of("divergence", events) == []


def test_a_negative_loss_may_diverge() -> None:
    """A dice loss that leaves its range is an explosion."""
    events = tell(loss=[-0.5, -0.9, 5.0, 9.0])

    assert epochs_of("divergence", events) == [3]


@pytest.mark.parametrize("first", [0, 7, 1000])
def test_epochs_are_those_of_keras(first: int) -> None:
    """A training that begins at another epoch is told of in its own epochs."""
    events = tell(first=first, loss=falling(20), val_loss=[*RISING[:19], _NAN])

    assert [(e.kind, e.epoch - first) for e in events] == [
        ("overfitting", 13),
        ("nan_loss", 19),
    ]
    assert f"best 1.1 at epoch {first + 10}" in events[0].text


@given(
    st.lists(
        st.tuples(*[st.one_of(st.floats(-10, 10), st.just(_NAN))] * 2),
        min_size=1,
        max_size=40,
    ),
    st.integers(-60, 60),
)
def test_scale_does_not_matter(rows: list[tuple[float, float]], power: int) -> None:
    """Whatever the losses are multiplied by, the same is told in the same epochs."""
    # Smallest values vanish in a product; powers of two round nothing.
    loss, val_loss = (
        [value if abs(value) > 1e-100 else 0.0 * value for value in column]
        for column in zip(*rows, strict=True)
    )

    as_it_is = tell(loss=loss, val_loss=val_loss)
    scaled = tell(
        loss=[value * 2.0**power for value in loss],
        val_loss=[value * 2.0**power for value in val_loss],
    )

    assert [(e.kind, e.epoch) for e in as_it_is] == [(e.kind, e.epoch) for e in scaled]


@given(st.lists(st.tuples(st.floats(), st.floats(), st.floats()), max_size=40))
def test_any_values_are_borne(rows: list[tuple[float, float, float]]) -> None:
    """Whatever the values, rules raise nothing and leave them as they are."""
    watch = Watch()

    for epoch, (loss, val_loss, rate) in enumerate(rows):
        values = {"loss": loss, "val_loss": val_loss, "learning_rate": rate}
        before = repr(values)
        events = watch.check(epoch, values)
        assert repr(values) == before
        assert all(event.text for event in events)


@pytest.mark.parametrize("name", Rules.__dataclass_fields__)
@pytest.mark.parametrize("value", [0, -1, -0.5, _NAN, _INF, "3", None, True], ids=repr)
def test_a_threshold_must_be_a_positive_number(name: str, value: object) -> None:
    """What no rule can work with is refused, with the argument's name."""
    with pytest.raises(ValueError, match=f"`{name}` must be a positive"):
        Rules(**{name: value})  # type: ignore[arg-type] # on purpose


@pytest.mark.parametrize(
    "name",
    ["overfitting_epochs", "plateau_epochs", "best_pause"],
)
def test_epochs_are_counted_in_integers(name: str) -> None:
    """Half an epoch is no epoch."""
    with pytest.raises(ValueError, match=f"`{name}` must be a positive integer"):
        Rules(**{name: 2.5})  # type: ignore[arg-type] # on purpose


def test_thresholds_are_used() -> None:
    """With thresholds of one's own it is told sooner, or never."""
    columns: dict[str, Any] = {"loss": falling(20), "val_loss": RISING}

    soon = tell(**columns, rules=Rules(overfitting_epochs=1))
    never = tell(**columns, rules=Rules(overfitting_rise=5.0))

    assert epochs_of("overfitting", soon) == [12]
    assert epochs_of("overfitting", never) == []
