"""Where a table begins, and what parts its columns."""

import csv
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from keras_sonify.readers.cells import ABSENT, Cells
from keras_sonify.training.directions import is_metric_name

SEPARATORS = ",;\t|"
SPACE = " "
"""Stands for any number of blanks."""

EPOCHS = frozenset(["epoch", "epochs", "ep", "epoche"])
"""What a column of epochs is called, in lower case."""

MOST_CELLS = 100_000
"""Of a row: a line that holds more is none."""

_COMMENT = "#"
_SHORT = 1000  # characters of a line of which is kept what it names
_KEPT = 64  # such lines
_NAME = re.compile(r"[^\W\d][\w./@%()+*-]{0,60}(?: [\w./@%()+*-]{1,30}){0,3}")
_CLOCK = re.compile(r"\d{1,4}(?::\d\d){1,2}(?:\.\d+)?")  # fastai's `00:10`
_WORD = re.compile(r"[^\W\d][^\s,;]{0,999}")


def separator_of(header: str) -> str:
    """Return what parts the columns; `CSVLogger` takes any character."""
    usual = max(SEPARATORS, key=header.count)
    other = re.match(r'epoch([^\w"\0\r\n])', header)
    # The names may hold more of another separator than there are columns.
    if other and (other[1] in SEPARATORS or usual not in header):
        return other[1]
    if usual not in header and len(header.split()) > 1:
        return SPACE
    return usual


def split_row(line: str, separator: str) -> list[str]:
    """Return the cells of a line.

    Raises:
        csv.Error: If it is none.
    """
    is_by_blanks = separator == SPACE
    cells = line.split(maxsplit=MOST_CELLS) if is_by_blanks else []
    count = len(cells)
    if not is_by_blanks and len(line) >= MOST_CELLS:  # a shorter line has not so many
        count = line.count(separator) + 1
    if count > MOST_CELLS:
        raise csv.Error(f"more than {MOST_CELLS} cells")
    return cells if is_by_blanks else next(csv.reader([line], delimiter=separator), [])


def bare(line: str) -> str:
    """Return a line without what is at its ends and is none of its cells."""
    return line.strip("\r\n\ufeff\x00 ")


def find_header(head: Sequence[str]) -> int | None:
    """Return which line is the header of a table; `None` if there is none.

    It has names, and a row of as many cells below it; what stands above it may be
    anything. Where one of the names is that of the epoch, nobody waits for the row.

    Args:
        head: Lines; only with the last of them a table can come to light.
    """
    last = bare(head[-1])
    # A run without any value has a record, too.
    is_alone = last == "epoch" and not any(map(bare, head[:-1]))
    if is_alone or _is_sure(last):
        return len(head) - 1
    rows = dict(_rows(last))
    if not rows:
        return None
    first = next(place for place, line in enumerate(head) if bare(line))
    for place in range(len(head) - 2, first - 1, -1):
        if _names_columns(head[place], rows, is_first=place == first):
            return place
    return None


def is_number_or_absent(cell: str) -> bool:
    """Whether a cell may be one of a row of numbers."""
    return cell in ABSENT or Cells(";").read(cell) is not None


def _is_sure(line: str) -> bool:
    """Whether a line is a header, whatever follows."""
    separator = separator_of(line)
    if separator == SPACE or separator not in line:
        return False
    cells = _cells(line, separator)
    if separator not in SEPARATORS and not (
        cells
        and all(map(_WORD.fullmatch, line.split(separator)))
        and any(map(is_metric_name, cells))
    ):
        return False  # `epoch: done`
    return bool(EPOCHS.intersection(map(str.lower, cells))) and _are_names(cells)


def _rows(line: str) -> Iterator[tuple[str, list[str]]]:
    """Yield what may part a row of numbers, each with the cells; `""` for one cell."""
    for separator in SEPARATORS:
        if separator in line:
            cells = _cells(line, separator)
            if any(cell and is_number_or_absent(cell) for cell in cells):
                yield separator, cells
    cells = _cells(line, SPACE)
    numbers = [cell for cell in cells if not _CLOCK.fullmatch(cell)]
    if numbers and all(map(is_number_or_absent, numbers)):
        yield (SPACE if len(cells) > 1 else ""), cells


class _Names(NamedTuple):
    """What a line may name.

    Attributes:
        separator: What parts the columns; `""` if there is one.
        cells: Their names.
        is_plain: Whether below noise they are names, not more of the noise.
    """

    separator: str
    cells: list[str]
    is_plain: bool


def _names_columns(line: str, rows: dict[str, list[str]], *, is_first: bool) -> bool:
    """Whether a line names the columns of a row that stands below it."""
    # It is asked of the same lines again and again while nothing but noise comes.
    named = _kept_names(line) if len(line) <= _SHORT else _read_names(line)
    if named is None:
        return False
    if not named.separator:
        return is_first and "" in rows
    row = rows.get(named.separator, [])
    if named.separator == SPACE and len(row) == len(named.cells) + 1:
        row = row[1:]  # pandas prints its index into a column without a name
    if not is_first and not (named.is_plain and _is_mostly_numbers(row)):
        return False
    return is_as_wide(row, named.cells)


def _read_names(line: str) -> _Names | None:
    """Return the columns that a line may name; `None` if it names none."""
    line = bare(line).lstrip(_COMMENT + " ")
    separator = separator_of(line)
    if separator not in line:
        is_metric = _WORD.fullmatch(line) and is_metric_name(line)
        return _Names("", [line], is_plain=True) if is_metric else None
    cells = _cells(line, separator)
    if separator == SPACE and not all(map(_WORD.fullmatch, cells)):
        return None
    return (
        _Names(separator, cells, is_plain=all(map(_is_plain, cells)))
        if _are_names(cells)
        else None
    )


_kept_names = lru_cache(maxsize=_KEPT)(_read_names)


def _is_plain(cell: str) -> bool:
    """Whether below noise a cell is the name of a column, not more of the noise."""
    return not cell or bool(_NAME.fullmatch(cell))


def _is_mostly_numbers(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell]
    return 2 * sum(map(is_number_or_absent, filled)) > len(filled)


def is_as_wide(row: Sequence[str], header: Sequence[str | None]) -> bool:
    """Whether a row has the cells of a header; what is empty at its end counts not."""
    lack, *more = (len(header) - len(row), *row[len(header) :])
    return (lack <= 0 and not any(more)) or (lack == 1 and not header[-1])


def _are_names(cells: Sequence[str]) -> bool:
    named = [cell for place, cell in enumerate(cells) if cell or place > 0]
    while named and not named[-1]:
        named.pop()
    return bool(named) and not any(map(is_number_or_absent, named))


def _cells(line: str, separator: str) -> list[str]:
    try:
        return [cell.strip() for cell in split_row(line, separator)]
    except csv.Error:
        return []
