"""The median of values that keep coming, in bounded memory."""

from bisect import insort

_MOST = 3000  # values that are held
_THINNING = 3  # one in so many is kept on; odd, for the two of a family take turns


class RunningMedian:
    """The upper median of what was included: a value among them.

    Of more than 3000 values one in three stands for all, of more than 9000 one in
    nine, and so on: the same for the same values in the same order.
    """

    def __init__(self) -> None:
        self._held: list[float] = []
        self._sorted: list[float] = []
        self._count = 0
        self._stride = 1

    def include(self, value: float) -> None:
        """Take in a value, which must be finite."""
        is_held = self._count % self._stride == 0
        self._count += 1
        if not is_held:
            return
        self._held.append(value)
        insort(self._sorted, value)
        if len(self._held) > _MOST:
            self._held = self._held[::_THINNING]
            self._sorted = sorted(self._held)
            self._stride *= _THINNING

    @property
    def value(self) -> float | None:
        """The median; `None` before the first value."""
        if not self._sorted:
            return None
        return self._sorted[len(self._sorted) // 2]
