"""What can be said of the values of steps in spite of their noise.

Nobody wants to be told that a loss is two percent worse where chance alone moves it by
more.
"""

import math
from collections.abc import Iterable

from keras_sonify.training.points import Point, Reach, Spread, median

_DEVIATIONS = 2.563  # from the 10th to the 90th percentile of normal noise
_OF_MEDIAN = math.sqrt(math.pi / 2)  # its error re that of a mean
_SURE = 3.0  # errors by which two medians differ if it is not by chance
_LEAST = 0.005  # of a value: a smaller change is none that matters


def deviation(spread: Spread) -> float:
    """Return the standard deviation of noise, by its percentiles."""
    low, high = spread
    return abs(high - low) / _DEVIATIONS


def error_of(reach: Reach) -> float:
    """Return the standard error of the median of a window; 0 where nobody knows it."""
    if reach.spread is None:
        return 0.0
    return _OF_MEDIAN * deviation(reach.spread) / math.sqrt(reach.count)


def is_level(value: float, best: float, *errors: float) -> bool:
    """Whether a value may be as good as the best one, for all that is known.

    Args:
        value: The value.
        best: The best one.
        *errors: The standard errors of both; one stands for both.
    """
    error = math.hypot(*errors) if len(errors) > 1 else math.sqrt(2.0) * errors[0]
    return abs(value - best) <= max(_SURE * error, _LEAST * abs(best))


def noise_share(points: Iterable[Point], name: str) -> float | None:
    """Return the noise of a metric from step to step, as a share of its value.

    Args:
        points: The run.
        name: The metric.

    Returns:
        The standard deviation, by the median of all windows; `None` where no window
        has enough steps to tell.
    """
    reaches = [point.reaches[name] for point in points if name in point.reaches]
    shares = [
        deviation(reach.spread) / abs(reach.value)
        for reach in reaches
        if reach.spread is not None and reach.value
    ]
    return median(shares) if shares else None
