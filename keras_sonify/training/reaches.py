"""What a metric did in the rows of a point: in epochs, or in batches of steps."""

import math
from collections.abc import Sequence

from keras_sonify.training.names import is_validation
from keras_sonify.training.points import (
    LEAST_SPREAD,
    Placed,
    Reach,
    Spread,
    Window,
    median,
    percentiles,
    without_trend,
)


def reach_of(placed: Sequence[Placed]) -> Reach:
    """Return what a metric did in some epochs.

    Args:
        placed: Its values in them, at least one.
    """
    if len(placed) == 1:
        return Reach(placed[0][1], (placed[0],), int(not math.isfinite(placed[0][1])))
    # A finite sum has finite parts: most windows need no closer look.
    is_fine = math.isfinite(sum(value for _, value in placed))
    finite = placed if is_fine else [p for p in placed if math.isfinite(p[1])]
    wrong = [] if is_fine else [p for p in placed if not math.isfinite(p[1])]
    moments = {*wrong[:1], *wrong[-1:]}
    if finite:
        low = min(finite, key=_value)  # the first of several
        high = max(finite, key=_value)
        moments |= {finite[0], finite[-1], low, high}
    # By place alone: NaN cannot be compared.
    ordered = tuple(sorted(moments, key=_place))
    value = median([v for _, v in finite]) if finite else wrong[0][1]
    return Reach(value, ordered, len(wrong))


def step_reach(
    name: str, placed: Sequence[Placed], windows: Sequence[Window], start: int
) -> Reach:
    """Return what a metric did in some steps.

    Args:
        name: The metric.
        placed: Its values in them, at least one.
        windows: What each row stands for, with or without a value of it.
        start: The place of the first of these rows.
    """
    if is_validation(name):  # measured on all that there is: without that noise
        return reach_of(placed)
    spikes = [each for each in placed if name in windows[each[0] - start].spikes]
    usual = [each for each in placed if each not in spikes] if spikes else placed
    if not usual:  # it is heard and told, but is no measure of anything
        return Reach(median([value for _, value in spikes]), (), 0, None, (*spikes,))
    usual_windows = [windows[place - start] for place, _ in usual]
    spreads = [window.spreads.get(name) for window in usual_windows]
    # Of what was logged every so many steps, each is one value.
    count = sum(each.steps if name in each.spreads else 1 for each in usual_windows)
    return window_reach(usual, spreads, spikes, count)


def window_reach(
    placed: Sequence[Placed],
    spreads: Sequence[Spread | None],
    spikes: Sequence[Placed],
    count: int,
) -> Reach:
    """Return what a metric did in the batches of some steps: its trend and its noise.

    A single batch is never a moment that matters: it is noise, or a spike.

    Args:
        placed: Its values, each a batch's or the median of several; spikes are none
            of them. At least one.
        spreads: The spread of each, where it stands for several.
        spikes: The spikes.
        count: Of how many values they tell.
    """
    finite = [each for each in placed if math.isfinite(each[1])]
    wrong = [each for each in placed if not math.isfinite(each[1])]
    if not finite:
        return Reach(wrong[0][1], (*wrong[:1], *wrong[1:][-1:]), len(wrong))
    value = median([number for _, number in finite])
    last = finite[-1][0]
    moments = sorted([*wrong[:1], *wrong[1:][-1:], (last, value)], key=_place)
    spread = _spread_of(value, placed, spreads)
    return Reach(value, tuple(moments), len(wrong), spread, tuple(spikes), count)


def _spread_of(
    middle: float, placed: Sequence[Placed], spreads: Sequence[Spread | None]
) -> Spread | None:
    """Return the spread of a window around its middle: its noise, without its trend.

    Where its parts have a spread each, it is theirs.
    """
    parts = [
        (_distance(low, value), _distance(high, value))
        for (_, value), spread in zip(placed, spreads, strict=True)
        if spread is not None and math.isfinite(value)
        for low, high in [spread]
    ]
    if parts:
        return (
            _at_distance(median([low for low, _ in parts]), middle),
            _at_distance(median([high for _, high in parts]), middle),
        )
    finite = [value for _, value in placed if math.isfinite(value)]
    if len(finite) < LEAST_SPREAD:
        return None
    return percentiles(sorted(without_trend(finite)))


# Noise follows the size of a loss: distances are told in shares of the middle.
def _distance(value: float, middle: float) -> float:
    return (value - middle) / abs(middle) if middle else 0.0


def _at_distance(share: float, middle: float) -> float:
    return middle + share * abs(middle)


def _place(placed: Placed) -> int:
    return placed[0]


def _value(placed: Placed) -> float:
    return placed[1]
