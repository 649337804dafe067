"""Where a run comes from: what it is called, and when it was."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a run comes from, as far as that is known. Times are seconds since 1970.

    Attributes:
        name: What it is called: its directory, or its log.
        began: When it began.
        ended: When it ended; `None` as long as it has not, as far as is known.
        logged: When its log was last written, where it was read from one: that is not
            when it was trained.
        is_read: Whether it was read from a log: nobody knows whether it is over.
    """

    name: str = ""
    began: float | None = None
    ended: float | None = None
    logged: float | None = None
    is_read: bool = False


UNKNOWN = Origin()
"""Nobody knows."""


def name_of(path: Path) -> str:
    """Return what a run is called that lies there: with the folder in which it is.

    >>> name_of(Path("/home/me/mnist/sonification"))
    'mnist/sonification'
    """
    return "/".join(part for part in path.parts[-2:] if part != path.anchor)


def log_origin(log: str, number: int | None = None) -> Origin:
    """Return the origin of a run that was read from a log.

    Args:
        log: Its path.
        number: Which one of the log's runs it is, where there are several. Defaults to
            `None`.
    """
    path = Path(log)
    try:
        logged = path.stat().st_mtime
        name = name_of(path.absolute()) if path.is_dir() else path.name
    except OSError:  # a pipe, or it has gone
        logged, name = None, path.name
    if number is not None:
        name = f"{name}, run {number}"
    return Origin(name, logged=logged, is_read=True)
