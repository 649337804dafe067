"""A log that was written anew, with more in it: only that is news."""

from collections.abc import Iterable, Iterator

from keras_sonify.readers.rows import Row, StepRow

_MOST_COMPARED = 1000  # rows: another training differs in one of them


class Again:
    """Leaves out of a log what it held before, when it is read from its start again.

    Lightning writes the whole log for each row, other programs when a column is added.
    The same rows are the same training; one that differs begins another.
    """

    def __init__(self) -> None:
        self._first: list[Row] = []  # rows, as they came first
        self._count = 0  # places that were told; a step may be told in two rows
        self._names: set[str] = set()  # that were told of the last one
        self._at: int | None = None
        self._place = -1  # of the row that came last, since the log was begun
        self._held: list[Row] = []  # what may be another training
        self._is_again = False

    def begin(self) -> None:
        """Be told that the log is read from its start again."""
        self._is_again = self._count > 0
        self._place, self._at, self._held = -1, None, []

    def news(self, rows: Iterable[Row]) -> list[Row]:
        """Return the rows that were not told before."""
        return [each for row in rows for each in self._look(row)]

    def _look(self, row: Row) -> Iterator[Row]:
        if not (isinstance(row, StepRow) and row[0] == self._at):
            self._place += 1
        self._at = row[0]
        if self._is_again and self._place < self._count:
            if self._is_known(row):
                yield from self._late(row)
                return
            held, self._held = self._held, []
            self._first, self._count, self._is_again = [], 0, False
            self._place, self._at = -1, None
            yield from self.news(held)
            return
        self._is_again, self._held = False, []
        if self._place >= self._count:
            self._count, self._names = self._place + 1, set()
        self._names |= row[1].keys()
        if len(self._first) == self._place < _MOST_COMPARED:
            self._first.append(row)
        yield row

    def _is_known(self, row: Row) -> bool:
        """Whether a row is one that was told; else another training has begun."""
        if self._place >= len(self._first):
            return True
        self._held.append(row)
        at, values = self._first[self._place]
        # By their text, since NaN equals nothing.
        return at == row[0] and all(
            repr(row[1].get(name, value)) == repr(value)
            for name, value in values.items()
        )

    def _late(self, row: Row) -> Iterator[Row]:
        """Yield what has come since of the last step that was told."""
        is_last = self._place == self._count - 1 and isinstance(row, StepRow)
        late = {k: v for k, v in row[1].items() if is_last and k not in self._names}
        if late and isinstance(row, StepRow):
            self._names |= late.keys()
            yield StepRow(row[0], late, row.window)
