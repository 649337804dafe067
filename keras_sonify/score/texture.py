"""What a window of steps sounds beside its median: its noise, and what stands out.

Trend, noise and spikes are three things, and are heard as three: the median is the
pitch of a tone, the spread is how the tone flutters, and a spike is a short grain after
it, at a pitch that nothing else has.
"""

import math

from keras_sonify.score.note import Note
from keras_sonify.score.pitch import interval_cents
from keras_sonify.score.scaling import Span
from keras_sonify.score.style import Style
from keras_sonify.training.axis import At
from keras_sonify.training.points import Placed, Reach, Spread

# From the 10th to the 90th percentile, on the scale of the pitches. Below the first
# one it is less than ears take for a step; on the narrowest scale of a loss, noise of
# 3, 8 and 20 % lies in the middle of the three classes.
_LIMITS_CENTS = (35.0, 105.0, 275.0)
# D7: above all tones of a run, below the marks and ticks of its summary.
_GRAIN_HZ = 2349.3
GRAIN = 0.04  # seconds that a spike lasts
# A swing of 5 %, a third of the least one, can just be heard. Roughness grows with its
# square: three classes are told apart, a fine scale would not be.
_DEPTHS = (0.0, 0.3, 0.6, 0.9)


def flutter_of(reach: Reach | None, span: Span | None, style: Style) -> float:
    """Return how deep the tone of a window flutters: in classes, by its spread.

    Args:
        reach: What the metric did in the window; `None` where there is none.
        span: The range it is heard on.
        style: How it sounds.
    """
    if reach is None or reach.spread is None or span is None or not style.texture:
        return 0.0
    cents = spread_cents(reach.spread, span, style)
    return _DEPTHS[sum(cents >= limit for limit in _LIMITS_CENTS)]


def spread_cents(spread: Spread, span: Span, style: Style) -> float:
    """Return how far apart two values are on the scale of the pitches, in cents.

    The scale goes on beyond the ends of the range, which hold medians alone: a run
    that stands still is as rough at the end of its range as in the middle.
    """
    width = span.high - span.low
    if not (0.0 < width < math.inf):
        return 0.0
    low, high = (span.warp(value) for value in spread)
    return (high - low) / width * interval_cents(style.low_hz, style.high_hz)


def spike_of(reach: Reach | None, style: Style) -> Placed | None:
    """Return the spike of a window that is heard: the one that stands out most."""
    if reach is None or not style.texture:
        return None
    return max(
        reach.spikes, key=lambda spike: abs(spike[1] - reach.value), default=None
    )


def grain_after(tone: Note, value: float, at: At, style: Style, text: str = "") -> Note:
    """Return the grain of a spike, after a tone of its metric and on the same side.

    Args:
        tone: The tone of the window in which it lies.
        value: The value of the spike.
        at: Where it lies.
        style: How loud it is.
        text: What it tells, in words, where nothing else does. Defaults to `""`.
    """
    return Note(
        start=tone.end,
        duration=GRAIN,
        frequency_hz=_GRAIN_HZ,
        amplitude=style.amplitude_at(_GRAIN_HZ),
        kind="spike",
        pan=tone.pan,
        epoch=at.epoch,
        step=at.step,
        metric=tone.metric,
        value=value,
        text=text,
    )
