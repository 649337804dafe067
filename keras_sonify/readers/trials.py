"""What a search by keras-tuner leaves of each trial: `trial.json`, a value a metric."""

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from keras_sonify.readers.rows import MOST_EPOCH, LogError
from keras_sonify.training.directions import Direction
from keras_sonify.training.history import History
from keras_sonify.training.names import family_of

TRIAL = "trial.json"

_FAILED = frozenset(["FAILED", "INVALID", "STOPPED"])
_RUNNING = frozenset(["RUNNING", "IDLE"])
_NUMBER = re.compile(r"(\d+)")


class Trial(NamedTuple):
    """A trial of a search.

    Attributes:
        history: Its values, where they were best, as keras-tuner keeps them.
        directions: Which way families improve.
        has_failed: Whether it failed.
        is_running: Whether it is under way.
        score: The metric that is searched by; empty where that cannot be told.
    """

    history: History
    directions: dict[str, Direction]
    has_failed: bool
    is_running: bool
    score: str


def trials_in(folder: Path) -> list[Path]:
    """Return the folders of the trials in that of a search, in their order."""
    found = [path.parent for path in folder.glob(f"trial_*/{TRIAL}")]
    return sorted(found, key=in_order)


def in_order(path: Path) -> list[tuple[int, str]]:
    """Return what sorts paths by the numbers in their names.

    >>> sorted([Path("run10"), Path("run9")], key=in_order)[0].name
    'run9'
    """
    parts = _NUMBER.split(str(path))
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def read_trial(folder: Path) -> Trial:
    """Return the trial that is kept in a folder.

    Raises:
        LogError: If what is there is none.
        OSError: If it cannot be read.
    """
    path = folder / TRIAL
    try:
        trial = json.loads(path.read_text(encoding="utf-8"))
        metrics = (trial.get("metrics") or {}).get("metrics") or {}
        known = {str(name): _value(each) for name, each in metrics.items()}
        directions: dict[str, Direction] = {
            family_of(str(name)): each["direction"]
            for name, each in metrics.items()
            if each.get("direction") in ("min", "max")
        }
        status = str(trial.get("status"))
        score = trial.get("score")
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise LogError(f"{path} is no trial of keras-tuner.") from error
    values = {name: found[1] for name, found in known.items() if found}
    history = History()
    if values:
        steps = [found[0] for found in known.values() if found]
        history.append(max(steps), values)
    by = (name for name, value in reversed(values.items()) if value == score)
    is_failed, is_running = status in _FAILED, status in _RUNNING
    return Trial(history, directions, is_failed, is_running, next(by, ""))


def _value(metric: Mapping[str, Any]) -> tuple[int, float] | None:
    """Return the epoch and the value of a metric: the mean of all executions."""
    observations = metric.get("observations") or []
    if not observations:
        return None
    last = observations[-1]
    values = [float(value) for value in last["value"]]
    at = int(last.get("step") or 0)
    if not values:
        return None
    return (at if 0 <= at <= MOST_EPOCH else 0), math.fsum(values) / len(values)
