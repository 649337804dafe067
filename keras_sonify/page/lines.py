"""What of a metric is drawn: unbroken lines, single points, and what is no number."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from keras_sonify.page.ruler import Ruler
from keras_sonify.training.axis import STEPS
from keras_sonify.training.metrics import Metric
from keras_sonify.training.names import is_validation
from keras_sonify.training.points import Reach
from keras_sonify.training.run_points import Points

_MOST_POINTS = 400  # of a line; beyond, groups are drawn by their extremes
_MOST_CHAINS = 60  # beyond, crosses would cover the curves

Point = tuple[float, float]
"""A place on the axis, and a value there."""


@dataclass(frozen=True, slots=True)
class Lines:
    """What of a metric is drawn.

    Attributes:
        strokes: Unbroken stretches of the curve.
        dots: Values with no number on either side.
        wrong: Where values that are no numbers follow one another, from and to.
    """

    strokes: Sequence[Sequence[Point]]
    dots: Sequence[Point]
    wrong: Sequence[tuple[float, float]]


def finite_values(points: Points, metric: Metric) -> Iterator[float]:
    """Yield the numbers that there are to draw."""
    for _, reach in _reaches(points, metric):
        yield from (value for _, value in reach.moments if math.isfinite(value))


def lines_of(points: Points, ruler: Ruler, metric: Metric) -> Lines:
    """Return what of a metric is drawn.

    Args:
        points: The run.
        ruler: Its axis.
        metric: The metric.
    """
    lines: list[list[Point]] = [[]]
    wrong: list[tuple[float, float]] = []
    are_medians = points.axis is STEPS and not is_validation(metric.name)
    is_wrong = False
    # An absent value leaves no gap: `validation_freq=5` is a line all the same.
    for index, reach in _reaches(points, metric):
        for row, value in reach.moments:
            place = ruler.place(row)
            if math.isfinite(value):
                middle = ruler.middle(index) if are_medians else place
                lines[-1].append((middle, value))
            else:
                first = wrong.pop()[0] if is_wrong else place
                wrong.append((first, place))
            is_wrong = not math.isfinite(value)
            if reach.wrong:  # nobody knows what lay between two moments of a window
                lines.append([])
    dots = [line[0] for line in lines if len(line) == 1]
    # By the number of values, of which a window has several.
    drawn = sum(map(len, lines))
    group = max(1, drawn * 2 // _MOST_POINTS)
    return Lines(
        [list(_thinned(line, group)) for line in lines if len(line) > 1],
        list(_thinned(dots, max(1, len(dots) * 2 // _MOST_POINTS))),
        wrong[:: max(1, len(wrong) // _MOST_CHAINS)],
    )


def _reaches(points: Points, metric: Metric) -> Iterator[tuple[int, Reach]]:
    for index, point in enumerate(points):
        if metric.name in point.reaches:
            yield index, point.reaches[metric.name]


def _thinned(line: Sequence[Point], group: int) -> Iterable[Point]:
    """Draw groups of points by their least and greatest, so that spikes survive."""
    if group <= 1:
        return line
    kept: dict[Point, None] = {line[0]: None}
    for start in range(0, len(line), group):
        part = line[start : start + group]
        extremes = {min(part, key=_value), max(part, key=_value)}
        kept.update(dict.fromkeys(sorted(extremes)))
    kept[line[-1]] = None
    return kept


def _value(point: Point) -> float:
    return point[1]
