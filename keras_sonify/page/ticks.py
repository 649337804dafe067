"""Round numbers along the axes of a picture."""

import math
from collections.abc import Iterable

from keras_sonify.scaling import Span

_APART = 0.16  # of a panel's height, at least, from one label to the next
_SMALLEST = 1e-300  # below, there are no round numbers left
_MOST_DECADES = 40
_EPOCH_LABELS = 10


def value_ticks(low: float, high: float, span: Span) -> list[float]:
    """Return round values from `low` to `high` that lie well apart on a scale.

    Args:
        low: Least value that is drawn.
        high: Greatest value that is drawn.
        span: The scale.

    >>> value_ticks(0.0, 1.0, Span(0.0, 1.0))
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    kept: list[float] = []
    for value in sorted(_candidates(low, high, is_logarithmic=span.unit > 0)):
        place = span.position(value)
        if not kept or abs(place - span.position(kept[-1])) >= _APART:
            kept.append(value)
    return kept or [high]


def _candidates(low: float, high: float, *, is_logarithmic: bool) -> Iterable[float]:
    if not _SMALLEST < (high - low) / 5 < math.inf:
        return [low]
    if not is_logarithmic or low <= 0:
        step = _round_up((high - low) / 5)
        first, last = math.ceil(low / step), math.floor(high / step)
        return [_clean(k * step) for k in range(first, last + 1)]
    powers = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1)
    decades = [_clean(10.0**k) for k in powers]
    fine = [_clean(m * 10.0**k) for k in powers for m in (1, 2, 5)]
    found = decades if len(powers) > _MOST_DECADES else fine
    inside = [value for value in found if low <= value <= high]
    if len(inside) < 2:  # noqa: PLR2004 - a scale needs two labels
        return [low, *inside, high]
    return inside


def _round_up(step: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= step * 0.999)


def _clean(value: float) -> float:
    return float(f"{value:.12g}")


def epoch_ticks(count: int) -> list[int]:
    """Return the places of the epochs that are labelled: the first, then round ones.

    >>> epoch_ticks(25)
    [0, 4, 9, 14, 19, 24]
    """
    step = max(1, round(_round_up(count / _EPOCH_LABELS)))
    places = [k - 1 for k in range(step, count + 1, step)]
    return places if places[:1] == [0] or step == 1 else [0, *places]
