"""A log that a training writes just now: a file, a pipe, or a folder of them."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from keras_sonify.readers.event_growth import GrowingEvents
from keras_sonify.readers.event_log import event_files
from keras_sonify.readers.folder import is_state, log_in
from keras_sonify.readers.follow import GrowingFile
from keras_sonify.readers.growing_lines import GrowingLines
from keras_sonify.readers.rows import LogError, Row, Warn
from keras_sonify.training.axis import Plan

_SCAN = 0.5  # seconds between two looks for files that are new
_SHARE = 20  # times as long as a look takes is waited for the next: trees may be large
_LOOK = 0.1  # the same, into event files: all of them are opened


class Growing(Protocol):
    """A log that is looked at again and again."""

    def look(self) -> list[Row]:
        """Return the rows that have come since it was looked at last."""

    def settle(self) -> list[Row]:
        """Return what can be told already, since nothing has come for a while."""

    def finish(self) -> list[Row]:
        """Return the rows that only the end completes."""

    @property
    def plan(self) -> Plan:
        """How much there is to be of its training, as far as it says so."""

    @property
    def seconds_old(self) -> float:
        """How long ago it was written to; 0 if nobody knows."""


class GrowingTable:
    """A file in lines that grows.

    Args:
        path: The file.
        warn: Function that is given each warning.
    """

    def __init__(self, path: Path, warn: Warn) -> None:
        self._file = GrowingFile(path)
        self._lines = GrowingLines(path.name, warn, path)

    def look(self) -> list[Row]:
        """Return the rows that have come since it was looked at last."""
        return self._lines.feed(self._file.look())

    def settle(self) -> list[Row]:
        """Return what can be told already."""
        return self._lines.settle()

    def finish(self) -> list[Row]:
        """Return the rows that only the end completes."""
        rows = self.look()
        rest = self._file.rest
        return [*rows, *self._lines.feed([rest] if rest else []), *self._lines.finish()]

    @property
    def plan(self) -> Plan:
        """How much there is to be of its training, as far as it says so."""
        return self._lines.plan

    @property
    def seconds_old(self) -> float:
        """How long ago it was written to; 0 if nobody knows."""
        return _age([self._file.path])


class GrowingFolder:
    """The newest log in a folder, whichever that is by now.

    Args:
        path: The folder.
        warn: Function that is given each warning.
    """

    def __init__(self, path: Path, warn: Warn) -> None:
        self._path = path
        self._warn = warn
        self._lines = GrowingLines(path.name, warn)
        self._events = GrowingEvents(path, warn)
        self._log: Path | None = None
        self._file: GrowingFile | None = None
        self._state = 0  # when the state of a training was written, in nanoseconds
        self._due = self._events_due = 0.0

    def look(self) -> list[Row]:
        """Return the rows that have come since it was looked at last."""
        rows: list[Row] = []
        if (begun := time.monotonic()) >= self._due:
            rows = self._scan()
            now = time.monotonic()
            self._due = now + max(_SCAN, _SHARE * (now - begun))
        if self._file is not None:
            return [*rows, *self._lines.feed(self._file.look())]
        if self._log is None and time.monotonic() >= self._events_due:
            self._events_due = time.monotonic() + _LOOK
            rows += self._events.look()
        return rows

    def _scan(self) -> list[Row]:
        """Look which log is the newest; return what is to be told with that."""
        log = log_in(self._path)
        if log is None:
            return self._events.scan()
        if is_state(log):
            self._log, self._file = log, None
            return self._read_state(log)
        if log != self._log:
            self._log, self._file = log, GrowingFile(log)
            self._lines.begin(log)
        return []

    def _read_state(self, log: Path) -> list[Row]:
        """Return what a state of a training holds that none before it did."""
        try:
            written = log.stat().st_mtime_ns
            if written == self._state:
                return []
            text = log.read_bytes()
            self._lines.begin(log, keeps_axis=True)
            rows = [*self._lines.feed([text]), *self._lines.finish()]
        except (OSError, LogError):  # half written, or taken away: others will come
            return []
        self._state = written
        return rows

    def settle(self) -> list[Row]:
        """Return what can be told already."""
        if self._log is None:
            return self._events.settle()
        return self._lines.settle() if self._file is not None else []

    def finish(self) -> list[Row]:
        """Return the rows that only the end completes."""
        if self._log is None:
            return [*self._events.look(), *self._events.finish()]
        if self._file is None:
            return []
        return [*self._lines.feed(self._file.look()), *self._lines.finish()]

    @property
    def plan(self) -> Plan:
        """How much there is to be of its training, as far as its log says so."""
        return self._lines.plan

    @property
    def seconds_old(self) -> float:
        """How long ago it was written to; 0 if nobody knows."""
        return _age([self._log] if self._log else event_files(self._path))


class GrowingLog:
    """A log that may not be there yet: whether it is a folder, it tells when it is.

    Args:
        path: Where it is, or will be.
        warn: Function that is given each warning.
    """

    def __init__(self, path: Path, warn: Warn) -> None:
        self._path = path
        self._warn = warn
        self._log: Growing = GrowingTable(path, warn)
        self._is_there = False

    def look(self) -> list[Row]:
        """Return the rows that have come since it was looked at last."""
        if not self._is_there and self._path.exists():
            self._is_there = True
            if self._path.is_dir():
                self._log = GrowingFolder(self._path, self._warn)
        return self._log.look()

    @property
    def is_empty(self) -> bool:
        """Whether it is a folder in which there is no log yet."""
        path = self._path
        return path.is_dir() and log_in(path) is None and not event_files(path)

    def settle(self) -> list[Row]:
        """Return what can be told already."""
        return self._log.settle()

    def finish(self) -> list[Row]:
        """Return the rows that only the end completes."""
        return self._log.finish()

    @property
    def plan(self) -> Plan:
        """How much there is to be of its training, as far as it says so."""
        return self._log.plan

    @property
    def seconds_old(self) -> float:
        """How long ago it was written to; 0 if nobody knows."""
        return self._log.seconds_old


def _age(files: Iterable[Path]) -> float:
    """Return how long ago the last of some files was written to."""
    try:
        return time.time() - max(file.stat().st_mtime for file in files)
    except (OSError, ValueError):
        return 0.0
