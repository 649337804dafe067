"""A run as points: one an epoch, or windows of several epochs or steps.

Whatever a run's length, what is made of it (files, a page, a picture) is made of at
most `MOST_POINTS` points, so that its size and the work for it are bounded.

In steps, trend, noise and spikes are three things: the value of a point is the median
of its batches, its spread is their noise, and what stands out is a spike.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from keras_sonify.training.axis import At

MOST_POINTS = 1000
MOST_WINDOWS = 200
"""The same in steps, where a point is a window of many."""

_LEAST_ROWS = 5  # that a window of steps has where there are enough: one is but noise
_LEAST_WINDOWS = 20
_LEAST_SPREAD = 5  # values of which percentiles tell anything

Placed = tuple[int, float]
"""A value, after the zero-based place of its row in the run."""

Spread = tuple[float, float]
"""The 10th and the 90th percentile of some values."""


@dataclass(frozen=True, slots=True)
class Window:
    """What a row of a run in steps stands for, beside its values.

    Attributes:
        epoch: Zero-based epoch in which its last step lies.
        steps: How many steps it stands for: its values are their medians.
        spreads: Their spread, by metric, where there were several.
        spikes: The metrics of which this is a spike, of one step.
        ends_epoch: Whether the epoch ends with it.
    """

    epoch: int
    steps: int = 1
    spreads: Mapping[str, Spread] = field(default_factory=dict)
    spikes: frozenset[str] = frozenset()
    ends_epoch: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """What one metric did in the epochs of a point.

    Attributes:
        value: Its value; in a window the median of the finite ones, or the first of
            those that went wrong where there is no other.
        moments: The values that matter, in the order in which they came: the first
            and last, the least and greatest, and the first and last that were not
            finite. For a single epoch, its value. None of steps that all stand out.
        wrong: How many values were not finite.
        spread: The 10th and 90th percentile of the steps of a window; `None` where
            nobody knows, and for epochs.
        spikes: The steps that stand out, with their values: they are in nothing else.
        count: Of how many values it is the median.
    """

    value: float
    moments: tuple[Placed, ...]
    wrong: int
    spread: Spread | None = None
    spikes: tuple[Placed, ...] = ()
    count: int = 1


@dataclass(frozen=True, slots=True)
class Point:
    """One epoch of a run, or a window of several epochs or steps.

    Attributes:
        place: Zero-based place in the run of its first row.
        count: How many rows it stands for: epochs, or what was recorded of steps.
        first: Where its first row lies.
        at: Where its last row lies.
        reaches: What each metric did in it; one without a value is absent.
        steps: How many steps it stands for; 0 on the axis of epochs.
        epoch_ends: Zero-based epochs that end in it, on the axis of steps.
    """

    place: int
    count: int
    first: At
    at: At
    reaches: Mapping[str, Reach]
    steps: int = 0
    epoch_ends: tuple[int, ...] = ()

    @property
    def epoch(self) -> int:
        """Zero-based number of its last epoch."""
        return self.at.epoch

    @property
    def is_within(self) -> bool:
        """Whether the epoch goes on after it, on the axis of steps."""
        return self.at.step is not None and self.at.epoch not in self.epoch_ends

    @property
    def values(self) -> dict[str, float]:
        """The value of each metric."""
        return {name: reach.value for name, reach in self.reaches.items()}


def window_size(count: int, most: int = MOST_POINTS) -> int:
    """Return how many epochs share a point: the least power of two that will do.

    >>> window_size(1000), window_size(1001), window_size(100_000)
    (1, 2, 128)
    """
    size = 1
    while count > most * size:
        size *= 2
    return size


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


def windows_in(rows: int, most: int = MOST_WINDOWS) -> int:
    """Return how many windows some rows of steps make.

    >>> windows_in(15), windows_in(300), windows_in(100_000)
    (15, 60, 200)
    """
    return min(rows, most, max(_LEAST_WINDOWS, rows // _LEAST_ROWS))


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
    if len(finite) < _LEAST_SPREAD:
        return None
    return percentiles(sorted(without_trend(finite)))


def without_trend(values: Sequence[float]) -> Sequence[float]:
    """Return values without their trend, from the middle of each half to the other's.

    Too few show none: what they have of it is noise.
    """
    half = len(values) // 2
    if half < _LEAST_SPREAD:
        return values
    rise = median(values[-half:]) - median(values[:half])
    slope = rise / (len(values) - half)
    middle = (len(values) - 1) / 2
    level = [value - slope * (k - middle) for k, value in enumerate(values)]
    # Values near +-1.8e308 may lie farther apart than any number says.
    return level if all(map(math.isfinite, level)) else values


def percentiles(ordered: Sequence[float]) -> Spread:
    """Return the 10th and the 90th percentile of values in order, between them linear.

    Those of what the values are drawn from (Hyndman and Fan's eighth definition): the
    plain ones of few values lie too near to each other.

    >>> [round(end, 2) for end in percentiles([float(k) for k in range(11)])]
    [0.47, 9.53]
    """
    return _quantile(ordered, 0.1), _quantile(ordered, 0.9)


def _quantile(ordered: Sequence[float], share: float) -> float:
    at = share * (len(ordered) + 1 / 3) - 2 / 3
    at = min(max(at, 0.0), len(ordered) - 1.0)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    part = at - below
    return ordered[below] * (1.0 - part) + ordered[above] * part


# Noise follows the size of a loss: distances are told in shares of the middle.
def _distance(value: float, middle: float) -> float:
    return (value - middle) / abs(middle) if middle else 0.0


def _at_distance(share: float, middle: float) -> float:
    return middle + share * abs(middle)


def _place(placed: Placed) -> int:
    return placed[0]


def _value(placed: Placed) -> float:
    return placed[1]


def median(values: Sequence[float]) -> float:
    """Return the median of finite values, whatever their size."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    low, high = ordered[middle - 1], ordered[middle]
    # Near 1.8e308 their sum would be infinite, near 5e-324 a half of one would be 0.
    both = low + high
    return both / 2 if math.isfinite(both) else low / 2 + high / 2
