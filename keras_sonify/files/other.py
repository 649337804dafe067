"""The run that another one is held against: found, and kept beside its record.

It is kept as `against.csv`, in the form of `log.csv`: the run before, which is mostly
what one is held against, is overwritten by this one, and what is made of a run is to be
made again when all else is gone.
"""

from collections.abc import Mapping
from pathlib import Path

from keras_sonify.files.directory import RunDirectory
from keras_sonify.files.log_csv import LogCsv
from keras_sonify.files.past import directions_of, read_about, read_past
from keras_sonify.readers import LogError, read_log
from keras_sonify.readers.runs import choose_runs
from keras_sonify.rules.step_rows import recorded
from keras_sonify.settings import LAST
from keras_sonify.training.against import OtherRun
from keras_sonify.training.foreign import shown
from keras_sonify.training.record import LOG
from keras_sonify.training.warn import warn

AGAINST = "against.csv"
"""The record of the other run, beside that of the run."""

_LAST_TIME = "last time"
_LONGEST_NAME = 40  # characters: it is said with each epoch
WITHOUT = "The references are the best values so far."
"""What is said after why there is no other run."""


class NoOtherRunError(Exception):
    """There is nothing to hold a run against; the message is a sentence or two."""


def find_other(
    against: str | None, directory: str | None, goes_on_in: Path | None = None
) -> OtherRun | None:
    """Return the run that is asked for; `None` if none is.

    Args:
        against: `LAST`, or the path of a directory or a log, or `None`.
        directory: Template of the run's own directory; `None` if it has none.
        goes_on_in: Where the run is kept which this one goes on with: that one is not
            the one before, but what it was held against. Defaults to `None`.

    Raises:
        NoOtherRunError: If it is not there, or cannot be read.
    """
    if against is None:
        return None
    if not _asks_for_last(against, directory):
        path = Path(against).expanduser()
        return _read(path, _name_of(path))
    if goes_on_in is not None:
        other = kept_other(goes_on_in)
        if other is None:
            raise NoOtherRunError("The run that goes on was held against no other one.")
        return other
    own = RunDirectory(directory or "")
    if own.last is None:
        raise NoOtherRunError(
            shown(f"No run has been kept before this one in {own.base}.")
        )
    return _read(own.last, _LAST_TIME)


def _asks_for_last(against: str, directory: str | None) -> bool:
    """Whether a run is to be held against the one before it in its own directory."""
    if against == LAST:
        return True
    last = RunDirectory(directory).last if directory else None
    path = Path(against).expanduser().resolve()
    return last is not None and path in {last.resolve(), (last / LOG).resolve()}


def _read(path: Path, name: str) -> OtherRun:
    damage: list[str] = []
    try:
        rows = read_log(path, warn=damage.append)
        (chosen,) = choose_runs(rows, "last", path.name)
    except (LogError, ImportError, OSError) as error:
        why = getattr(error, "strerror", None) or str(error).rstrip(".")
        raise NoOtherRunError(
            shown(f"{path}, the run to hold this one against, cannot be read: {why}.")
        ) from error
    for message in damage:  # of a log that cannot be read, one sentence will do
        warn(message)
    is_ours = path.is_dir() or path.name == LOG
    about = read_about(path if path.is_dir() else path.parent) if is_ours else {}
    return OtherRun(name, recorded(chosen.history), directions_of(about))


def _name_of(path: Path) -> str:
    """Return what a run is called: its directory, or its log."""
    path = path.resolve()
    is_directory = path.is_dir() or path.name == LOG
    name = path.parent.name if path.name == LOG else path.name
    name = name if is_directory else path.stem
    return f"run {name}" if name.isdecimal() else name[:_LONGEST_NAME]


def keep_other(directory: RunDirectory, other: OtherRun | None) -> None:
    """Keep the other run beside the record; where there is none, no older one either.

    Raises:
        OSError: If it cannot be written.
    """
    path = directory.make() / AGAINST
    if other is None:
        if read_about(path.parent).get("against"):
            path.unlink(missing_ok=True)
        return
    log = LogCsv(directory, other.history, name=AGAINST)
    if not log.write():
        raise OSError(log.trouble)


def kept_other(directory: Path) -> OtherRun | None:
    """Return the run that the one in a directory was held against; `None` if none was.

    Raises:
        NoOtherRunError: If it is there no more.
    """
    about = read_about(directory).get("against")
    if not isinstance(about, Mapping):
        return None
    name = str(about.get("name") or _LAST_TIME)
    try:
        past = read_past(directory, AGAINST)
    except OSError:
        past = None
    if past is None:
        raise NoOtherRunError(
            shown(
                f"{directory / AGAINST}, the record of {name}, is there no more or "
                "cannot be read."
            )
        )
    return OtherRun(name, past.history, directions_of(about))
