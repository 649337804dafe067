"""Who writes a file just now: a lock, which goes with the process that holds it."""

import contextlib
import importlib
import io
from pathlib import Path
from typing import Any


def lock(file: io.BufferedIOBase | io.FileIO) -> bool:
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


def unlock(file: io.FileIO) -> None:
    """Let go of a file, also for processes that were forked off and still have it."""
    with contextlib.suppress(ImportError, OSError):
        fcntl: Any = importlib.import_module("fcntl")
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)


def is_locked(path: Path) -> bool:
    """Whether a run writes a file just now."""
    try:
        with path.open("rb") as file:
            return lock(file)
    except OSError:
        return False
