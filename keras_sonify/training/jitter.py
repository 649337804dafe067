"""How noisy a series of values is."""

import math
from collections.abc import Sequence

from keras_sonify.training.points import median, without_trend

_SECOND = 0.6745 * math.sqrt(6.0)  # of second differences: median re deviation
_LEAST_VALUES = 3  # that have a second difference
_FIRST = 0.6745  # of distances from the middle: the same


def jitter(values: Sequence[float]) -> float:
    """Return the standard deviation of the noise in a series, whatever its trend.

    >>> jitter([3.0, 2.0, 1.0, 0.0])
    0.0
    """
    if len(values) < _LEAST_VALUES:
        return 0.0
    triples = zip(values, values[1:], values[2:], strict=False)
    return median([abs(a - 2.0 * b + c) for a, b, c in triples]) / _SECOND


def scatter(values: Sequence[float]) -> float:
    """Return the same where the noise hangs together from one value to the next.

    It is what lies around a straight line, if that is more.

    >>> scatter([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) < 1e-9
    True
    """
    level = without_trend(values)
    middle = median(level)
    around = median([abs(value - middle) for value in level]) / _FIRST
    return max(around, jitter(values))
