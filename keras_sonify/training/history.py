"""The values of a run, kept small: nine bytes a value, whatever the run's length."""

import math
import threading
from array import array
from collections.abc import Iterator, Mapping, Sequence

from keras_sonify.training.points import MOST_POINTS, Point, reach_of, window_size


class History:
    """All values of a run, epoch by epoch.

    One thread may append while others read the epochs that were there before: a
    reader names how many epochs it means.
    """

    def __init__(self) -> None:
        self._epochs = array("q")
        self._columns: dict[str, tuple[array[float], bytearray]] = {}
        # Points that will not change any more, by how many epochs share one.
        self._known: tuple[int, list[Point]] = (0, [])
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return the number of epochs."""
        return len(self._epochs)

    @property
    def names(self) -> list[str]:
        """The metrics that have had a value, in the order in which they came."""
        return list(self._columns)

    def __contains__(self, name: str) -> bool:
        """Whether the metric has had a value."""
        return name in self._columns

    def append(self, epoch: int, values: Mapping[str, float]) -> None:
        """Add one epoch. A metric without a value is absent, which is not NaN."""
        before = len(self._epochs)
        for name in [name for name in values if name not in self._columns]:
            self._columns[name] = (array("d", bytes(8 * before)), bytearray(before))
        for name, (column, present) in self._columns.items():
            column.append(values.get(name, 0.0))
            present.append(name in values)
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
        columns = [(name, *column) for name, column in tuple(self._columns.items())]
        for place in range(start, count):
            yield (
                self._epochs[place],
                {
                    name: column[place]
                    for name, column, present in columns
                    if present[place]
                },
            )

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
        reaches = {}
        for name, (column, present) in tuple(self._columns.items()):
            values = column[start:stop].tolist()
            reach = reach_of(start, values, bytes(present[start:stop]))
            if reach is not None:
                reaches[name] = reach
        return Point(
            place=start,
            count=stop - start,
            first_epoch=self._epochs[start],
            epoch=self._epochs[stop - 1],
            reaches=reaches,
        )


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
