"""Logs in columns: Keras's CSVLogger and its kin, fed line by line as they grow."""

import csv
import math
from collections.abc import Sequence

from keras_sonify.readers.cells import ABSENT, Cells, read_epoch_words
from keras_sonify.readers.exports import (
    TENSORBOARD,
    metric_of_file,
    trainings_in_rows,
)
from keras_sonify.readers.first_epoch import FirstEpoch
from keras_sonify.readers.header import (
    EPOCHS,
    SPACE,
    bare,
    find_header,
    is_as_wide,
    separator_of,
    split_row,
)
from keras_sonify.readers.long_form import LongForm, long_form
from keras_sonify.readers.merged import Merged
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
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>")
_RULER = frozenset("-+=:| ")
_LONGEST_TOLD = 40  # characters of a cell


class CsvLog:
    """Takes in the lines of a log from its header on and gives out its epochs.

    Understood are any separator, blanks in any number, numbers in all ways of writing,
    empty lines, a header that comes again, and no column of epochs. Rows that make an
    epoch together are merged: those of Lightning's `metrics.csv`, and of training and
    validation where each has its own.

    Args:
        name: What to call the log in messages.
        warn: Function that is given each warning.
        before: Number of lines that were there before the header. Defaults to `0`.
    """

    counts_from_zero = False  # for sure, as our own record does

    def __init__(self, name: str, warn: Warn, before: int = 0) -> None:
        self._name = name
        self._warn = warn
        self._separator = ","
        self._cells = Cells(",")
        self._columns: list[str | None] = []
        self._epoch_column: int | None = None
        self._counted = -1
        self._first = FirstEpoch(counts_from_zero=self.counts_from_zero)
        self._is_sparse = False
        self._is_fractional = False
        self._merged = Merged()
        self._header: list[str] | None = None  # until the first row has come
        self._long: LongForm | None = None
        self._collected: dict[int, dict[str, float]] = {}
        self._tests: frozenset[str] = frozenset()
        self._line = before
        self._left_out: dict[str, int] = {}
        self._doubted: set[str] = set()

    @staticmethod
    def claims(head: Sequence[str]) -> int | None:
        """Return which line is the header of a table; `None` if none is."""
        return find_header(head)

    def feed(self, line: str) -> list[Row]:
        """Take in one line; return the epochs that are complete now.

        Raises:
            LogError: If its rows are no epochs.
        """
        self._line += 1
        line = bare(line)
        if problem := self._problem(line):
            self._leave_out(problem)
        elif line and not (line[0] in _RULER and _RULER.issuperset(line)):
            return self._feed_line(line)
        return []

    def _feed_line(self, line: str) -> list[Row]:
        if not self._columns:
            self._read_header(line.lstrip("# "))
            return []
        try:
            cells = split_row(line, self._separator)
            if self._is_header(cells):
                self._read_header(line)
                return []
        except csv.Error as error:
            self._leave_out(f"no row ({error})")
            return []
        if len(cells) != len(self._columns) and not self._fit(cells):
            self._leave_out(
                "a comment"
                if line[0] == "#"
                else f"not the {len(self._columns)} cells that the header names",
            )
            return []
        if self._header is not None:
            self._learn(self._header, cells)
        return self._take(self._read_row(cells))

    def finish(self) -> list[Row]:
        """Return what was pending at the log's end; tell how much was left out."""
        for problem, count in self._left_out.items():
            if count > 1:
                self._warn(
                    f"{self._name}: {count} such lines in all ({problem}); "
                    "they were left out.",
                )
        rows = [*sorted(self._collected.items()), *self._merged.finish()]
        if rows and self._is_test(rows[-1]):
            rows.pop()
            self._warn(f"{self._name}: the values of a test at its end were left out.")
        return rows

    def _problem(self, line: str) -> str | None:
        """Return why a line is not even looked at; `None` if it is."""
        if line.startswith(_CONFLICT) and line[7:8] in {"", " "}:
            return "a mark of a merge conflict"
        if line.count(self._separator) >= _MOST_CELLS:
            return f"more than {_MOST_CELLS} cells"
        return None

    def _read_header(self, line: str) -> None:
        self._separator = separator_of(line)
        self._cells = Cells(self._separator)
        cells = self._tell_apart(
            [from_cell(cell.strip()) for cell in split_row(line, self._separator)]
        )
        lower = [cell.lower() for cell in cells]
        named = next((place for place, c in enumerate(lower) if c in EPOCHS), None)
        # pandas writes its index into a first column without a name.
        self._epoch_column = 0 if named is None and cells[0] == "" else named
        self._is_sparse = named is not None and "step" in lower
        self._header = cells
        if [cell.lower() for cell in cells] == TENSORBOARD:
            cells = ["", "", metric_of_file(self._name)]
        skipped = {""}
        if self._is_sparse:
            # Lightning logs `train_loss_step`, and its mean as `train_loss_epoch`.
            means = {c.removesuffix("_epoch") for c in cells if c.endswith("_epoch")}
            skipped |= {"step", *(f"{name}_step" for name in means)}
            cells = [c.removesuffix("_epoch") for c in cells]
        names = metric_names(cells)
        self._tests = frozenset(names[c] for c in cells if c.lower().startswith("test"))
        self._columns = [
            None if place == self._epoch_column or cell in skipped else names[cell]
            for place, cell in enumerate(cells)
        ]

    def _learn(self, header: Sequence[str], cells: Sequence[str]) -> None:
        """Learn from the first row what the header alone does not tell."""
        is_by_epoch = self._is_sparse or EPOCHS.intersection(map(str.lower, header))
        if not is_by_epoch and (told := trainings_in_rows(header, cells)):
            raise LogError(f"{self._name}: {told}")
        self._header, self._long = None, long_form(header, cells)
        for place in self._long.places if self._long else ():
            self._columns[place] = None

    def _tell_apart(self, cells: list[str]) -> list[str]:
        """Give a name that comes again a number, as pandas does."""
        for place, cell in enumerate(cells):
            if count := cells[:place].count(cell) if cell else 0:
                cells[place] = f"{cell}.{count}"
                self._warn(
                    f"{self._name}, line {self._line}: two columns are called "
                    f"{cell}; the second is read as {cells[place]}."
                )
        return cells

    def _is_header(self, cells: Sequence[str]) -> bool:
        """Whether a later line is a header again: it has names where numbers belong."""
        if cells and read_number(cells[0]) is not None:
            return False
        texts = [from_cell(cell.strip()) for cell in cells]
        known = {column for column in self._columns if column} | EPOCHS
        return all(
            text not in ABSENT and read_number(text) is None for text in texts
        ) and any(name in known for name in metric_names(texts).values())

    def _fit(self, cells: list[str]) -> bool:
        """Make a row as wide as the header, where no cell is lost or made up so."""
        if self._separator == SPACE and len(cells) == len(self._columns) + 1:
            if self._counted >= 0 or self._epoch_column is not None:
                return False
            # pandas prints its index, too.
            self._columns.insert(0, None)
            self._header = ["", *(self._header or [])]
            self._epoch_column = 0
            return True
        if not is_as_wide(cells, [column or "" for column in self._columns]):
            return False
        cells += [""] * (len(self._columns) - len(cells))
        del cells[len(self._columns) :]
        return True

    def _read_row(self, cells: Sequence[str]) -> Row | None:
        values: dict[str, float] = {}
        epoch: int | None = self._counted + 1
        is_plain = self._cells.is_plain
        for place, (cell, column) in enumerate(zip(cells, self._columns, strict=True)):
            if place == self._epoch_column:
                epoch = self._read_epoch(cell.strip())
            elif column is not None and cell not in ABSENT:
                number = read_number(cell) if is_plain else None
                if number is None:
                    number = self._read_cell(cell, column)
                if number is not None:
                    values[column] = number
        if epoch is None:
            self._leave_out("no number of an epoch")
            return None
        self._counted = epoch
        if self._long is not None:
            values = self._long.named(cells, values)
        return epoch, values

    def _read_cell(self, cell: str, column: str) -> float | None:
        """Return the number in a cell that is not written as most are."""
        number = self._cells.read(cell)
        if number is None and cell.strip() not in ABSENT:
            told = repr(cell.strip()[:_LONGEST_TOLD])
            self._leave_out(f"no number in column {column}", f", {told}")
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
        if self._is_sparse and not number.is_integer():
            self._is_fractional = True
        if self._is_fractional:
            # An epoch of 0.4 is in the middle of the first one.
            return max(math.ceil(number) - 1, 0)
        return self._first.zero_based(int(number))

    def _take(self, row: Row | None) -> list[Row]:
        """Return the row, or in a sparse log the epoch that it completes."""
        if row is None:
            return []
        if self._long is not None and self._long.metric is not None:
            # R writes all epochs of one metric, then those of the next.
            self._collected.setdefault(row[0], {}).update(row[1])
            return []
        if self._is_sparse or self._long is not None:
            return self._merged.add(row, takes_means=not self._is_fractional)
        return [row]

    def _is_test(self, row: Row) -> bool:
        """Whether a row is no epoch, but what a test gave when all was over."""
        return bool(row[1]) and self._tests.issuperset(row[1]) and self._counted > 0

    def _leave_out(self, problem: str, cell: str = "") -> None:
        """Warn of the first of a kind; the others are counted."""
        count = self._left_out[problem] = self._left_out.get(problem, 0) + 1
        if count == 1:
            self._warn(
                f"{self._name}, line {self._line}: {problem}{cell}; it was left out."
            )
