"""Where the rules' thresholds lie: just on this side, and just beyond."""

import math

import pytest
from happenings import epochs_of, falling, tell

from keras_sonify.rules.stall import Stall


def test_a_steady_rise_diverges_if_it_is_fast_enough() -> None:
    """At three times the best, ten epochs of this one brought two fifths of the rise.

    Of one half as fast they bring a fifth: that creeps.
    """
    fast, slow = (
        [1.0, *(0.5 + step * k for k in range(60))] for step in (0.048, 0.024)
    )

    assert epochs_of("divergence", tell(loss=fast)) == [23]
    assert epochs_of("divergence", tell(loss=slow)) == []


def test_of_losses_that_go_at_once_training_is_named() -> None:
    """Whatever their order in the log: validation only follows it."""
    (event,) = tell(val_loss=[1.0, math.nan], loss=[1.0, math.nan])

    assert event.text == "loss is NaN"


def test_a_flat_top_is_a_swing() -> None:
    """An accuracy that stays low for two epochs has swung as one that turns at once."""
    accuracy = [0.8, 0.8, 0.75, 0.75] * 5

    events = tell(loss=falling(20), accuracy=accuracy)

    assert epochs_of("oscillation", events) == [19]


@pytest.mark.parametrize(("rate", "told"), [(0.9, [5]), (0.901, [])])
def test_a_tenth_less_is_a_lower_learning_rate(rate: float, told: list[int]) -> None:
    """Exactly a tenth is enough."""
    events = tell(loss=falling(9), learning_rate=[1.0] * 5 + [rate] * 4)

    assert epochs_of("learning_rate", events) == told


@pytest.mark.parametrize(("length", "limit"), [(100.0, 300.0), (1.0, 60.0)])
def test_three_epochs_of_silence_are_a_stall(length: float, limit: float) -> None:
    """At least a minute; told once, and again after another epoch."""
    stall = Stall()
    assert stall.check(1e9) is None  # nothing has come that could stop
    for epoch in range(3):
        stall.heard(epoch * length)
    last = 2 * length

    assert stall.check(last + limit - 0.1) is None
    assert stall.check(last + limit) == f"Nothing new for {limit:.0f} seconds: stalled?"
    assert stall.check(last + 2 * limit) is None

    stall.heard(last + length)
    assert stall.check(last + length + limit) is not None
