"""The axis of a log that tells steps: they, or the epochs that several of them make.

This is the one place that decides it. Who logs once or twice an epoch thinks in epochs;
who logs more often, or has hardly an epoch, thinks in steps.
"""

from collections.abc import Iterator, Sequence

from keras_sonify.readers.by_step import Steps
from keras_sonify.readers.merged import Merged
from keras_sonify.readers.rows import Record, Row
from keras_sonify.training.directions import infer_direction

_SEVERAL = 3  # points of one metric within an epoch, with which the axis is steps
_FEW = 5  # epochs: a run of fewer is told in steps where these are more than that
_MOST_HELD = 1000  # records without a metric that comes again: rates, times


class Timeline:
    """Puts the records of a log on one axis, as they come.

    It is decided as early as it can be: by the third point within an epoch, or when the
    first epoch is over without one; at the log's end by what there was. Then it stays.

    Args:
        is_by_step: Boolean. Whether the axis is steps, where that is known. Defaults to
            `None`.
    """

    def __init__(self, *, is_by_step: bool | None = None) -> None:
        self._is_by_step = is_by_step
        self._held: list[Record] = []
        self._points = Points()
        self._epochs = Epochs()
        self._steps = Steps()

    def add(self, record: Record) -> list[Row]:
        """Take in a record; return the rows that are complete now."""
        if self._is_by_step is None:
            return self._hold(record)
        return self._place(record)

    def take_whole(self, records: Sequence[Record]) -> Iterator[Row]:
        """Take in all records of a log; yield the rows that are complete now."""
        if self._is_by_step is None:
            points = Points()
            for record in records:
                points.add(record)
            self._is_by_step = points.are_of_steps()
        for record in records:
            yield from self.add(record)

    def settle(self) -> list[Row]:
        """Return what can be told now, since nothing has come for a while."""
        if self._is_by_step is None:
            return []
        return (self._steps if self._is_by_step else self._epochs).settle()

    def finish(self) -> list[Row]:
        """Return the rows that only the log's end completes."""
        rows: list[Row] = []
        if self._is_by_step is None and self._held:
            rows = self._decide(is_by_step=self._points.are_of_steps())
        return [*rows, *(self._steps if self._is_by_step else self._epochs).finish()]

    def _hold(self, record: Record) -> list[Row]:
        is_next = record.epoch not in {None, self._points.epoch}
        if is_next and self._points.epoch is not None:
            # The first epoch is over, and there were but one or two points.
            return [*self._decide(is_by_step=False), *self._place(record)]
        self._held.append(record)
        self._points.add(record)
        if self._points.are_several or self._points.are_without_epochs:
            return self._decide(is_by_step=True)
        if record.is_of_epoch or len(self._held) > _MOST_HELD:
            return self._decide(is_by_step=False)
        return []

    def _decide(self, *, is_by_step: bool) -> list[Row]:
        self._is_by_step = is_by_step
        held, self._held = self._held, []
        return [row for record in held for row in self._place(record)]

    def _place(self, record: Record) -> list[Row]:
        return (self._steps if self._is_by_step else self._epochs).add(record)


def on_axis(records: Sequence[Record]) -> Iterator[Row]:
    """Yield the rows of a log that is there as a whole."""
    timeline = Timeline()
    yield from timeline.take_whole(records)
    yield from timeline.finish()


class Points:
    """Counts how often the metrics of a log come, by which its axis is told.

    Attributes:
        epoch: The last epoch; `None` where none is told.
    """

    def __init__(self) -> None:
        self.epoch: int | None = None
        self._epochs = 0
        self._counts: dict[str, int] = {}  # in the epoch under way
        self._most = 0  # of them, ever
        self._totals: dict[str, int] = {}
        self._has_steps = False

    def add(self, record: Record) -> None:
        """Count what a record holds."""
        self._has_steps = self._has_steps or record.step is not None
        if record.epoch is not None and record.epoch != self.epoch:
            self.epoch = record.epoch
            self._epochs += 1
            self._counts = {}
        for name in filter(infer_direction, record.values):
            count = self._counts[name] = self._counts.get(name, 0) + 1
            self._totals[name] = self._totals.get(name, 0) + 1
            self._most = max(self._most, count)

    @property
    def are_several(self) -> bool:
        """Whether a metric has come several times in one epoch."""
        return self._has_steps and self._most >= _SEVERAL

    @property
    def are_without_epochs(self) -> bool:
        """Whether a metric has come, and no epoch."""
        return self._has_steps and self.epoch is None and bool(self._totals)

    def are_of_steps(self) -> bool:
        """Whether the axis is steps, now that all has come."""
        total = max(self._totals.values(), default=0)
        if not self._has_steps:
            return False
        if self.epoch is None or self.are_several:
            return True
        if self._epochs == 1:
            return total > 1
        return self._epochs < _FEW <= total


class Epochs:
    """Makes rows of the records of a log by epoch: one of all that lie in one epoch."""

    def __init__(self) -> None:
        self._row = Merged()
        self._epoch = 0
        self._means: dict[str, float] = {}
        self._is_over = False  # as the log says
        self._is_told = False  # already
        self._late: dict[str, float] = {}

    def add(self, record: Record) -> list[Row]:
        """Take in a record; return the epoch before it, if it is of another one."""
        if record.epoch in {None, self._epoch} and self._is_told:
            self._late |= {**record.values, **record.means}
            return []
        is_other = record.epoch not in {None, self._epoch}
        rows = self.finish() if is_other else []
        if record.epoch is not None:
            self._epoch = record.epoch
        if is_other:
            self._is_told = False
        self._row.add((self._epoch, record.values), takes_means=record.takes_means)
        self._means |= record.means
        self._is_over = self._is_over or record.is_of_epoch
        return rows

    def settle(self) -> list[Row]:
        """Return the epoch that is over, as the log says."""
        if not self._is_over:
            return []
        self._is_told = True
        return self.finish()

    def finish(self) -> list[Row]:
        """Return the last epoch. What the log says of it as a whole counts."""
        means, self._means = self._means, {}
        self._is_over = False
        rows = self._row.finish()
        if rows:
            # What came too late to be told with its own epoch is told with this one.
            late, self._late = self._late, {}
            rows = [(at, late | means | values | means) for at, values in rows]
        return rows
