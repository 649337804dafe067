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
LEAST_SPREAD = 5  # values of which percentiles tell anything

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


def windows_in(rows: int, most: int = MOST_WINDOWS) -> int:
    """Return how many windows some rows of steps make.

    >>> windows_in(15), windows_in(300), windows_in(100_000)
    (15, 60, 200)
    """
    return min(rows, most, max(_LEAST_WINDOWS, rows // _LEAST_ROWS))


def without_trend(values: Sequence[float]) -> Sequence[float]:
    """Return values without their trend, from the middle of each half to the other's.

    Too few show none: what they have of it is noise.
    """
    half = len(values) // 2
    if half < LEAST_SPREAD:
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
