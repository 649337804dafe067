"""`log.csv`, the record of a run: appended to as it grows, in `CSVLogger`'s form.

A row an epoch, or a row for some steps, each value that came, written down within a
second: whatever ends the program, it holds all but the last moment. Everything else in
the directory is made from it. Where a new metric comes late, the file is written anew
with its column.

In steps, a row also says which step it ends with, for how many it stands (the values
are their medians), of which metrics it is a spike, and what lies between the 10th and
the 90th percentile of each metric.
"""

import contextlib
import csv
import io
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from keras_sonify.files.atomic import whole_file
from keras_sonify.files.directory import RunDirectory
from keras_sonify.files.locks import is_locked, lock, unlock
from keras_sonify.files.log_table import ABSENT, read_table
from keras_sonify.paced import PacedThread
from keras_sonify.readers.own_row import EPOCH_COLUMNS, HIGH, LOW, STEP_COLUMNS
from keras_sonify.training.axis import STEPS
from keras_sonify.training.foreign import to_cell
from keras_sonify.training.history import History
from keras_sonify.training.points import Window
from keras_sonify.training.record import LOG

_PAUSE = 0.01  # seconds between two looks at what has come
_LONGEST_PAUSE = 0.5  # the same, however dear a look was: promised is a second


class LogCsv:
    """Keeps `log.csv` current.

    Args:
        directory: Where it is.
        history: What it holds.
        earlier: How many rows that the file holds already belong to it, those of
            runs before this one among them; 0 begins it anew.
        kept: How many epochs of the history are among them.
        name: What it is called. Defaults to `log.csv`.
        is_foreign: Boolean. Whether a file that is there is to be kept aside: it is
            not known to be one of ours. Defaults to `False`.
        before: What is done before the first row is written. Defaults to nothing.

    Attributes:
        trouble: Why it could not be written the last time; `None` if it could.
        is_shared: Whether another run has been found to write here.
        kept_aside: Where a file that was there is now; `None` if there was none.
    """

    def __init__(
        self,
        directory: RunDirectory,
        history: History,
        *,
        earlier: int = 0,
        kept: int = 0,
        name: str = LOG,
        is_foreign: bool = False,
        before: Callable[[], object] = lambda: None,
    ) -> None:
        self.trouble: str | None = None
        self.is_shared = False
        self.kept_aside: Path | None = None
        self._directory = directory
        self._name = name
        self._history = history
        self._earlier = earlier
        self._kept = kept
        self._written = kept
        self._is_foreign = is_foreign
        self._before = before
        self._names: list[str] = []
        self._columns: list[str] = []
        self._file: io.FileIO | None = None
        self._identity: tuple[int, int] | None = None
        self._has_begun = False
        self._thread = PacedThread(
            "keras-sonify-log", self._work, _PAUSE, longest_pause=_LONGEST_PAUSE
        )

    @property
    def written(self) -> int:
        """How many epochs it holds."""
        return self._written

    @property
    def is_replaced(self) -> bool:
        """Whether the file is another one by now, and all that we had was in ours."""
        path = self._directory.path
        here = _identity(path / self._name) if path is not None else None
        is_other = None not in (here, self._identity) and here != self._identity
        return is_other and self._written >= len(self._history)

    def notify(self) -> None:
        """Be told of an epoch that was added to the history; returns at once."""
        self._thread.notify()

    def flush(self, timeout: float) -> bool:
        """Write all that there is now; return whether it was tried in `timeout`."""
        return self._thread.flush(timeout)

    def close(self, timeout: float) -> bool:
        """Write what is missing; return whether that was done within `timeout`."""
        return self._thread.close(timeout)

    def write(self) -> bool:
        """Write all that there is, here and now; return whether it could be done."""
        return self._work(is_last=True)

    def _work(self, is_last: bool) -> bool:
        count = len(self._history)
        try:
            if count > self._written:
                self._write(self._directory.make() / self._name, count)
        except Exception as error:  # noqa: BLE001 - told, and tried again
            self.trouble = (
                f"The run's files could not be written: {self._name} ({error})"
            )
            self._forget_file()
            return False
        self.trouble = None
        if is_last:
            self._forget_file()
        return True

    def _write(self, path: Path, count: int) -> None:
        if not self._has_begun:
            self._begin(path)
            self._write_anew(path, count)
        elif self._file is None or self._wanted() != self._names:
            self._write_anew(path, count)
        elif _identity(path) != self._identity:  # taken away, edited, another run's
            if is_locked(path):
                self.is_shared = True
                self._earlier = self._kept = 0
            self._write_anew(path, count)
        else:
            _write_all(self._file, self._rows(self._written, count))
        self._written = count

    def _begin(self, path: Path) -> None:
        """Look at what is there."""
        is_there = path.exists()  # asked first: what another run puts there is locked
        self.is_shared = is_locked(path)
        if self._is_foreign and is_there and not self.is_shared:
            number = 1
            while (aside := path.with_name(f"log-{number}.csv")).exists():
                number += 1
            path.rename(aside)
            self.kept_aside = aside
        self._before()
        self._has_begun = True

    def _write_anew(self, path: Path, count: int) -> None:
        """Write the whole file: what it holds of earlier runs, then this one."""
        known, rows = read_table(path) if self._earlier else ([], [])
        if len(rows) < self._earlier:
            known, rows, self._earlier, self._kept = [], [], 0, 0
        rows = rows[: self._earlier]
        self._names = self._wanted()
        # Sorted as `CSVLogger` does; what comes late comes after.
        known = known[len(self._fixed) :] or self._columns
        new = sorted(set(self._names) - set(known))
        self._columns = [*known, *new]
        self._forget_file()
        with whole_file(path) as part:
            self._file = file = part.open("ab", buffering=0)
            lock(file)  # from the moment at which others can see it
            header = [*self._fixed, *map(to_cell, self._columns)]
            _write_all(file, _lines([header]))
            _write_all(file, _lines([*row, *[ABSENT] * len(new)] for row in rows))
            _write_all(file, self._rows(self._kept, count))
            if os.name == "nt":  # puts no file in its place that is open
                file.close()
        # Not opened again where it need not be: another run's may be there by now.
        if file.closed:
            self._file = file = path.open("ab", buffering=0)
        state = os.fstat(file.fileno())
        self._identity = state.st_dev, state.st_ino

    @property
    def _fixed(self) -> tuple[str, ...]:
        return STEP_COLUMNS if self._history.axis is STEPS else EPOCH_COLUMNS

    def _wanted(self) -> list[str]:
        """Return the metrics that there are by now, and their percentiles."""
        spread = self._history.spread_names
        names = [self._column(name) for name in self._history.names]
        ends = [f"{self._column(n)}{end}" for n in spread for end in (LOW, HIGH)]
        return [*names, *ends]

    def _column(self, name: str) -> str:
        """Return what a metric's column is called: other columns have their names."""
        return f"{name}_" if name in self._fixed else name

    def _rows(self, start: int, count: int) -> bytes:
        rows = enumerate(self._history.rows(count, start), start)
        return _lines(
            [*self._place(place, at), *self._cells(place, values)]
            for place, (at, values) in rows
        )

    def _place(self, place: int, at: int) -> list[str]:
        window = self._history.window(place)
        if window is None:
            return [str(at)]
        spikes = " ".join(sorted(window.spikes))
        return [str(window.epoch), str(at), str(window.steps), to_cell(spikes)]

    def _cells(self, place: int, values: Mapping[str, float]) -> list[str]:
        # The shortest text that reads back as the same number.
        cells = {self._column(name): repr(value) for name, value in values.items()}
        window: Window | None = self._history.window(place)
        for name, spread in window.spreads.items() if window is not None else ():
            for end, value in zip((LOW, HIGH), spread, strict=True):
                cells[f"{self._column(name)}{end}"] = repr(value)
        return [cells.get(column, ABSENT) for column in self._columns]

    def _forget_file(self) -> None:
        if self._file is not None:
            unlock(self._file)
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another of its name; `None` if there is none."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _write_all(file: io.FileIO, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]
