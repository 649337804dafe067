"""Another run, that one is held against: what it had at the same place."""

from array import array
from bisect import bisect_right
from collections.abc import Mapping

from keras_sonify.training.axis import EPOCH_MEAN, EPOCHS, At, Axis
from keras_sonify.training.best import Best
from keras_sonify.training.directions import Direction
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.middle import middle_of
from keras_sonify.training.names import find_name, is_validation

_MOST_PARTS = 20  # of a run in steps, of whose medians the best is told


class OtherRun:
    """A run that another one is held against, place by place.

    Where both are told in steps, places are steps; else they are epochs. A metric may
    be called by another name of its family: `loss` is `train_loss`.

    Args:
        name: What it is called in words: "last time", "baseline".
        history: What was recorded of it, at least one row; see `recorded`.
        directions: Which way a family improves in it, where that is known. Defaults to
            none.
    """

    def __init__(
        self,
        name: str,
        history: History,
        directions: Mapping[str, Direction] | None = None,
    ) -> None:
        self.name = name
        self.history = history
        self.directions = dict(directions or {})
        self._series: dict[Axis, dict[str, _Series]] = {}

    @property
    def end(self) -> At:
        """Where it ends."""
        return self.history.at(len(self.history) - 1)

    def called(self, metric_name: str) -> str | None:
        """Return what it calls a metric; `None` if it has none such."""
        return find_name(metric_name, self.history.names)

    def opposes(self, metric: Metric) -> bool:
        """Whether its metric of that name is known to improve the other way."""
        theirs = self.directions.get(metric.family)
        return None not in (theirs, metric.direction) and theirs != metric.direction

    def beside(self, at: At) -> At:
        """Return its own place that a place is held against: its last one at most."""
        if self.is_over_at(at):
            return self.end
        return At(at.epoch) if self._shared(at) is EPOCHS else at

    def is_over_at(self, at: At) -> bool:
        """Whether it has ended before a place: its last values stand from then on."""
        return self._place(at) > self._place(self.end, at)

    def value_at(
        self, metric_name: str, at: At, *, since: int | None = None
    ) -> float | None:
        """Return the value that it had at a place, or last before it.

        Args:
            metric_name: The metric, as the run is called that is held against it.
            at: The place.
            since: Place on the axis after which a window begins: the median of all
                values in it is returned, lest it be that of a single batch. Defaults
                to that very place.

        Returns:
            The value, which may be NaN; `None` if there was none yet.
        """
        axis = self._shared(at)
        if axis not in self._series:
            self._series[axis] = self._read(axis)
        name = self.called(metric_name)
        if name is None or name not in self._series[axis]:
            return None
        if since is None or axis is not at.axis:
            since = self._place(at) - 1
        return self._series[axis][name].value(since, self._place(at))

    def best(self, metric: Metric) -> tuple[At, float] | None:
        """Return where a metric was best in it; see `best_of`."""
        name = self.called(metric.name)
        return None if name is None else best_of(self.history, metric, name)

    def _shared(self, at: At) -> Axis:
        """Return what can be counted in both runs."""
        return at.axis if at.axis is self.history.axis else EPOCHS

    def _place(self, of: At, beside: At | None = None) -> int:
        return of.epoch if self._shared(beside or of) is EPOCHS else of.place

    def _read(self, axis: Axis) -> "dict[str, _Series]":
        """Return the values of all metrics, those of epochs also of a run in steps."""
        if axis is self.history.axis:
            return self._own()
        rows: dict[int, dict[str, list[float]]] = {}
        for place, (_, values) in enumerate(self.history.rows(len(self.history))):
            columns = rows.setdefault(self.history.at(place).epoch, {})
            for name, value in values.items():
                columns.setdefault(name, []).append(value)
        series: dict[str, _Series] = {}
        for epoch, columns in rows.items():
            for name, column in columns.items():
                # The mean that was told of the epoch says more than its batches.
                told = columns.get(f"{EPOCH_MEAN}{name}", column)
                is_told = told is not column or is_validation(name)
                value = told[-1] if is_told else middle_of(column)
                series.setdefault(name, _Series()).add(epoch, value)
        return series

    def _own(self) -> "dict[str, _Series]":
        """Return all values as recorded; spikes are no measure of anything."""
        series: dict[str, _Series] = {}
        for place, (at, values) in enumerate(self.history.rows(len(self.history))):
            window = self.history.window(place)
            spikes = window.spikes if window is not None else frozenset[str]()
            for name, value in values.items():
                if name not in spikes:
                    series.setdefault(name, _Series()).add(at, value)
        return series


def best_of(
    history: History, metric: Metric, name: str | None = None
) -> tuple[At, float] | None:
    """Return where a metric was best, and the value; `None` if nobody knows.

    In steps it is that of a part of the run, not of its luckiest batch.

    Args:
        history: The run.
        metric: The metric.
        name: What it is called there. Defaults to its own name.
    """
    best = Best(metric.direction)
    points = history.points(len(history), most=_MOST_PARTS)
    for point in points:
        reach = point.reaches.get(name or metric.name)
        for place, value in reach.moments if reach is not None else ():
            best.update(value, place)
    return best.found and (points.at(best.found[0]), best.found[1])


class _Series:
    """The values of one metric, with their places."""

    def __init__(self) -> None:
        self._places = array("q")
        self._values = array("d")

    def add(self, place: int, value: float) -> None:
        self._places.append(place)
        self._values.append(value)

    def value(self, since: int, until: int) -> float | None:
        """Return the median after one place up to another, else the last one before.

        Where no value lies between them, that one still stands.
        """
        stop = bisect_right(self._places, until)
        start = min(bisect_right(self._places, since), stop - 1)
        return middle_of(self._values[start:stop]) if stop else None
