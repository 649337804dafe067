"""How a run stands, read from its directory while it is under way, or after it."""

import csv
import math
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from keras_sonify.files.past import ending_of, planned_of, read_about
from keras_sonify.files.process import Life, life_of
from keras_sonify.files.running import RUNNING
from keras_sonify.readers.rows import MOST_EPOCH
from keras_sonify.training.axis import STEPS, At, Plan
from keras_sonify.training.best import Best
from keras_sonify.training.events import EventKind
from keras_sonify.training.foreign import from_cell
from keras_sonify.training.metrics import Metric
from keras_sonify.training.names import family_of, find_name, is_validation
from keras_sonify.training.points import median
from keras_sonify.training.record import ABOUT, LOG

_LARGEST = 2**25  # bytes of a log that is looked through for its best epoch
_END = 2**20  # bytes at a larger one's end, which hold its last epoch
_PARTS = 20  # of a run in steps, of whose medians the best is told
_SPIKES = 3  # the column that names of which metrics a row is a spike
_SHORTEST = 0.05  # seconds of an epoch; of shorter ones nobody asks how long


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a run stands.

    Attributes:
        directory: Where it is kept.
        epoch: Zero-based number of its last epoch; -1 before the first one.
        planned: Number of epochs that there are to be; `None` if nobody knows.
        silent_seconds: How long ago its last values were written down, or it began.
        usual_seconds: How long its epochs take; `None` if that is not known yet.
        best: The metric that is told of, the epoch or step at which it was best, and
            the value; `None` if there is none.
        ending: How it ended; `None` if it has not, or nobody knows how.
        ended_seconds: How long ago that was; `None` if that is not known.
        is_copy: Whether it was made from a log that is elsewhere: nothing of it is
            under way, and nobody knows when it was.
        life: What has become of its process.
        host: The machine on which it runs; empty if that is not known.
        step: How many steps have been done; `None` in a run told in epochs.
        planned_steps: How many there are to be; `None` if nobody knows.
    """

    directory: Path
    epoch: int
    planned: int | None
    silent_seconds: float
    life: Life
    host: str
    usual_seconds: float | None = None
    best: tuple[str, int, float] | None = None
    ending: EventKind | None = None
    ended_seconds: float | None = None
    is_copy: bool = False
    step: int | None = None
    planned_steps: int | None = None

    @property
    def at(self) -> At:
        """Where it is."""
        return At(self.epoch, self.step)

    @property
    def plan(self) -> Plan:
        """How much there is to be of it."""
        return Plan(self.planned, self.planned_steps)


def find_standing(directory: Path, now: float | None = None) -> Standing | None:
    """Return how the newest run in a directory, or in those below it, stands.

    Args:
        directory: Where it is kept.
        now: The time, as `time.time` tells it. Defaults to now.

    Returns:
        `None` if there is no run, or it has no epoch yet and nothing tells of it.

    Raises:
        OSError: If it cannot be looked through.
    """
    now = time.time() if now is None else now
    log, running = _find_log(directory), read_about(directory, RUNNING)
    if running.get("has_epoch") is False:
        begun = _changed(directory / RUNNING)
        if log is None or begun > _changed(log):
            return _begun(directory, running, now - begun)
    return _read_standing(log.parent, now) if log else None


def _find_log(directory: Path) -> Path | None:
    logs = [directory / LOG, *_kept_below(directory, f"*/{LOG}")]
    found = [log for log in logs if log.is_file()]
    found = found or [*_kept_below(directory, f"*/*/{LOG}")]
    return max(found, key=_changed, default=None)


def _kept_below(directory: Path, pattern: str) -> Iterator[Path]:
    """Yield the logs below a directory that are known to be ours."""
    return (log for log in directory.glob(pattern) if (log.parent / ABOUT).is_file())


def _changed(path: Path) -> float:
    return path.stat().st_mtime


def _begun(directory: Path, running: Mapping[str, Any], ago: float) -> Standing:
    """Return how a run stands that has begun and has no epoch yet."""
    return Standing(
        directory=directory,
        epoch=-1,
        planned=planned_of(running),
        silent_seconds=max(ago, 0.0),
        life=life_of(running.get("process")),
        host=_host(running),
    )


def _read_standing(directory: Path, now: float) -> Standing | None:
    about, running = read_about(directory), read_about(directory, RUNNING)
    log = directory / LOG
    silent = now - _changed(log)
    read = _read(log, about)
    if read is None:
        return None
    ending, plan = ending_of(about), _plan(about, read.at)
    usual = running.get("epoch_seconds")
    is_known = isinstance(usual, float | int) and _SHORTEST <= usual < math.inf
    is_copy = bool(about.get("rendered"))
    is_told = ending is not None and not is_copy
    # One of ours that is under way says so.
    is_closed = bool(about) and not running
    return Standing(
        directory=directory,
        epoch=read.at.epoch,
        step=read.at.step,
        planned=plan.epochs,
        planned_steps=plan.steps,
        silent_seconds=max(silent, 0.0),
        usual_seconds=usual if is_known else None,
        best=read.best,
        ending=ending,
        is_copy=is_copy,
        ended_seconds=(
            max(now - _changed(directory / ABOUT), 0.0) if is_told else None
        ),
        life="closed" if is_closed else life_of(running.get("process")),
        host=_host(running),
    )


def _plan(about: Mapping[str, Any], at: At) -> Plan:
    """Return how much there is to be; `fit` in a loop tells of its own epochs only."""
    epochs, steps = planned_of(about), about.get("planned_steps")
    is_known = isinstance(steps, int) and steps >= (at.step or 0) > 0
    return Plan(
        epochs if epochs is not None and at.epoch < epochs else None,
        steps if is_known else None,
    )


def _host(running: Mapping[str, Any]) -> str:
    process = running.get("process")
    host = process.get("host") if isinstance(process, Mapping) else None
    return host if isinstance(host, str) else ""


class _Read(NamedTuple):
    """What a log says of its last run."""

    at: At
    best: tuple[str, int, float] | None


def _read(log: Path, about: Mapping[str, Any]) -> _Read | None:
    """Read a log as far as it is asked for: a table of a hundred thousand rows, too."""
    last: At | None = None
    with log.open("rb") as file:
        columns = _columns(file.readline(_END))
        is_in_steps = columns[1:2] == [STEPS.unit]
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
    return _Read(last, next((best for best in found if best), None))


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
        elif math.isfinite(value) and not cells[_SPIKES].strip(b'"'):
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
    given = about.get("directions")
    directions = dict(given) if isinstance(given, Mapping) else {}
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
