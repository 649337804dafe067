"""The values of a run, kept small: nine bytes a value, whatever the run's length."""

from array import array
from collections.abc import Iterator, Mapping


class History:
    """What was heard in a run, epoch by epoch.

    One thread may append while others read the epochs that were there before: a
    reader names how many epochs it means.
    """

    def __init__(self) -> None:
        self._epochs = array("q")
        self._columns: dict[str, tuple[array[float], bytearray]] = {}

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

    def series(self, name: str, count: int) -> Iterator[tuple[int, float | None]]:
        """Yield the epoch and the metric's value, or `None`, of the first epochs."""
        column, present = self._columns[name]
        for place in range(count):
            value = column[place] if present[place] else None
            yield self._epochs[place], value

    def rows(self, count: int) -> Iterator[tuple[int, dict[str, float]]]:
        """Yield the first epochs as they were appended."""
        columns = [(name, *column) for name, column in tuple(self._columns.items())]
        for place in range(count):
            yield (
                self._epochs[place],
                {
                    name: column[place]
                    for name, column, present in columns
                    if present[place]
                },
            )
