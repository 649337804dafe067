"""How a run stands, read from its directory while it is under way, or after it."""

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keras_sonify.files.past import ending_of, planned_of, read_about
from keras_sonify.files.process import Life, life_of
from keras_sonify.files.running import RUNNING
from keras_sonify.files.skim import skim
from keras_sonify.training.axis import At, Plan
from keras_sonify.training.events import EventKind
from keras_sonify.training.record import ABOUT, LOG

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
    read = skim(log, about)
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
