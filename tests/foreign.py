"""Reads logs that other people's trainings left behind, whatever they look like.

A reader of its own: the measurements must not depend on that of the package.
"""

import csv
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

_ABSENT = ("", "NA")
_CONFLICT = ("<<<<<<<", ">>>>>>>")  # what git leaves around two versions
_NEXT_VERSION = "======="
_UNEVEN = "ragged_"  # columns change half-way through: no reader can know their names


def longest_runs(folder: Path) -> dict[str, list[dict[str, float]]]:
    """Return the longest run of each log in a folder, by the log's name."""
    return {
        path.stem: longest_run(path)
        for path in sorted(folder.glob("*.csv"))
        if not path.name.startswith(_UNEVEN)
    }


def longest_run(path: Path) -> list[dict[str, float]]:
    """Return the epochs of the longest run in a log, each with what it has."""
    return max(_runs(path), key=len)


def _runs(path: Path) -> Iterator[list[dict[str, float]]]:
    """Yield the runs: a new one where the epoch does not increase, or a header is."""
    text = path.read_text(encoding="utf-8", errors="replace").replace("\0", "")
    lines = [line for line in text.splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith(_CONFLICT)]
    separator = max(",;\t", key=lines[0].count)
    header, *rows = csv.reader(lines, delimiter=separator)
    names = [_name(title) for title in header]
    run: list[dict[str, float]] = []
    last = -math.inf
    for row in rows:
        is_new = row == header or row[0].startswith(_NEXT_VERSION)
        values = {} if is_new else _values(names, row)
        epoch = values.pop("epoch", last + 1 if math.isfinite(last) else 0.0)
        if is_new or epoch <= last:
            yield run
            run = []
        last = -math.inf if is_new else epoch
        if values:
            run.append(values)
    yield run


def _name(title: str) -> str:
    """Return the name that Keras would have given: `Validation Loss` is `val_loss`."""
    words = re.sub(r"[\s.]+", "_", title.strip().lower())
    words = re.sub(r"^(validation|valid)_", "val_", words)
    return re.sub(r"^(train|training)_", "", words) or "epoch"


def _values(names: Sequence[str], row: Sequence[str]) -> dict[str, float]:
    """Return the numbers of a row; none of it if its length is not the header's."""
    if len(row) != len(names):
        return {}
    cells = dict(zip(names, row, strict=True))
    values: dict[str, float] = {}
    for name, cell in cells.items():
        if cell.strip() in _ABSENT:
            continue
        try:
            values[name] = float(cell)
        except ValueError:
            continue
    return values
