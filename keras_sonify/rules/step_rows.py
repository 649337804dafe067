"""From steps to the rows that are recorded of them: windows, and what stands out."""

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from keras_sonify.rules.spikes import Spikes
from keras_sonify.training.axis import STEPS
from keras_sonify.training.history import History
from keras_sonify.training.middle import finite_in, middle_of
from keras_sonify.training.names import is_validation
from keras_sonify.training.points import Spread, Window, median, percentiles

# Then windows are twice as long: a run of any length is bounded. The median of medians
# of two is not that of the steps: as many as a short run has are kept.
_ROWS_OF_A_SIZE = 4000
_MOST_TURNS = 1000  # to NaN and back: oftener, NaN is left out of the median
_LEAST_SPREAD = 8  # values whose percentiles are not too near to each other
_RECENT = 16  # steps whose spread is that of a row with fewer values


class Recorded(NamedTuple):
    """A row of a run in steps.

    Attributes:
        at: How many steps have been done with it.
        values: Its values.
        window: What it stands for; `None` for an epoch.
    """

    at: int
    values: dict[str, float]
    window: Window | None


class StepRows:
    """Takes in steps and gives out rows: each stands for 1 step, later 2, 4, 8 ...

    A spike is a row of its own; a row ends where a loss becomes NaN or is a number
    again, where validation values come, and where the epoch ends.

    Args:
        least: How many steps a row stands for at least. Defaults to `1`.
        last: How many steps were done before the first one; `None` where nobody knows.
            Defaults to `None`.

    Attributes:
        spikes: Finds what stands out.
        epoch: Zero-based epoch of the last step.
    """

    def __init__(self, least: int = 1, last: int | None = None) -> None:
        self.spikes = Spikes()
        self._size = least
        self._rows = self._turns = 0
        self._last = last
        self.epoch = 0
        self._pending: list[Mapping[str, float]] = []
        self._steps = 0  # for which they stand
        self._is_wrong = self._is_validated = False
        self._names: frozenset[str] = frozenset()
        self._recent: deque[Mapping[str, float]] = deque(maxlen=_RECENT)

    def take(
        self, step: int, epoch: int, values: Mapping[str, float]
    ) -> list[Recorded]:
        """Take in a step; return the rows that are complete now.

        Args:
            step: How many steps have been done with it.
            epoch: Zero-based epoch in which it lies.
            values: Its own values.
        """
        rows: list[Recorded] = []
        if epoch != self.epoch:
            rows += self.close()
            self.epoch = epoch
        if values.keys() != self._names:
            self._names = frozenset(values)
            self._is_validated = any(map(is_validation, values))
        steps = step - self._last if self._last is not None else 1
        spikes = self.spikes.check(values)
        is_alone = bool(spikes)
        is_wrong = not math.isfinite(sum(values.values()))
        if is_wrong != self._is_wrong and self._turns < _MOST_TURNS:
            self._turns += 1
            self._is_wrong = is_wrong
            rows += self.close()
            is_alone = is_alone or is_wrong
        if spikes:
            rows += self.close()
        self._last = step
        self._pending.append(values)
        if not spikes:
            self._recent.append(values)
        self._steps += max(steps, 0)
        is_full = len(self._pending) >= self._size
        if is_full or is_alone or self._is_validated:
            rows += self.close(spikes)
        if is_full:
            self._rows += 1
            if self._rows % _ROWS_OF_A_SIZE == 0:
                self._size *= 2
        return rows

    def close(self, spikes: frozenset[str] = frozenset()) -> list[Recorded]:
        """Return what has come as a row; none if nothing has."""
        if not self._pending or self._last is None:
            return []
        values, spreads, steps = self._take_pending()
        return [
            Recorded(self._last, values, Window(self.epoch, steps, spreads, spikes))
        ]

    def end_epoch(self, epoch: int, values: Mapping[str, float]) -> Recorded | None:
        """End an epoch; return its last row, with values that came at its end.

        Args:
            epoch: Zero-based epoch.
            values: Those of its end: of validation, and means of the epoch.

        Returns:
            The row; `None` if there has been no step.
        """
        if self._last is None:
            return None
        so_far, spreads, steps = self._take_pending()
        window = Window(epoch, steps, spreads, ends_epoch=True)
        return Recorded(self._last, {**so_far, **values}, window)

    def _take_pending(self) -> tuple[dict[str, float], dict[str, Spread], int]:
        """Return what has come, summed up, and of how many steps; then it is gone."""
        values, spreads = _summed_up(self._pending, self._recent)
        steps = self._steps
        self._pending, self._steps = [], 0
        return values, spreads, steps


def columns_of(rows: Iterable[Mapping[str, float]]) -> dict[str, list[float]]:
    """Return the values of each metric in some rows, in the order they came."""
    columns: dict[str, list[float]] = {}
    for row in rows:
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    return columns


def _summed_up(
    steps: list[Mapping[str, float]], recent: Iterable[Mapping[str, float]]
) -> tuple[dict[str, float], dict[str, Spread]]:
    """Return the median of each metric, and its spread.

    Args:
        steps: The values of each step.
        recent: Those of the last ones, for the spread where these are too few.
    """
    if len(steps) == 1:
        return dict(steps[0]), {}
    medians: dict[str, float] = {}
    spreads: dict[str, Spread] = {}
    for name, column in columns_of(steps).items():
        medians[name] = middle_of(column)
        near = finite = finite_in(column)
        if len(finite) < _LEAST_SPREAD:
            near = finite_in([row[name] for row in recent if name in row])
        if finite and len(near) >= _LEAST_SPREAD:
            low, high = percentiles(sorted(near))
            moved = 0.0 if near is finite else medians[name] - median(near)
            spreads[name] = low + moved, high + moved
    return medians, spreads


def recorded(history: History) -> History:
    """Return a log of steps as it would have been recorded live; epochs as they are.

    Args:
        history: As it was read: each row a step, unless it is a record of ours.
    """
    count = len(history)
    windows = [history.window(place) for place in range(count)]
    is_ours = any(
        each is not None and (each.spreads or each.spikes) for each in windows
    )
    if history.axis is not STEPS or is_ours:
        return history
    rows, made = StepRows(), History()
    for window, row in zip(windows, history.rows(count), strict=True):
        for each in _rows_of(rows, row, window):
            made.append(*each)
    for each in rows.close():
        made.append(*each)
    return made


def _rows_of(
    rows: StepRows, row: tuple[int, dict[str, float]], window: Window | None
) -> Iterator[Recorded]:
    if window is None:
        return
    step, values = row
    yield from rows.take(step, window.epoch, values)
    if window.ends_epoch:
        last = rows.end_epoch(window.epoch, {})
        if last is not None:
            yield last
