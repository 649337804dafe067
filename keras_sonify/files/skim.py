"""A log, looked through for where its last run is, and for its best value."""

import csv
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from keras_sonify.files.past import directions_of
from keras_sonify.readers.own_row import STEP_COLUMNS
from keras_sonify.readers.rows import MOST_EPOCH
from keras_sonify.training.axis import At
from keras_sonify.training.best import Best
from keras_sonify.training.foreign import from_cell
from keras_sonify.training.metrics import Metric
from keras_sonify.training.names import family_of, find_name, is_validation
from keras_sonify.training.points import median

_LARGEST = 2**25  # bytes of a log that is looked through for its best epoch
_END = 2**20  # bytes at a larger one's end, which hold its last epoch
_PARTS = 20  # of a run in steps, of whose medians the best is told


class Skimmed(NamedTuple):
    """What a log says of its last run."""

    at: At
    best: tuple[str, int, float] | None


def skim(log: Path, about: Mapping[str, Any]) -> Skimmed | None:
    """Read a log as far as it is asked for: a table of a hundred thousand rows, too."""
    last: At | None = None
    with log.open("rb") as file:
        columns = _columns(file.readline(_END))
        is_in_steps = tuple(columns[: len(STEP_COLUMNS)]) == STEP_COLUMNS
        bests = _bests(about, columns, is_in_steps=is_in_steps)
        is_whole = os.fstat(file.fileno()).st_size <= _LARGEST
        if not is_whole:
            file.seek(-_END, os.SEEK_END)
            file.readline(_END)
        for line in file:
            cells = line.split(b",")
            try:
                at = At(int(cells[0]), int(cells[1]) if is_in_steps else None)
            except (ValueError, IndexError):
                continue
            if not line.endswith(b"\n") or not abs(at.place) <= MOST_EPOCH:
                continue
            if last is not None and _is_another(at, last):
                bests = _bests(about, columns, is_in_steps=is_in_steps)
            last = at
            for each in bests:
                each.take(cells, at.place)
                if each.is_known:
                    break  # nobody will ask for the others
    if last is None:
        return None
    found = (each.found() for each in bests if is_whole)
    return Skimmed(last, next((best for best in found if best), None))


def _is_another(at: At, last: At) -> bool:
    """Whether a row begins another run. A step may have two: the epoch ends with it."""
    return at.place < last.place or (at == last and at.step is None)


def _columns(header: bytes) -> list[str]:
    """Return the names of a table's columns."""
    try:
        line = header.decode("utf-8-sig", "replace").rstrip("\r\n")
        return [from_cell(cell) for cell in next(csv.reader([line]))]
    except (csv.Error, StopIteration):
        return []


class _Found:
    """The best value of a metric in a log.

    Args:
        column: Its column.
        metric: The metric.
        is_noisy: Whether each value is of a few steps: medians of many count then.
    """

    def __init__(self, column: int, metric: Metric, *, is_noisy: bool) -> None:
        self._column = column
        self._metric = metric
        self._is_noisy = is_noisy
        self._best = Best(metric.direction)
        self._steps: list[tuple[int, float]] = []

    def take(self, cells: Sequence[bytes], place: int) -> None:
        """Take in a row of the log."""
        try:
            value = float(cells[self._column])
        except (ValueError, IndexError):
            return
        if not self._is_noisy:
            self._best.update(value, place)
        elif math.isfinite(value):
            self._steps.append((place, value))

    @property
    def is_known(self) -> bool:
        """Whether there is a best value."""
        return bool(self._steps) or self._best.value is not None

    def found(self) -> tuple[str, int, float] | None:
        """Return the metric, where it was best, and the value; `None` if nowhere."""
        size = max(math.ceil(len(self._steps) / _PARTS), 1)
        for start in range(0, len(self._steps), size):
            part = self._steps[start : start + size]
            self._best.update(median([value for _, value in part]), part[-1][0])
        return self._best.found and (self._metric.name, *self._best.found)


def _bests(
    about: Mapping[str, Any], columns: Sequence[str], *, is_in_steps: bool
) -> list[_Found]:
    """Return what looks for the best of what is monitored, then of the losses."""
    directions = directions_of(about)
    monitor = about.get("monitor")
    if about.get("mode") in ("min", "max") and isinstance(monitor, str):
        directions[family_of(monitor)] = about["mode"]
    wanted = [name for name in (monitor, "val_loss", "loss") if isinstance(name, str)]
    names = dict.fromkeys(find_name(name, columns) for name in wanted)
    return [
        _Found(
            columns.index(name),
            Metric.named(name, directions),
            is_noisy=is_in_steps and not is_validation(name),
        )
        for name in names
        if name is not None
    ]
