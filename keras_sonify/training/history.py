"""The values of a run, kept small: eight bytes a value and twenty an epoch."""

import math
import threading
from array import array
from collections.abc import Iterator, Mapping, Sequence

from keras_sonify.training.points import (
    MOST_POINTS,
    Placed,
    Point,
    reach_of,
    window_size,
)


class History:
    """All values of a run, epoch by epoch.

    The values stand one after the other. Epochs with the same metrics share one list of
    their names, so that memory and time follow the number of values: a metric that
    comes once costs nothing in the other epochs.

    One thread may append while others read the epochs that were there before: a
    reader names how many epochs it means.
    """

    def __init__(self) -> None:
        self._epochs = array("q")
        self._values = array("d")
        self._starts = array("q", [0])  # where the values of each epoch begin
        self._kinds = array("l")  # which names each epoch has
        self._names_of: list[tuple[str, ...]] = []
        self._kind_of: dict[tuple[str, ...], int] = {}
        self._names: dict[str, None] = {}
        # Points that will not change any more, by how many epochs share one.
        self._known: tuple[int, list[Point]] = (0, [])
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return the number of epochs."""
        return len(self._epochs)

    @property
    def names(self) -> list[str]:
        """The metrics that have had a value, in the order in which they came."""
        return list(self._names)

    def __contains__(self, name: str) -> bool:
        """Whether the metric has had a value."""
        return name in self._names

    def append(self, epoch: int, values: Mapping[str, float]) -> None:
        """Add one epoch. A metric without a value is absent, which is not NaN."""
        names = tuple(values)
        kind = self._kind_of.get(names)
        if kind is None:
            kind = self._kind_of[names] = len(self._names_of)
            self._names_of.append(names)
            self._names.update(dict.fromkeys(names))
        self._values.extend(values.values())
        self._kinds.append(kind)
        self._starts.append(len(self._values))
        # Last, so that a reader who counts epochs finds their values.
        self._epochs.append(epoch)

    def epoch(self, place: int) -> int:
        """Return the epoch at a place."""
        return self._epochs[place]

    def rows(
        self, count: int, start: int = 0
    ) -> Iterator[tuple[int, dict[str, float]]]:
        """Yield epochs as they were appended.

        Args:
            count: How many epochs of the run are meant.
            start: Place of the first one to yield. Defaults to `0`.
        """
        for place in range(start, count):
            values = self._values[self._starts[place] : self._starts[place + 1]]
            names = self._names_of[self._kinds[place]]
            yield self._epochs[place], dict(zip(names, values, strict=True))

    def points(self, count: int, *, is_full: bool = False) -> "Points":
        """Return the first epochs as points.

        Args:
            count: How many epochs are meant.
            is_full: Boolean. Whether each epoch is a point, however many there are.
                Defaults to `False`.
        """
        size = 1 if is_full else window_size(count)
        if count > MOST_POINTS * size:
            return Points(self, count, size)  # too many to be kept
        with self._lock:
            known_size, known = self._known
            if known_size != size:
                known = []
            for start in range(len(known) * size, count - size + 1, size):
                known.append(self.point(start, start + size))
            if size >= known_size:
                self._known = (size, known)
            return Points(self, count, size, known[: count // size])

    def point(self, start: int, stop: int) -> Point:
        """Return the epochs from one place to before another as a point."""
        reaches = {
            name: reach_of(placed) for name, placed in self._placed(start, stop).items()
        }
        return Point(
            place=start,
            count=stop - start,
            first_epoch=self._epochs[start],
            epoch=self._epochs[stop - 1],
            reaches=reaches,
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


class Points:
    """The points of a run so far; may be gone through again and again.

    Args:
        history: The run.
        count: Number of epochs that are meant.
        size: Epochs that share a point; the last one may stand for fewer.
        known: The first points, as far as they are known. Defaults to none.
    """

    def __init__(
        self, history: History, count: int, size: int, known: Sequence[Point] = ()
    ) -> None:
        self._history = history
        self._known = known
        self.count = count
        self.size = size

    def __len__(self) -> int:
        """Return the number of points."""
        return math.ceil(self.count / self.size)

    def __iter__(self) -> Iterator[Point]:
        """Yield the points in their order."""
        yield from self._known
        for start in range(len(self._known) * self.size, self.count, self.size):
            yield self._history.point(start, min(start + self.size, self.count))

    @property
    def are_windows(self) -> bool:
        """Whether several epochs share a point."""
        return self.size > 1

    def index(self, place: int) -> int:
        """Return which point an epoch belongs to, by its place in the run."""
        return place // self.size

    def middle(self, index: int) -> int:
        """Return the place in the run of the middle of a point."""
        start = index * self.size
        return (start + min(start + self.size, self.count) - 1) // 2

    def epoch(self, place: int) -> int:
        """Return the zero-based number of an epoch, by its place in the run."""
        return self._history.epoch(place)
