"""The values of a run, kept small: eight bytes a value and twenty a row."""

import threading
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from itertools import pairwise
from typing import Any

from keras_sonify.training.axis import EPOCHS, STEPS, At, Axis
from keras_sonify.training.points import (
    MOST_POINTS,
    Placed,
    Point,
    Window,
    median,
    window_size,
    windows_in,
)
from keras_sonify.training.reaches import reach_of, step_reach
from keras_sonify.training.run_points import Points

_BEGINNING = 20  # rows by which it is told how far apart they are


class History:
    """All values of a run, row by row: an epoch each, or some steps.

    The values stand one after the other. Rows with the same metrics share one list of
    their names, so that memory and time follow the number of values: a metric that
    comes once costs nothing in the other rows.

    One thread may append while others read the rows that were there before: a
    reader names how many rows it means.
    """

    def __init__(self) -> None:
        self._ats = array("q")  # where each row lies on the axis
        self._windows: list[Window] = []  # of each row, on the axis of steps
        self._values = array("d")
        self._starts = array("q", [0])  # where the values of each row begin
        self._kinds = array("l")  # which names each row has
        self._names_of: list[tuple[str, ...]] = []
        self._kind_of: dict[tuple[str, ...], int] = {}
        self._names: dict[str, None] = {}
        self._spread: dict[str, None] = {}
        # Points that will not change any more, by how many epochs share one.
        self._known: tuple[int, list[Point]] = (0, [])
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._ats)

    def __getstate__(self) -> dict[str, Any]:
        """Return all that came, for another process, while rows go on to come."""
        # A copy of each part is made at once, and holds what a reader counts by then.
        shared = {"_lock", "_known"}
        return {k: copy(part) for k, part in vars(self).items() if k not in shared}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Be what another process has sent."""
        vars(self).update(state)
        self._known, self._lock = (0, []), threading.Lock()

    @property
    def axis(self) -> Axis:
        """What it counts: the first row decides."""
        return STEPS if self._windows else EPOCHS

    @property
    def names(self) -> list[str]:
        """The metrics that have had a value, in the order in which they came."""
        return list(self._names)

    @property
    def spread_names(self) -> list[str]:
        """Those of them whose spread is known, in steps."""
        return list(self._spread)

    def __contains__(self, name: str) -> bool:
        """Whether the metric has had a value."""
        return name in self._names

    def append(
        self, at: int, values: Mapping[str, float], window: Window | None = None
    ) -> None:
        """Add one row. A metric without a value is absent, which is not NaN.

        Args:
            at: Its zero-based epoch, or how many steps have been done with it.
            values: Its values.
            window: What it stands for, on the axis of steps. Defaults to `None`: it
                is an epoch.

        Raises:
            ValueError: If it is on another axis than the rows before it.
        """
        if self._ats and (window is not None) != bool(self._windows):
            raise ValueError("A run is told in epochs or in steps, not in both.")
        names = tuple(values)
        kind = self._kind_of.get(names)
        if kind is None:
            kind = self._kind_of[names] = len(self._names_of)
            self._names_of.append(names)
            self._names.update(dict.fromkeys(names))
        self._values.extend(values.values())
        self._kinds.append(kind)
        self._starts.append(len(self._values))
        if window is not None:
            self._windows.append(window)
            self._spread.update(dict.fromkeys(window.spreads))
        # Last, so that a reader who counts rows finds their values.
        self._ats.append(at)

    def at(self, place: int) -> At:
        """Return where the row at a place lies."""
        at = self._ats[place]
        return At(self._windows[place].epoch, at) if self._windows else At(at)

    def before(self, count: int) -> int:
        """Return after how many steps a run begins, of which some rows are meant.

        What was logged every ten steps, from step 10 on, begins after step 0; what
        begins with step 0, before it.
        """
        first = self._ats[0]
        rows = self._ats[: min(count, _BEGINNING)]
        gaps = [after - before for before, after in pairwise(rows)]
        return max(
            first - max(round(median(gaps)) if gaps else 1, 1), min(first - 1, 0)
        )

    def window(self, place: int) -> Window | None:
        """Return what the row at a place stands for; `None` if it is an epoch."""
        return self._windows[place] if self._windows else None

    def rows(
        self, count: int, start: int = 0
    ) -> Iterator[tuple[int, dict[str, float]]]:
        """Yield rows as they were appended: where they lie, and their values.

        Args:
            count: How many rows of the run are meant.
            start: Place of the first one to yield. Defaults to `0`.
        """
        for place in range(start, count):
            values = self._values[self._starts[place] : self._starts[place + 1]]
            names = self._names_of[self._kinds[place]]
            yield self._ats[place], dict(zip(names, values, strict=True))

    def points(
        self, count: int, *, is_full: bool = False, most: int | None = None
    ) -> Points:
        """Return the first rows as points.

        Args:
            count: How many rows are meant.
            is_full: Boolean. Whether each row is a point, however many there are.
                Defaults to `False`.
            most: How many points there may be, in steps. Defaults to `MOST_WINDOWS`.
        """
        if self._windows:
            starts = range(count) if is_full else self._equal_parts(count, most)
            stops = [*starts[1:], count]
            # Asked for again and again, and not many: made once.
            known = [*map(self.point, starts, stops)]
            return Points(self, count, starts, known)
        size = 1 if is_full else window_size(count)
        starts = range(0, count, size)
        if count > MOST_POINTS * size:
            return Points(self, count, starts)  # too many to be kept
        with self._lock:
            known_size, known = self._known
            if known_size != size:
                known = []
            for start in range(len(known) * size, count - size + 1, size):
                known.append(self.point(start, start + size))
            if size >= known_size:
                self._known = (size, known)
            return Points(self, count, starts, known[: count // size])

    def _equal_parts(self, count: int, most: int | None) -> Sequence[int]:
        """Return the places with which windows begin that are alike in steps."""
        windows = windows_in(count) if most is None else windows_in(count, most)
        if windows == count:
            return range(count)
        first, last = self._ats[0], self._ats[count - 1]
        edges = (first + (last - first) * k / windows for k in range(windows))
        starts = (bisect_left(self._ats, edge, 0, count) for edge in edges)
        return sorted({*starts} - {count})

    def point(self, start: int, stop: int) -> Point:
        """Return the rows from one place to before another as a point."""
        placed = self._placed(start, stop)
        windows = self._windows[start:stop] if self._windows else []
        return Point(
            place=start,
            count=stop - start,
            first=self.at(start),
            at=self.at(stop - 1),
            reaches={
                name: step_reach(name, of_one, windows, start)
                if windows
                else reach_of(of_one)
                for name, of_one in placed.items()
            },
            steps=sum(window.steps for window in windows),
            epoch_ends=tuple(each.epoch for each in windows if each.ends_epoch),
        )

    def _placed(self, start: int, stop: int) -> dict[str, list[Placed]]:
        """Return by metric the values from one place to before another."""
        names = self._names_of[self._kinds[start]]
        if len({*self._kinds[start:stop]}) == 1:  # as in nearly every window
            values = self._values[self._starts[start] : self._starts[stop]]
            return {
                name: list(enumerate(values[column :: len(names)], start))
                for column, name in enumerate(names)
            }
        placed: dict[str, list[Placed]] = {}
        rows = self.rows(stop, start)
        for place, (_, row) in enumerate(rows, start):
            for name, value in row.items():
                placed.setdefault(name, []).append((place, value))
        return placed
