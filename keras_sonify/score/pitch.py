"""From a position in a span to a frequency."""

import math
from typing import Literal

from keras_sonify.score.scaling import Span

PitchScale = Literal["exponential", "linear"]


def frequency_hz(
    value: float,
    span: Span,
    *,
    low_hz: float,
    high_hz: float,
    scale: PitchScale = "exponential",
) -> float:
    """Return the pitch of a value: the higher the value, the higher the pitch.

    Args:
        value: A finite value; outside `span` it has the pitch of that end.
        span: The range it is heard against.
        low_hz: Frequency at the low end of the span, in Hz.
        high_hz: Frequency at the high end, in Hz.
        scale: `"exponential"`: equal steps of position are equal musical intervals.
            `"linear"`: equal steps are equal differences in Hz.

    Returns:
        Frequency in Hz, from `low_hz` to `high_hz`.

    >>> frequency_hz(0.5, Span(0.0, 1.0), low_hz=220.0, high_hz=880.0)
    440.0
    """
    if scale == "linear":
        return span.interpolate(value, low_hz, high_hz)
    octaves: float = span.interpolate(value, 0.0, math.log2(high_hz / low_hz))
    return min(low_hz * math.exp2(octaves), high_hz)


def interval_cents(from_hz: float, to_hz: float) -> float:
    """Return the musical interval between two frequencies, 1200 cents an octave.

    >>> interval_cents(440.0, 220.0)
    -1200.0
    """
    return 1200.0 * math.log2(to_hz / from_hz)
