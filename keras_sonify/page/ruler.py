"""Where the points of a run lie along its axis: in pictures, and in time.

Each epoch has an equal share of the axis, or each step. A place on it is zero-based, as
if one counted from the beginning of the run: that of an epoch is its row.
"""

from functools import cached_property

from keras_sonify.page.ticks import epoch_ticks, step_ticks
from keras_sonify.training.axis import EPOCHS
from keras_sonify.training.run_points import Points


class Ruler:
    """The axis of a run.

    Args:
        points: The run, of at least one row.
    """

    def __init__(self, points: Points) -> None:
        self._points = points
        self._is_even = points.axis is EPOCHS
        last = points.at(points.count - 1).place
        self._before = 0 if self._is_even else points.before
        self.length = points.count if self._is_even else last - self._before
        """How many epochs or steps it is long."""

    def place(self, row: int) -> int:
        """Return where a row lies, by its place in the run."""
        if self._is_even:
            return row
        return self._points.at(row).place - self._before - 1

    def middle(self, index: int) -> float:
        """Return where the middle of a point lies."""
        if self._is_even:
            return self._points.middle(index)
        begin, end = self.edges[index], self.edges[index + 1]
        return (begin + end - 1) / 2

    @cached_property
    def edges(self) -> list[int]:
        """Where points end that last equally long when they are played, from 0 on."""
        if self._is_even:
            return [0, self.length]
        lasts = (point.at.place - self._before for point in self._points)
        return [0, *lasts]

    def ticks(self, most: int = 10) -> list[tuple[int, int]]:
        """Return the places that are labelled, each with its number.

        Args:
            most: How many round ones there may be; fewer of steps, whose numbers are
                long. Defaults to `10`.
        """
        if self._is_even:
            places = epoch_ticks(self.length, most)
            return [(place, self._points.at(place).number) for place in places]
        most = most * 3 // 5  # numbers of steps are long
        steps = step_ticks(self._before, self._before + self.length, most)
        return [(step - self._before - 1, step) for step in steps]
