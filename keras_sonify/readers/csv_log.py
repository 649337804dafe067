"""Logs in columns: Keras's CSVLogger and its kin, fed line by line as they grow."""

import csv
import math
import re
from collections.abc import Collection, Sequence

from keras_sonify.readers.cells import ABSENT, Cells, read_epoch_words
from keras_sonify.readers.columns import Columns
from keras_sonify.readers.final_test import FinalTest
from keras_sonify.readers.first_epoch import FirstEpoch
from keras_sonify.readers.header import MOST_CELLS, bare, find_header, split_row
from keras_sonify.readers.left_out import LeftOut
from keras_sonify.readers.merged import Merged
from keras_sonify.readers.rows import (
    MOST_EPOCH,
    LogError,
    Record,
    Row,
    Warn,
    read_number,
    read_step,
)

_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>")
_RULER = frozenset("-+=:| ")
_WHOLE = re.compile(r"\d+(?:\.0*)?")
_LONGEST_TOLD = 40  # characters of a cell


class CsvLog:
    """Takes in the lines of a log from its header on and gives out its rows.

    Understood are any separator, blanks in any number, numbers in all ways of writing,
    empty lines, a header that comes again, and no column of epochs. Where there is a
    column of steps, as in Lightning's `metrics.csv`, its rows are records. Those of
    training and validation, where each has its own, are merged.

    Args:
        name: What to call the log in messages.
        warn: Function that is given each warning.
        before: Number of lines that were there before the header. Defaults to `0`.
    """

    counts_from_zero = False  # for sure, as our own record does
    finds_steps = True  # by the name of a column

    def __init__(self, name: str, warn: Warn, before: int = 0) -> None:
        self._name = name
        self._warn = warn
        self._columns: Columns | None = None
        self._cells = Cells(",")
        self._counted = -1
        self._first = FirstEpoch(counts_from_zero=self.counts_from_zero)
        self._is_fractional = False
        self._merged = Merged()
        self._test = FinalTest()
        self._collected: dict[int, dict[str, float]] = {}
        self._line = before
        self._left_out = LeftOut(name, warn)
        self._doubted: set[str] = set()

    @staticmethod
    def claims(head: Sequence[str]) -> int | None:
        """Return which line is the header of a table; `None` if none is."""
        return find_header(head)

    def feed(self, line: str) -> Sequence[Row | Record]:
        """Take in one line; return the rows that are complete now.

        Raises:
            LogError: If its rows are no epochs.
        """
        self._line += 1
        line = bare(line)
        if problem := self._problem(line):
            self._left_out.add(self._line, problem)
        elif line and not (line[0] in _RULER and _RULER.issuperset(line)):
            return self._feed_line(line)
        return []

    def _feed_line(self, line: str) -> Sequence[Row | Record]:
        columns = self._columns
        if columns is None:
            self._read_header(line.lstrip("# "))
            return []
        try:
            cells = split_row(line, columns.separator)
            if columns.is_header(cells):
                self._read_header(line)
                return []
        except csv.Error as error:
            self._left_out.add(self._line, f"no row ({error})")
            return []
        if len(cells) != len(columns) and not columns.fit(cells):
            self._left_out.add(
                self._line,
                "a comment"
                if line[0] == "#"
                else f"not the {len(columns)} cells that the header names",
            )
            return []
        try:
            columns.learn(cells)
        except LogError as error:
            raise LogError(f"{self._name}: {error}") from None
        return self._read(columns, cells)

    def _read(self, columns: Columns, cells: Sequence[str]) -> Sequence[Row | Record]:
        """Return what a row holds, or the epoch that it completes."""
        if columns.step is not None:
            return self._release(columns, self._read_record(columns, cells))
        row = self._read_row(columns, cells)
        if row is None:
            return []
        if columns.long is None:
            return [row]
        if columns.long.metric is None:
            return self._merged.add(row)
        # R writes all epochs of one metric, then those of the next.
        self._collected.setdefault(row[0], {}).update(row[1])
        return []

    def finish(self) -> list[Row]:
        """Return what was pending at the log's end; tell how much was left out."""
        self._left_out.sum_up()
        rows = [*sorted(self._collected.items()), *self._merged.finish()]
        is_test = bool(rows) and self._is_test(rows[-1][1])
        if is_test or self._test.is_left_out:
            rows = rows[:-1] if is_test else rows
            self._warn(f"{self._name}: the values of a test at its end were left out.")
        return rows

    def _problem(self, line: str) -> str | None:
        """Return why a line is not even looked at; `None` if it is."""
        if line.startswith(_CONFLICT) and line[7:8] in {"", " "}:
            return "a mark of a merge conflict"
        # A short line is not looked at again.
        if (
            len(line) >= MOST_CELLS
            and self._columns
            and line.count(self._columns.separator) >= MOST_CELLS
        ):
            return f"more than {MOST_CELLS} cells"
        return None

    def _read_header(self, line: str) -> None:
        def tell(sentence: str) -> None:
            self._warn(f"{self._name}, line {self._line}: {sentence}")

        self._columns = Columns(line, self._name, tell, finds_steps=self.finds_steps)
        self._cells = Cells(self._columns.separator)

    def _read_row(self, columns: Columns, cells: Sequence[str]) -> Row | None:
        values: dict[str, float] = {}
        epoch: int | None = self._counted + 1
        is_plain = self._cells.is_plain
        for place, (cell, column) in enumerate(zip(cells, columns.names, strict=True)):
            if place == columns.epoch:
                epoch = self._read_epoch(cell.strip())
            elif column is not None and cell not in ABSENT:
                number = read_number(cell) if is_plain else None
                if number is None:
                    number = self._read_cell(cell, column)
                if number is not None:
                    values[column] = number
        if epoch is None:
            self._left_out.add(self._line, "no number of an epoch")
            return None
        self._counted = epoch
        if columns.long is not None:
            values = columns.long.named(cells, values)
        return epoch, values

    def _read_record(self, columns: Columns, cells: Sequence[str]) -> Record | None:
        """Return what a row of a table with steps holds; `None` if it has no place."""
        if columns.summary is not None and cells[columns.summary] not in ABSENT:
            return None
        values: dict[str, float] = {}
        means: dict[str, float] = {}
        is_plain = self._cells.is_plain
        for place, (cell, column) in enumerate(zip(cells, columns.names, strict=True)):
            if column is not None and cell not in ABSENT:
                number = read_number(cell) if is_plain else None
                if number is None:
                    number = self._read_cell(cell, column)
                if number is not None:
                    (means if place in columns.means else values)[column] = number
        if columns.long is not None:
            values = columns.long.named(cells, values)
        return self._placed(columns, cells, values, means)

    def _placed(
        self,
        columns: Columns,
        cells: Sequence[str],
        values: dict[str, float],
        means: dict[str, float],
    ) -> Record | None:
        """Return a record with what a row says of its place; `None` if that is none."""
        epoch, ends_epoch, step = None, False, None
        cell = "" if columns.epoch is None else cells[columns.epoch].strip()
        # Who logs several things says not always in which epoch.
        if cell not in ABSENT:
            epoch = self._read_epoch(cell)
            if epoch is None:
                self._left_out.add(self._line, "no number of an epoch")
                return None
            self._counted = epoch
            ends_epoch = self._is_fractional and bool(_WHOLE.fullmatch(cell))
        if columns.step is not None:
            cell = cells[columns.step].strip()
            step = read_step(self._cells.read(cell))
            if step is None and cell not in ABSENT:
                self._left_out.add(self._line, "no number of a step")
                return None
        takes_means = not self._is_fractional
        return Record(epoch, step, values, means, takes_means, ends_epoch)

    def _read_cell(self, cell: str, column: str) -> float | None:
        """Return the number in a cell that is not written as most are."""
        number = self._cells.read(cell)
        if number is None and cell.strip() not in ABSENT:
            told = repr(cell.strip()[:_LONGEST_TOLD])
            self._left_out.add(self._line, f"no number in column {column}", f", {told}")
        elif self._cells.doubt and column not in self._doubted:
            self._doubted.add(column)
            self._warn(
                f"{self._name}, line {self._line}: {cell.strip()!r} in column {column} "
                f"is read as {number:g}."
            )
        return number

    def _read_epoch(self, cell: str) -> int | None:
        number = read_number(cell)
        if number is None:
            number = read_epoch_words(cell)
        if number is None or not abs(number) <= MOST_EPOCH:  # nor NaN
            return None
        if self._columns and self._columns.step is not None and number % 1:
            self._is_fractional = True
        if self._is_fractional:
            # An epoch of 0.4 is in the middle of the first one.
            return max(math.ceil(number) - 1, 0)
        return self._first.zero_based(int(number))

    def _release(self, columns: Columns, record: Record | None) -> Sequence[Record]:
        """Return the record, unless it may be of a test when all is over."""
        if record is None:
            return []
        is_of_test = columns.are_of_a_test({**record.values, **record.means})
        return self._test.add(record, is_of_test=is_of_test)

    def _is_test(self, names: Collection[str]) -> bool:
        """Whether these metrics are of no epoch, but of a test when all is over."""
        columns = self._columns
        is_of_test = columns is not None and columns.are_of_a_test(names)
        return is_of_test and bool(names) and self._counted > 0
