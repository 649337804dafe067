"""The running ranges of a run: one a family, or one a metric."""

from collections.abc import Iterator, Mapping, Sequence

from keras_sonify.score.held import Beside
from keras_sonify.score.scaling import (
    ALONE_FLOOR,
    FAMILY_FLOOR,
    Floor,
    RunningRange,
    Span,
)
from keras_sonify.score.style import Style
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Point


def values_in(
    point: Point, metrics: Sequence[Metric]
) -> Iterator[tuple[Metric, float]]:
    """Yield all values of a point by which ranges grow, in the order they came.

    The first value of a family sets its scale, on whichever side it was.

    Args:
        point: An epoch, or a window of several; of steps, only the median counts.
        metrics: What is heard of it, in the order of a cue.
    """
    if point.count == 1 and not point.steps:
        for metric in metrics:
            if metric.name in point.reaches:
                yield metric, point.reaches[metric.name].value
        return
    moments = [
        (place, turn, value)
        for turn, metric in enumerate(metrics)
        if metric.name in point.reaches
        for place, value in point.reaches[metric.name].moments
    ]
    for _, turn, value in sorted(moments, key=lambda moment: moment[:2]):
        yield metrics[turn], value


class Ranges:
    """The running ranges of a run: one a family, or one a metric.

    Args:
        style: Says which of the two, and how they scale.
        alone: Boolean. Whether each metric is heard alone, as in its own file: then it
            has a range of its own in any style, and its own floor. Defaults to
            `False`.
    """

    def __init__(self, style: Style, *, alone: bool = False) -> None:
        self._is_scaled = style.scaling == "family"
        self._by_family = self._is_scaled and not alone
        self._floor: Floor | None = None
        if self._is_scaled:
            self._floor = ALONE_FLOOR if alone else FAMILY_FLOOR
        self._ranges: dict[str, RunningRange] = {}

    def include(self, metric: Metric, value: float) -> None:
        """Widen the range of the metric to hold `value`."""
        key = self._key(metric)
        if key not in self._ranges:
            falling = metric.direction == "min"
            self._ranges[key] = RunningRange(
                logarithmic=self._is_scaled and falling,
                floor=self._floor,
                falling=falling,
            )
        self._ranges[key].include(value)

    def include_point(self, point: Point, metrics: Sequence[Metric]) -> None:
        """Widen the ranges to hold all values of a point; see `values_in`."""
        for metric, value in values_in(point, metrics):
            self.include(metric, value)

    def include_others(
        self, metrics: Sequence[Metric], others: Mapping[str, Beside]
    ) -> None:
        """Widen the ranges to hold what the metrics are held against.

        The values of another run are taken in as they are reached, as the run's own
        are: so both are heard on the range of what has been heard, and a run that was
        to blow up later does not flatten the beginning of this one.

        Args:
            metrics: What is heard.
            others: What the other run had at the same place, by metric.
        """
        for metric in metrics:
            if metric.name in others:
                self.include(metric, others[metric.name].value)

    def span(self, metric: Metric) -> Span | None:
        """Return the span of the metric, `None` before its first finite value."""
        found = self._ranges.get(self._key(metric))
        return found.span() if found else None

    def spans(self, metrics: Sequence[Metric]) -> list[Span | None]:
        """Return the span of each metric, those of a family found once."""
        found = {
            key: self.span(m) for key, m in {self._key(m): m for m in metrics}.items()
        }
        return [found[self._key(metric)] for metric in metrics]

    def _key(self, metric: Metric) -> str:
        return metric.family if self._by_family else metric.name
