"""What a metric did in a window of steps: its trend, its noise and its spikes apart."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from keras_sonify.training.history import History
from keras_sonify.training.points import Reach, Window
from keras_sonify.training.reaches import window_reach

_FINITE = st.floats(allow_nan=False, allow_infinity=False)


def _reach(values: list[float]) -> Reach:
    return window_reach([*enumerate(values)], [None] * len(values), (), len(values))


@pytest.mark.parametrize("fall", [0.0, 0.2, 0.5])
def test_the_trend_within_a_window_is_no_noise(fall: float) -> None:
    """The spread is that of the steps around their fall, to a tenth of it."""
    chance = np.random.default_rng(3)
    noise = 0.03 * chance.standard_normal(100)
    falling = 1.0 - fall * np.linspace(0.0, 1.0, 100)

    spread = _reach((falling + noise).tolist()).spread

    assert spread is not None
    low, high = np.percentile(noise, [10, 90])
    assert spread[1] - spread[0] == pytest.approx(high - low, rel=0.1)


@pytest.mark.parametrize(("count", "is_known"), [(1, False), (4, False), (5, True)])
def test_the_spread_of_a_few_steps_is_not_known(count: int, *, is_known: bool) -> None:
    """Percentiles of fewer than five values tell nothing."""
    assert (_reach([1.0, 1.1, 0.9, 1.05, 0.95][:count]).spread is None) != is_known


@given(st.lists(_FINITE, min_size=5, max_size=30))
@example([-1.7e308] * 5 + [1.7e308] * 5)
def test_a_spread_lies_in_order(values: list[float]) -> None:
    """Of any values, the greatest there are, two finite ones, the lesser first."""
    spread = _reach(values).spread

    assert spread is not None
    assert -math.inf < spread[0] <= spread[1] < math.inf


def test_steps_that_all_stand_out_are_no_measure() -> None:
    """They have a value, but no moment that matters: no range or best value moves."""
    history = History()
    for step, loss in enumerate([7.0, 9.0], start=1):
        history.append(step, {"loss": loss}, Window(0, spikes=frozenset(["loss"])))

    reach = history.point(0, 2).reaches["loss"]

    assert reach == Reach(8.0, (), 0, None, ((0, 7.0), (1, 9.0)))


def test_a_nan_beside_others_is_no_spread() -> None:
    """What went wrong is counted, and neither trend nor noise."""
    reach = _reach([1.0, math.nan, 1.1, 0.9, 1.05, 0.95])

    assert reach.wrong == 1
    assert reach.value == 1.0
    assert reach.spread is not None
    assert 0.9 <= reach.spread[0] < reach.spread[1] <= 1.1
