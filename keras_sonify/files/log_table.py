"""What a `log.csv` holds, as a table of cells."""

import csv
import io
from pathlib import Path

from keras_sonify.training.foreign import from_cell

ABSENT = "NA"  # as `CSVLogger` has it
Table = tuple[list[str], list[list[str]]]
"""The names of the columns, and the cells of each row."""


def read_table(path: Path) -> Table:
    """Return the table that a `log.csv` holds; empty if there is none.

    A last line that a kill cut short is left out. A row with fewer or more cells than
    there are columns is made to fit: no row is lost.

    Raises:
        OSError: If it cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig", "replace")
    except FileNotFoundError:
        return [], []
    whole = text[: text.rfind("\n") + 1]
    try:
        rows = [row for row in csv.reader(io.StringIO(whole, newline="")) if row]
    except csv.Error:
        return [], []
    if not rows or rows[0][0] != "epoch":
        return [], []
    width = len(rows[0])
    missing = [ABSENT] * width
    names = [from_cell(cell) for cell in rows[0]]
    return names, [[*row, *missing][:width] for row in rows[1:]]
