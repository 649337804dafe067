"""Tables of which each row is a run, as W&B exports them: its name, and what came."""

import csv
import re
from pathlib import Path
from typing import NamedTuple

from keras_sonify.readers.cells import Cells
from keras_sonify.readers.exports import RUN_NAMES, trainings_in_rows
from keras_sonify.training.history import History

_STATES = frozenset(["state", "status"])
_FAILED = frozenset(["crashed", "failed", "killed", "preempted"])
_RUNNING = frozenset(["running", "pending"])
_PLACES = re.compile(r"_?(epochs?|step|steps|runtime|timestamp)", re.IGNORECASE)
_LONGEST = 2**20  # characters of a table in which its header is looked for


class TableRun(NamedTuple):
    """A run that is a row of a table.

    Attributes:
        name: What it is called.
        history: Its values, as one epoch.
        has_failed: Whether the table says that it failed.
        is_running: Whether it says that it is under way.
    """

    name: str
    history: History
    has_failed: bool
    is_running: bool


def read_runs_table(path: Path) -> list[TableRun]:
    """Return the runs of a table; none if its rows are no runs.

    Raises:
        OSError: If it cannot be read.
    """
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
        if not _is_table(file.readline(_LONGEST), file.readline(_LONGEST)):
            return []
        file.seek(0)
        rows = csv.DictReader(file)
        return [_run(row) for row in rows]


def _is_table(header: str, row: str) -> bool:
    try:
        names, cells = (next(csv.reader([line])) for line in (header, row))
    except (csv.Error, StopIteration):
        return False
    is_whole = len(names) == len(cells)
    return is_whole and trainings_in_rows(names, cells) is not None


def _run(row: dict[str, str | None]) -> TableRun:
    cells, values = Cells(","), {}
    name = state = ""
    for column, cell in row.items():
        if not isinstance(cell, str) or not column:
            continue
        if column.lower() in RUN_NAMES:
            name = name or cell
        elif column.lower() in _STATES:
            state = state or cell.lower()
        elif not _PLACES.fullmatch(column) and cell:
            number = cells.read(cell)
            if number is not None:
                values[column] = number
    history = History()
    if values:
        history.append(0, values)
    return TableRun(name, history, state in _FAILED, state in _RUNNING)
