"""Positions become frequencies: equal steps, exact ends."""

from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from keras_sonify.score.pitch import frequency_hz, interval_cents
from keras_sonify.score.scaling import RunningRange, Span

_SCALES: list[Literal["exponential", "linear"]] = ["exponential", "linear"]


@pytest.mark.parametrize("scale", _SCALES)
def test_the_ends_are_exact(scale: Literal["exponential", "linear"]) -> None:
    """The lowest value has the lowest pitch and the highest the highest."""
    span = Span(-3.0, 7.0)

    low, high = (
        frequency_hz(value, span, low_hz=220.0, high_hz=1760.0, scale=scale)
        for value in (-3.0, 7.0)
    )

    assert (low, high) == (220.0, 1760.0)


def test_equal_steps_are_equal_intervals() -> None:
    """A tenth of three octaves is 360 cents wherever it lies, to 1e-9 cents."""
    span = Span(0.0, 10.0)

    pitches = [
        frequency_hz(float(k), span, low_hz=220.0, high_hz=1760.0) for k in range(11)
    ]

    intervals = [interval_cents(*pair) for pair in pairwise(pitches)]
    assert intervals == pytest.approx([360.0] * 10, abs=1e-9)


def test_linear_steps_are_equal_in_hertz() -> None:
    """On the linear scale a tenth of 2000 Hz is 200 Hz everywhere."""
    span = Span(0.0, 10.0)

    pitches = [
        frequency_hz(float(k), span, low_hz=1000.0, high_hz=3000.0, scale="linear")
        for k in range(11)
    ]

    assert pitches == pytest.approx([1000.0 + 200.0 * k for k in range(11)], abs=1e-9)


def test_a_constant_is_in_the_middle() -> None:
    """A span without width sounds the middle of the pitches, on either scale."""
    span = Span(0.4, 0.4)

    pitches = [
        frequency_hz(0.4, span, low_hz=500.0, high_hz=2000.0, scale=scale)
        for scale in _SCALES
    ]

    assert pitches == [1000.0, 1250.0]


@pytest.mark.parametrize("scale", _SCALES)
@given(
    values=st.lists(
        st.floats(allow_nan=False, allow_infinity=False),
        min_size=1,
        max_size=5,
    ),
)
@example(values=[0.0, 5e-324])
@settings(deadline=None)
def test_no_value_leaves_the_pitches(
    scale: Literal["exponential", "linear"],
    values: list[float],
) -> None:
    """Any finite value inside its range has a pitch inside the pitches, to 1e-9 Hz."""
    running = RunningRange()
    for value in values:
        running.include(value)
    span = running.span()
    assert span is not None

    pitches = [
        frequency_hz(value, span, low_hz=220.0, high_hz=1760.0, scale=scale)
        for value in values
    ]

    assert all(220.0 - 1e-9 <= pitch <= 1760.0 + 1e-9 for pitch in pitches)


@pytest.mark.parametrize(
    ("to_hz", "cents"),
    [(880.0, 1200.0), (440.0, 0.0), (220.0, -1200.0), (440.0 * 1.5, 701.955)],
)
def test_intervals_are_in_cents(to_hz: float, cents: float) -> None:
    """An octave is 1200 cents up or down, a fifth 701.955."""
    assert interval_cents(440.0, to_hz) == pytest.approx(cents, abs=1e-3)
