"""Logs in columns: Keras's CSVLogger and its kin, fed line by line as they grow."""

import csv
import re
from collections.abc import Sequence

from keras_sonify.readers.rows import (
    MOST_EPOCH,
    LogError,
    Row,
    Warn,
    metric_names,
    read_number,
)
from keras_sonify.training.foreign import from_cell

_MOST_CELLS = 100_000  # in a row
_SEPARATORS = ",;\t|"
_ABSENT = frozenset(["", "NA", "N/A", "None", "null", "-"])
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>")


class CsvLog:
    """Takes in the lines of a log and gives out its epochs.

    Understood are any separator, quoted lists (left out: they are no single number),
    empty lines, a header that comes again, and no column of epochs. Rows of
    Lightning's `metrics.csv`, several of which make an epoch, are merged.

    Args:
        name: What to call the log in messages.
        warn: Function that is given each warning.
    """

    def __init__(self, name: str, warn: Warn) -> None:
        self._name = name
        self._warn = warn
        self._separator = ","
        self._columns: list[str | None] = []
        self._epoch_column: int | None = None
        self._counted = -1
        self._first_epoch: int | None = None
        self._is_one_based = False
        self._is_sparse = False
        self._pending: Row | None = None
        self._line = 0
        self._odd_lines: dict[str, int] = {}

    @staticmethod
    def claims(head: Sequence[str]) -> bool:
        """Whether a log that begins so may be a table: any may, for want of better."""
        return bool(head)

    def feed(self, line: str) -> list[Row]:
        """Take in one line; return the epochs that are complete now.

        Raises:
            LogError: If the first line holds no names.
        """
        self._line += 1
        line = line.strip("\r\n\ufeff\x00 ")
        if not line:
            return []
        if problem := self._problem(line):
            self._leave_out(problem)
            return []
        try:
            cells = next(csv.reader([line], delimiter=self._separator))
            if not self._columns or _is_header(cells, self._columns):
                self._read_header(line)
                return []
        except csv.Error as error:
            self._leave_out(f"no row ({error})")
            return []
        if len(cells) != len(self._columns):
            self._leave_out(
                f"not the {len(self._columns)} cells that the header names",
            )
            return []
        return self._take(self._read_row(cells))

    def finish(self) -> list[Row]:
        """Return what was pending at the log's end, and tell of lines left out."""
        for problem, count in self._odd_lines.items():
            if count > 1:
                self._warn(
                    f"{self._name}: {count} such lines in all ({problem}); "
                    "they were left out.",
                )
        pending, self._pending = self._pending, None
        return [pending] if pending else []

    def _problem(self, line: str) -> str | None:
        """Return why a line is not even looked at; `None` if it is."""
        if line.startswith(_CONFLICT):
            return "a mark of a merge conflict"
        if line.count(self._separator) >= _MOST_CELLS:
            return f"more than {_MOST_CELLS} cells"
        return None

    def _read_header(self, line: str) -> None:
        self._separator = _separator(line)
        cells = [
            from_cell(cell.strip())
            for cell in next(csv.reader([line], delimiter=self._separator))
        ]
        if all(cell in _ABSENT or read_number(cell) is not None for cell in cells):
            raise LogError(
                f"{self._name}, line {self._line}: the first line must hold the names "
                f"of the columns. Received: {line[:60]!r}",
            )
        lower = [cell.lower() for cell in cells]
        named = lower.index("epoch") if "epoch" in lower else None
        # pandas writes its index into a first column without a name.
        self._epoch_column = 0 if named is None and cells[0] == "" else named
        # Who writes `Epoch` is no Keras, and may count from 1.
        self._is_one_based = named is not None and cells[named] != "epoch"
        self._is_sparse = named is not None and "step" in lower
        names = metric_names(cells)
        skipped = {"", "step"} if self._is_sparse else {""}
        self._columns = [
            None if place == self._epoch_column or cell in skipped else names[cell]
            for place, cell in enumerate(cells)
        ]

    def _read_row(self, cells: Sequence[str]) -> Row | None:
        values: dict[str, float] = {}
        epoch: int | None = self._counted + 1
        for place, (cell, column) in enumerate(zip(cells, self._columns, strict=True)):
            if place == self._epoch_column:
                epoch = self._read_epoch(cell.strip())
            elif column is not None and cell not in _ABSENT:
                number = read_number(cell)
                if number is not None:
                    values[column] = number
        if epoch is None:
            self._leave_out("no number of an epoch")
            return None
        self._counted = epoch
        return epoch, values

    def _read_epoch(self, cell: str) -> int | None:
        number = read_number(cell)
        if number is None or not abs(number) <= MOST_EPOCH:  # nor NaN
            return None
        if self._first_epoch is None:
            self._first_epoch = int(number)
        return int(number) - (self._is_one_based and self._first_epoch == 1)

    def _take(self, row: Row | None) -> list[Row]:
        """Return the row, or in a sparse log the epoch that it completes."""
        if row is None:
            return []
        if not self._is_sparse:
            return [row]
        pending = self._pending
        if pending is not None and pending[0] == row[0]:
            pending[1].update(row[1])
            return []
        self._pending = row
        return [pending] if pending else []

    def _leave_out(self, problem: str) -> None:
        """Warn of the first line of a kind; the others are counted."""
        count = self._odd_lines[problem] = self._odd_lines.get(problem, 0) + 1
        if count == 1:
            self._warn(f"{self._name}, line {self._line}: {problem}; it was left out.")


def _separator(header: str) -> str:
    """Return what parts the columns; `CSVLogger` takes any character."""
    usual = max(_SEPARATORS, key=header.count)
    other = re.match(r'epoch([^\w"\0\r\n])', header)
    # The names may hold more of another separator than there are columns.
    is_sure = other is not None and other[1] in _SEPARATORS
    return other[1] if other and (is_sure or usual not in header) else usual


def _is_header(cells: Sequence[str], columns: Sequence[str | None]) -> bool:
    """Whether a later line is a header again: it has names where numbers belong."""
    texts = [from_cell(cell.strip()) for cell in cells]
    known = {column for column in columns if column} | {"epoch"}
    return all(
        text not in _ABSENT and read_number(text) is None for text in texts
    ) and any(name in known for name in metric_names(texts).values())
