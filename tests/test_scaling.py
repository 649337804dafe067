"""Every finite value has a place in its range, and the range has a least width."""

import math
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from keras_sonify.score.scaling import ALONE_FLOOR, FAMILY_FLOOR, RunningRange, Span

_FINITE = st.floats(allow_nan=False, allow_infinity=False)
_EXTREMES = (0.0, 5e-324, 1e-306, 1.0, 1e308, -5e-324, -1e-306, -1.0, -1e308)
_ROUNDING = 1e-12
_KINDS = ("falling", "falling alone", "rising", "rising alone", "own")


def _range(kind: str) -> RunningRange:
    if kind == "own":
        return RunningRange()
    floor = ALONE_FLOOR if kind.endswith("alone") else FAMILY_FLOOR
    falls = kind.startswith("falling")
    return RunningRange(logarithmic=falls, floor=floor, falling=falls)


def _span(kind: str, *values: float) -> Span:
    running = _range(kind)
    for value in values:
        running.include(value)
    span = running.span()
    assert span is not None
    return span


def test_a_first_loss_is_on_top_with_a_factor_of_sixteen_below() -> None:
    """A falling metric's floor opens downwards: 1/16 of the first value is low."""
    span = _span("falling", 0.8)

    assert span.position(0.8) == 1.0
    assert span.position(0.8 / 16) == pytest.approx(0.0, abs=1e-4)
    assert span.position(0.8 / 4) == pytest.approx(0.5, abs=1e-4)


def test_a_first_accuracy_is_at_the_bottom_with_a_quarter_above() -> None:
    """A rising metric's floor opens upwards: 0.25 within 0..1."""
    span = _span("rising", 0.5)

    assert (span.low, span.high) == (0.5, 0.75)
    assert span.position(0.5) == 0.0


@pytest.mark.parametrize(
    ("kind", "factor"), [("falling", 16.0), ("falling alone", 2.25)]
)
def test_a_loss_that_stands_still_has_its_floor_below(kind: str, factor: float) -> None:
    """To span the pitches it needs a factor: of 2.25 alone, of 16 beside its twin."""
    span = _span(kind, 0.8)

    assert span.high - span.low == pytest.approx(math.log(factor))


@pytest.mark.parametrize("value", [0.5, -8.0])
def test_alone_any_other_metric_has_half_the_floor(value: float) -> None:
    """An eighth, within 0..1 or of its first value, instead of a quarter."""
    alone, together = _span("rising alone", value), _span("rising", value)

    assert alone.low == together.low
    assert alone.high - alone.low == (together.high - together.low) / 2


@pytest.mark.parametrize(("first", "last"), [(0.9, 1.0), (0.0, 0.1)])
def test_zero_and_one_are_within_zero_to_one(first: float, last: float) -> None:
    """An accuracy that reaches its end has the floor that it had before."""
    assert _span("rising", first, last) == Span(first, first + 0.25)


def test_a_first_loss_of_zero_is_taken_for_one() -> None:
    """It says nothing of the metric's size."""
    assert _span("falling", 0.0).unit == _span("falling", 1.0).unit


def test_a_metric_beyond_one_has_a_floor_of_its_first_quarter() -> None:
    """Outside 0..1 the floor follows the size of the first value."""
    span = _span("rising", -8.0, -7.9)

    assert (span.low, span.high) == (-8.0, -6.0)


def test_a_floor_does_not_narrow_a_wide_range() -> None:
    """What is wider than its floor is left as it is."""
    assert _span("rising", 0.1, 0.9) == Span(0.1, 0.9)
    assert _span("falling", 100.0, 1.0).position(1.0) == 0.0


def test_without_a_floor_a_constant_is_midway() -> None:
    """A range without width, and without a floor, puts its value in the middle."""
    assert _span("own", 0.3, 0.3).position(0.3) == 0.5


@pytest.mark.parametrize("value", [1.0, 0.2, 0.02])
def test_halving_a_loss_is_the_same_step_everywhere(value: float) -> None:
    """Above a thousandth of the first value the scale is a logarithm, to 0.001."""
    span = _span("falling", 1.0, 1e-2)
    step = math.log(2) / math.log(100)

    moved = span.position(value) - span.position(value / 2)

    assert moved == pytest.approx(step, abs=1e-3)


def test_a_wild_first_epoch_does_not_flatten_the_rest() -> None:
    """Of a first loss 23 000 times the last, a fall by a factor of 1.5 is heard.

    On a scale that is linear below a thousandth of it, 0.3 % of the range were left.
    """
    falls = [0.056 + 0.032 * math.exp(-epoch / 12) for epoch in range(1, 50)]
    span = _span("falling", 1310.0, *falls)

    moved = span.position(falls[0]) - span.position(falls[-1])

    whole = math.log(1310.0 / falls[-1])
    assert moved == pytest.approx(math.log(falls[0] / falls[-1]) / whole, rel=0.01)


def test_a_loss_of_zero_does_not_set_the_scale() -> None:
    """Where nobody validated, a log may hold a 0 for each epoch."""
    span = _span("falling", 2.0, 0.0, 1.5, 0.0, 1.4, 0.0, 0.0)

    assert span.unit == pytest.approx(1.5e-3)


def test_near_zero_the_scale_is_linear() -> None:
    """Far below the thousandth equal steps are equal, to one per mille."""
    span = _span("falling", 1.0, -1.0)

    steps = [span.position(k * 1e-5) - span.position((k - 1) * 1e-5) for k in (1, 2, 3)]

    assert steps == pytest.approx([steps[0]] * 3, rel=1e-3)
    assert span.position(0.0) == pytest.approx(0.5, abs=_ROUNDING)


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("strange", [math.nan, math.inf, -math.inf], ids=str)
def test_what_is_not_finite_leaves_the_range_alone(kind: str, strange: float) -> None:
    """NaN and infinities neither open a range nor widen it."""
    running = _range(kind)

    running.include(strange)
    empty = running.span()
    for value in (0.5, strange, 2.0, strange):
        running.include(value)

    assert empty is None
    assert running.span() == _span(kind, 0.5, 2.0)


@pytest.mark.parametrize("kind", _KINDS)
@given(values=st.lists(_FINITE | st.sampled_from(_EXTREMES), min_size=1, max_size=6))
@example(values=[0.0, 5e-324])
@example(values=[0.0, 1e-306])
@example(values=[-5e-324, 0.0])
@example(values=[1.7e308, 1.0])
@example(values=[-1.7e308, 1.7e308])
@settings(deadline=None)
def test_positions_are_within_the_range(kind: str, values: list[float]) -> None:
    """Any finite values keep their order and lie between 0 and 1 to rounding."""
    span = _span(kind, *values)

    positions = [span.position(value) for value in sorted(values)]

    assert all(-_ROUNDING <= place <= 1 + _ROUNDING for place in positions)
    assert all(lower <= higher + _ROUNDING for lower, higher in pairwise(positions))


@pytest.mark.parametrize("width", [1e-306, 1e-3, 1.0, 1e300])
def test_both_ends_are_met_exactly(width: float) -> None:
    """The lowest value is the start and the highest the end, to the last bit."""
    span = _span("own", 0.0, width)

    assert span.interpolate(0.0, 1000.0, 3000.0) == 1000.0
    assert span.interpolate(width, 1000.0, 3000.0) == 3000.0


@pytest.mark.parametrize("width", [1e-306, 1.0, 1e308])
def test_the_middle_is_in_the_middle(width: float) -> None:
    """Between the ends the linear scale is linear, however small or large."""
    span = _span("own", -width, width)

    assert span.position(0.0) == pytest.approx(0.5, abs=_ROUNDING)


def test_a_logarithmic_range_bears_any_first_value() -> None:
    """First values of zero, of the smallest and the largest size still scale."""
    for first in _EXTREMES:
        span = _span("falling", first, 1e308, -1e308)

        assert span.position(1e308) == 1.0
        assert span.position(-1e308) == 0.0
        assert 0.0 < span.position(first / 2) < 1.0
