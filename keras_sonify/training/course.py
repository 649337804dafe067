"""What one metric did in a run, in a few values: what runs are compared by."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from keras_sonify.training.axis import STEPS, At
from keras_sonify.training.best import Best
from keras_sonify.training.history import History
from keras_sonify.training.jitter import jitter
from keras_sonify.training.metrics import Metric
from keras_sonify.training.noise import error_of
from keras_sonify.training.points import Point, median

_LAST = 3  # values whose median is where a run ends: one outlier is no ending
_ENOUGH = 10  # values; of fewer the last one is where it ends
_LEAST_TAIL = 8  # values in the second half of a run by which its noise is known
_PARTS = 20  # of a run in steps, whose medians are its values: one step says nothing
_OF_MEDIAN = math.sqrt(math.pi / 2 / _LAST)  # its error re that of one value
_OF_BEST = 0.6  # the least of many values varies less than each of them


class Value(NamedTuple):
    """A value, and where it came."""

    at: At
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What one metric did in a run.

    Attributes:
        metric: The metric.
        count: How many values it had.
        first: The first finite value; `None` if there was none.
        best: The best one; `None` where nobody knows which way it improves, too.
        last: Where it ended: the median of the last three of ten and more.
        noise: By how much a value lies off by chance (one standard deviation) towards
            the end; 0 where nobody knows.
        wrong_since: Since when no value was finite, to the end; `None` if the last
            one was.
    """

    metric: Metric
    count: int = 0
    first: Value | None = None
    best: Value | None = None
    last: Value | None = None
    noise: float = 0.0
    wrong_since: At | None = None

    @property
    def error_of_best(self) -> float:
        """How far the best value may be off by chance."""
        return _OF_BEST * self.noise

    @property
    def error_of_last(self) -> float:
        """How far the last value may be off by chance."""
        return (_OF_MEDIAN if self.count >= _ENOUGH else 1.0) * self.noise


def course_of(metric: Metric, history: History) -> Course:
    """Return what a metric did in a run.

    Args:
        metric: The metric.
        history: The run, as it was recorded; not empty.
    """
    is_noisy = history.axis is STEPS and not metric.validation
    values, errors = _values(metric.name, history, is_noisy=is_noisy)
    finite = [each for each in values if math.isfinite(each.value)]
    best = Best(metric.direction)
    for place, (_, value) in enumerate(finite):
        best.update(value, place)
    after = values[values.index(finite[-1]) + 1 :] if finite else values
    noise = noise_of([value for _, value in finite])
    return Course(
        metric=metric,
        count=len(values),
        first=finite[0] if finite else None,
        best=None if best.at is None else finite[best.at],
        last=_end(finite) if finite else None,
        noise=max(noise, *errors[-1:], 0.0) if is_noisy else noise,
        wrong_since=after[0].at if after else None,
    )


def noise_of(values: Sequence[float]) -> float:
    """Return the noise of a series towards its end, whatever its trend.

    Where all is positive, noise is taken to be a share of the value: so a falling loss,
    whose steps shrink, is not taken for a noisy one.

    >>> noise_of([0.5**k for k in range(40)])
    0.0
    """
    tail = values[len(values) // 2 :]
    if len(tail) < _LEAST_TAIL:
        return 0.0
    if min(tail) <= 0.0:
        return jitter(tail)
    share = jitter([math.log(value) for value in tail])
    return round(share, 9) * median(tail[-_LAST:])


def _values(
    name: str, history: History, *, is_noisy: bool
) -> tuple[list[Value], list[float]]:
    """Return the values of a metric, and in noisy steps how far each may be off."""
    count = len(history)
    if not is_noisy:
        rows = enumerate(history.rows(count))
        placed = (
            (place, values[name]) for place, (_, values) in rows if name in values
        )
        return [Value(history.at(place), value) for place, value in placed], []
    parts: list[Point] = [
        point
        for point in history.points(count, most=_PARTS)
        if name in point.reaches and point.reaches[name].moments
    ]
    reaches = [point.reaches[name] for point in parts]
    return (
        [Value(p.at, r.value) for p, r in zip(parts, reaches, strict=True)],
        [error_of(reach) for reach in reaches],
    )


def _end(values: Sequence[Value]) -> Value:
    last = values[-1]
    if len(values) < _ENOUGH:
        return last
    return Value(last.at, median([value for _, value in values[-_LAST:]]))
