"""Lines broken between words, to be read at a glance and never within a word."""

import re
import unicodedata

MOST_COLUMNS = 80
"""Longer lines are hard to find one's way back from, and break in most windows."""

_LEAST_COLUMNS = 20  # a window that is narrower breaks lines itself
_INDENT = 2  # columns by which a line goes on: so it is seen where the next one begins
# A command in backticks stays in one piece, to be copied.
_PIECE = re.compile(r"`[^`]+`\S*|\S+")


def wrapped(line: str, columns: int) -> list[str]:
    """Return a line as several that are short enough, all but the first indented.

    What has no blank in it stays whole, however long: an address, a path.

    >>> wrapped("Epoch 2: loss 0.5, best so far; val_loss 0.75", 26)
    ['Epoch 2: loss 0.5, best so', '  far; val_loss 0.75']

    Args:
        line: The line.
        columns: How many columns there are.
    """
    columns = max(min(columns, MOST_COLUMNS), _LEAST_COLUMNS)
    if _width(line) <= columns:
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    rows = [indent]
    after = indent + " " * _INDENT
    for piece in _PIECE.findall(line):
        row = f"{rows[-1]} {piece}" if rows[-1].strip() else rows[-1] + piece
        if _width(row) <= columns or not rows[-1].strip(" -"):
            rows[-1] = row
        else:
            rows.append(after + piece)
    return rows


def _width(text: str) -> int:
    """Return how many columns a text takes: wide letters two, their accents none."""
    return len(text) + sum(
        (unicodedata.east_asian_width(char) in "WF") - (unicodedata.combining(char) > 0)
        for char in text
        if char > "\x7f"
    )
