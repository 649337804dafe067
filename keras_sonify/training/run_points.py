"""The points of a run so far, gone through again and again."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from keras_sonify.training.axis import At, Axis
from keras_sonify.training.points import Point

if TYPE_CHECKING:  # it makes them of itself
    from keras_sonify.training.history import History


class Points:
    """The points of a run so far; may be gone through again and again.

    Args:
        history: The run.
        count: Number of rows that are meant.
        starts: The place with which each begins.
        known: The first points, as far as they are known. Defaults to none.
    """

    def __init__(
        self,
        history: "History",
        count: int,
        starts: Sequence[int],
        known: Sequence[Point] = (),
    ) -> None:
        self._history = history
        self._starts = starts
        self._known = known
        self.count = count

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self._starts)

    def __iter__(self) -> Iterator[Point]:
        """Yield the points in their order."""
        yield from self._known
        for index in range(len(self._known), len(self)):
            yield self._history.point(self._starts[index], self._stop(index))

    @property
    def axis(self) -> Axis:
        """What the run counts."""
        return self._history.axis

    @property
    def are_windows(self) -> bool:
        """Whether several rows share a point."""
        return len(self) < self.count

    @property
    def size(self) -> int:
        """How many rows share a point, the last one aside; in steps, the first."""
        return self._stop(0) - self._starts[0] if self._starts else 1

    def index(self, place: int) -> int:
        """Return which point a row belongs to, by its place in the run."""
        return bisect_right(self._starts, place) - 1

    def middle(self, index: int) -> int:
        """Return the place in the run of the middle of a point."""
        return (self._starts[index] + self._stop(index) - 1) // 2

    @property
    def before(self) -> int:
        """After how many steps the run begins; see `History.before`."""
        return self._history.before(self.count)

    def at(self, place: int) -> At:
        """Return where a row lies, by its place in the run."""
        return self._history.at(place)

    def _stop(self, index: int) -> int:
        return self._starts[index + 1] if index + 1 < len(self) else self.count
