"""`log.csv`, the record of a run: appended to as it grows, in `CSVLogger`'s form.

A row an epoch, each value that came, written down within a second: whatever ends the
program, it holds all but the last moment. Everything else in the directory is made from
it. Where a new metric comes late, the file is written anew with its column.
"""

import contextlib
import csv
import importlib
import io
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from keras_sonify.files.atomic import whole_file
from keras_sonify.files.directory import RunDirectory
from keras_sonify.paced import PacedThread
from keras_sonify.training.history import History
from keras_sonify.training.record import LOG

_PAUSE = 0.01  # seconds between two looks at what has come
_LONGEST_PAUSE = 0.5  # the same, however dear a look was: promised is a second
_ABSENT = "NA"  # as `CSVLogger` has it
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")  # would break a line

Table = tuple[list[str], list[list[str]]]
"""The names of the columns, and the cells of each row."""


class LogCsv:
    """Keeps `log.csv` current.

    Args:
        directory: Where it is.
        history: What it holds.
        earlier: How many rows that the file holds already belong to it, those of
            runs before this one among them; 0 begins it anew.
        kept: How many epochs of the history are among them.

    Attributes:
        trouble: Why it could not be written the last time; `None` if it could.
        is_shared: Whether another run has been found to write here.
    """

    def __init__(
        self,
        directory: RunDirectory,
        history: History,
        *,
        earlier: int = 0,
        kept: int = 0,
    ) -> None:
        self.trouble: str | None = None
        self.is_shared = False
        self._directory = directory
        self._history = history
        self._earlier = earlier
        self._kept = kept
        self._written = kept
        self._names: list[str] = []
        self._columns: list[str] = []
        self._file: io.FileIO | None = None
        self._has_begun = False
        self._thread = PacedThread(
            "keras-sonify-log", self._work, _PAUSE, longest_pause=_LONGEST_PAUSE
        )

    @property
    def written(self) -> int:
        """How many epochs it holds."""
        return self._written

    def notify(self) -> None:
        """Be told of an epoch that was added to the history; returns at once."""
        self._thread.notify()

    def close(self, timeout: float) -> bool:
        """Write what is missing; return whether that was done within `timeout`."""
        return self._thread.close(timeout)

    def write(self) -> bool:
        """Write all that there is, here and now; return whether it could be done."""
        return self._work(is_last=True)

    def _work(self, is_last: bool) -> bool:
        count = len(self._history)
        try:
            if count > self._written or (is_last and count):
                self._write(self._directory.make() / LOG, count)
        except OSError as error:
            self.trouble = f"The run's files could not be written: {LOG} ({error})"
            self._forget_file()
            return False
        self.trouble = None
        if is_last:
            self._forget_file()
        return True

    def _write(self, path: Path, count: int) -> None:
        if not self._has_begun:
            self.is_shared, self._has_begun = _is_locked(path), True
            self._write_anew(path, count)
        elif self._file is None or self._history.names != self._names:
            self._write_anew(path, count)
        elif not self._is_ours(path):  # taken away, or another run's by now
            self.is_shared = self.is_shared or _is_locked(path)
            self._earlier = self._kept = 0
            self._write_anew(path, count)
        else:
            _write_all(self._file, self._rows(self._written, count))
        self._written = count

    def _write_anew(self, path: Path, count: int) -> None:
        """Write the whole file: what it holds of earlier runs, then this one."""
        known, rows = read_table(path) if self._earlier else ([], [])
        if len(rows) < self._earlier:
            known, rows, self._earlier, self._kept = [], [], 0, 0
        rows = rows[: self._earlier]
        self._names = self._history.names
        # Sorted as `CSVLogger` does; what comes late comes after.
        known = known[1:] or self._columns
        new = sorted({_column(name) for name in self._names} - set(known))
        self._columns = [*known, *new]
        self._forget_file()
        with whole_file(path) as part:
            file = part.open("wb", buffering=0)
            self._file = file
            _write_all(file, _lines([["epoch", *self._columns]]))
            _write_all(file, _lines([*row, *[_ABSENT] * len(new)] for row in rows))
            _write_all(file, self._rows(self._kept, count))
            _lock(file)

    def _rows(self, start: int, count: int) -> bytes:
        return _lines(
            [str(epoch), *_cells(values, self._columns)]
            for epoch, values in self._history.rows(count, start)
        )

    def _is_ours(self, path: Path) -> bool:
        """Whether the file at the path is the one that is open."""
        if self._file is None:
            return False
        try:
            here, there = os.fstat(self._file.fileno()), path.stat()
        except OSError:
            return False
        return (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)

    def _forget_file(self) -> None:
        if self._file is not None:
            _unlock(self._file)
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None


def _cells(values: Mapping[str, float], columns: Sequence[str]) -> list[str]:
    # The shortest text that reads back as the same number.
    cells = {_column(name): repr(value) for name, value in values.items()}
    return [cells.get(column, _ABSENT) for column in columns]


def _column(name: str) -> str:
    """Return a metric's name as one line; `epoch` is the first column's."""
    name = _BREAKS.sub(" ", name)
    return "epoch_" if name == "epoch" else name


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    # A name may hold half a character.
    return text.getvalue().encode("utf-8", "backslashreplace")


def _write_all(file: io.FileIO, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]


def read_table(path: Path) -> Table:
    """Return the table that a `log.csv` holds; empty if there is none.

    A last line that a kill cut short is left out, and so is what has more or fewer
    cells than there are columns.

    Raises:
        OSError: If it cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return [], []
    whole = text[: text.rfind("\n") + 1]
    rows = [row for row in csv.reader(io.StringIO(whole, newline="")) if row]
    if not rows or rows[0][0] != "epoch":
        return [], []
    width = len(rows[0])
    return rows[0], [row for row in rows[1:] if len(row) == width]


def _lock(file: io.BufferedIOBase | io.FileIO) -> bool:
    """Mark a file as being written by a run, as long as that run lives.

    Returns:
        Whether another run has it. Where the system or the file system knows no
        such locks, nobody has.
    """
    try:
        fcntl: Any = importlib.import_module("fcntl")
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except (ImportError, OSError):
        return False
    return False


def _unlock(file: io.FileIO) -> None:
    """Let go of a file, also for processes that were forked off and still have it."""
    with contextlib.suppress(ImportError, OSError):
        fcntl: Any = importlib.import_module("fcntl")
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)


def _is_locked(path: Path) -> bool:
    """Whether a run writes a file just now."""
    try:
        with path.open("rb") as file:
            return _lock(file)
    except OSError:
        return False
