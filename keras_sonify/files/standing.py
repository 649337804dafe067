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
from keras_sonify.training.best import Best
from keras_sonify.training.events import EventKind
from keras_sonify.training.foreign import from_cell
from keras_sonify.training.metrics import Metric
from keras_sonify.training.names import family_of, find_name
from keras_sonify.training.record import ABOUT, LOG

_LARGEST = 2**25  # bytes of a log that is looked through for its best epoch
_END = 2**20  # bytes at a larger one's end, which hold its last epoch
_SHORTEST = 0.05  # seconds of an epoch; of shorter ones nobody asks how long


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a run stands.

    Attributes:
        directory: Where it is kept.
        epoch: Zero-based number of its last epoch; -1 before the first one.
        planned: Number of epochs that there are to be; `None` if nobody knows.
        silent_seconds: How long ago its last epoch was written down, or it began.
        usual_seconds: How long its epochs take; `None` if that is not known yet.
        best: The metric that is told of, the epoch in which it was best, and the
            value; `None` if there is none.
        ending: How it ended; `None` if it has not, or nobody knows how.
        ended_seconds: How long ago that was; `None` if that is not known.
        is_copy: Whether it was made from a log that is elsewhere: nothing of it is
            under way, and nobody knows when it was.
        life: What has become of its process.
        host: The machine on which it runs; empty if that is not known.
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
    ending, planned = ending_of(about), planned_of(about)
    usual = running.get("epoch_seconds")
    is_known = isinstance(usual, float | int) and _SHORTEST <= usual < math.inf
    is_copy = bool(about.get("rendered"))
    is_told = ending is not None and not is_copy
    # One of ours that is under way says so.
    is_closed = bool(about) and not running
    return Standing(
        directory=directory,
        epoch=read.epoch,
        # `fit` in a loop tells of its own epochs only.
        planned=planned if planned is not None and read.epoch < planned else None,
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


def _host(running: Mapping[str, Any]) -> str:
    process = running.get("process")
    host = process.get("host") if isinstance(process, Mapping) else None
    return host if isinstance(host, str) else ""


class _Read(NamedTuple):
    """What a log says of its last run."""

    epoch: int
    best: tuple[str, int, float] | None


def _read(log: Path, about: Mapping[str, Any]) -> _Read | None:
    """Read a log as far as it is asked for: a table of a hundred thousand rows, too."""
    last = -1
    with log.open("rb") as file:
        columns = _columns(file.readline(_END))
        bests = _bests(about, columns)
        is_whole = os.fstat(file.fileno()).st_size <= _LARGEST
        if not is_whole:
            file.seek(-_END, os.SEEK_END)
            file.readline(_END)
        for line in file:
            cells = line.split(b",")
            try:
                epoch = int(cells[0])
            except ValueError:
                continue
            if not line.endswith(b"\n") or not abs(epoch) <= MOST_EPOCH:
                continue
            if epoch <= last:  # another run
                bests = _bests(about, columns)
            last = epoch
            for place, _, best in bests:
                try:
                    best.update(float(cells[place]), epoch)
                except (ValueError, IndexError):
                    continue
                if best.value is not None:
                    break  # nobody will ask for the others
    if last < 0:
        return None
    found = ((name, *best.found) for _, name, best in bests if best.found and is_whole)
    return _Read(last, next(found, None))


def _columns(header: bytes) -> list[str]:
    """Return the names of a table's columns."""
    try:
        line = header.decode("utf-8-sig", "replace").rstrip("\r\n")
        return [from_cell(cell) for cell in next(csv.reader([line]))]
    except (csv.Error, StopIteration):
        return []


def _bests(
    about: Mapping[str, Any], columns: Sequence[str]
) -> list[tuple[int, str, Best]]:
    """Return place, name and best value of what is monitored, then of the losses."""
    given = about.get("directions")
    directions = dict(given) if isinstance(given, Mapping) else {}
    monitor = about.get("monitor")
    if about.get("mode") in ("min", "max") and isinstance(monitor, str):
        directions[family_of(monitor)] = about["mode"]
    wanted = [name for name in (monitor, "val_loss", "loss") if isinstance(name, str)]
    names = dict.fromkeys(find_name(name, columns) for name in wanted)
    return [
        (columns.index(name), name, Best(Metric.named(name, directions).direction))
        for name in names
        if name is not None
    ]
