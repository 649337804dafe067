"""What is told of a file that is no log: what it seems to be, and what to do."""

import csv
from collections.abc import Iterable, Sequence

from keras_sonify.readers.header import (
    SEPARATORS,
    SPACE,
    bare,
    is_number_or_absent,
    split_row,
)
from keras_sonify.readers.rows import LogError

_ENOUGH = 2  # rows of numbers below one another that nobody takes for noise
_SHOWN = 60  # characters


def is_headless(head: Sequence[str]) -> bool:
    """Whether a log begins with rows of numbers, of which nobody knows the names.

    Args:
        head: All lines that have come, as long as they are few.
    """
    rows = [line for line in map(bare, head) if line]
    # Programs print how many images there are before they train on them.
    return len(rows) == _ENOUGH and all(
        _is_row(row) and not row.isdecimal() for row in rows
    )


def no_log(name: str, head: Iterable[str], count: int) -> LogError:
    """Return the error that tells why a file is no log.

    Args:
        name: What to call it.
        head: The last lines that have come.
        count: How many there were in all.
    """
    lines = [line for line in map(bare, head) if line]
    if lines and count == len(lines) and all(map(_is_row, lines)):
        return LogError(
            f"{name}, line 1: the first line must hold the names of the columns. "
            f"Received: {lines[0][:_SHOWN]!r}"
        )
    many = "its line" if count == 1 else f"its {count} lines"
    return LogError(
        f"{name} holds no log: in {many} there is no table with names above its "
        "numbers, no JSON, and no epoch that was printed with values. Keras's "
        "`CSVLogger` writes a log."
    )


def _is_row(line: str) -> bool:
    """Whether a line holds numbers and no names."""
    separator = max(SEPARATORS, key=line.count)
    if separator not in line:
        separator = SPACE
    try:
        cells = [cell.strip() for cell in split_row(line, separator)]
    except csv.Error:
        return False
    return any(cells) and all(map(is_number_or_absent, cells))
