"""The running ranges of a run: one a family, or one a metric."""

from keras_sonify.score.scaling import RunningRange, Span
from keras_sonify.score.style import Style
from keras_sonify.training.metrics import Metric
from keras_sonify.training.record import Snapshot


class Ranges:
    """The running ranges of a run: one a family, or one a metric.

    Args:
        style: Says which of the two, and how they scale.
    """

    def __init__(self, style: Style) -> None:
        self._by_family = style.scaling == "family"
        self._ranges: dict[str, RunningRange] = {}

    def include(self, metric: Metric, value: float) -> None:
        """Widen the range of the metric to hold `value`."""
        key = self._key(metric)
        if key not in self._ranges:
            falling = metric.direction == "min"
            self._ranges[key] = RunningRange(
                logarithmic=self._by_family and falling,
                floor=self._by_family,
                falling=falling,
            )
        self._ranges[key].include(value)

    def span(self, metric: Metric) -> Span | None:
        """Return the span of the metric, `None` before its first finite value."""
        found = self._ranges.get(self._key(metric))
        return found.span() if found else None

    def _key(self, metric: Metric) -> str:
        return metric.family if self._by_family else metric.name


def spans_of(snapshot: Snapshot, style: Style) -> dict[str, Span | None]:
    """Return the range of each metric in a run so far, the one that it is heard on.

    Args:
        snapshot: The run.
        style: How it sounds.
    """
    ranges, metrics = Ranges(style), snapshot.valued
    # In the order in which it was heard: the first value of a family sets its scale.
    for _, values in snapshot.history.rows(snapshot.count):
        for metric in metrics:
            if metric.name in values:
                ranges.include(metric, values[metric.name])
    return {metric.name: ranges.span(metric) for metric in metrics}
