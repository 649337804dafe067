"""The log in a folder that a training writes: ours, Hugging Face's, Lightning's."""

import re
from pathlib import Path

from keras_sonify.training.record import LOG

_STATE = "trainer_state.json"
_TABLES = ("metrics.csv", "version_*/metrics.csv", "*/version_*/metrics.csv")
_NUMBER = re.compile(r"(\d+)$")


def log_in(folder: Path) -> Path | None:
    """Return the newest log in a folder; `None` if there is none that we know.

    Args:
        folder: That of a run of ours, the one into which a Hugging Face trainer writes
            its checkpoints, or that of Lightning: of a version, or above them.
    """
    if (folder / LOG).is_file():
        return folder / LOG
    states = [*folder.glob(_STATE), *folder.glob(f"checkpoint-*/{_STATE}")]
    if states:
        return max(states, key=lambda path: (_written(path), _number(path)))
    tables = (path for pattern in _TABLES for path in folder.glob(pattern))
    return max(tables, key=lambda path: (_number(path), _written(path)), default=None)


def is_state(path: Path) -> bool:
    """Whether a log is written as a whole, a file for each state of a training."""
    return path.name == _STATE


def _number(path: Path) -> int:
    """Return the number at the end of the name of a file's folder."""
    found = _NUMBER.search(path.parent.name)
    return int(found[1]) if found else -1


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
