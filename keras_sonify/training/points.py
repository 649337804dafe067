"""A run as points: one an epoch, or windows of several epochs where it is long.

Whatever a run's length, what is made of it (files, a page, a picture) is made of at
most `MOST_POINTS` points, so that its size and the work for it are bounded.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_POINTS = 1000

Placed = tuple[int, float]
"""A value, after the zero-based place of its epoch in the run."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What one metric did in the epochs of a point.

    Attributes:
        value: Its value; in a window the median of the finite ones, or the first of
            those that went wrong where there is no other.
        moments: The values that matter, in the order in which they came: the first
            and last, the least and greatest, and the first and last that were not
            finite. For a single epoch, its value.
        wrong: How many values were not finite.
    """

    value: float
    moments: tuple[Placed, ...]
    wrong: int


@dataclass(frozen=True, slots=True)
class Point:
    """One epoch of a run, or a window of several.

    Attributes:
        place: Zero-based place in the run of its first epoch.
        count: How many epochs it stands for.
        first_epoch: Zero-based number of its first epoch.
        epoch: Zero-based number of its last epoch.
        reaches: What each metric did in it; one without a value is absent.
    """

    place: int
    count: int
    first_epoch: int
    epoch: int
    reaches: Mapping[str, Reach]

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
    value = _median([v for _, v in finite]) if finite else wrong[0][1]
    return Reach(value, ordered, len(wrong))


def _place(placed: Placed) -> int:
    return placed[0]


def _value(placed: Placed) -> float:
    return placed[1]


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    low, high = ordered[middle - 1], ordered[middle]
    # Near 1.8e308 their sum would be infinite, near 5e-324 a half of one would be 0.
    both = low + high
    return both / 2 if math.isfinite(both) else low / 2 + high / 2
