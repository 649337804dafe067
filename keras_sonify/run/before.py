"""What was there before a run: one that it goes on with, one it is held against."""

from collections.abc import Mapping
from pathlib import Path

from keras_sonify.files.keeper import FilesKeeper
from keras_sonify.files.other import WITHOUT, NoOtherRunError, find_other
from keras_sonify.settings import Settings
from keras_sonify.training.against import OtherRun
from keras_sonify.training.directions import Direction
from keras_sonify.training.history import History
from keras_sonify.training.warn import Warner


def other_before(
    settings: Settings, warner: Warner, goes_on_in: Path | None = None
) -> OtherRun | None:
    """Return the run that a run is held against; say why there is none.

    Args:
        settings: What the user asked for.
        warner: Says it.
        goes_on_in: Where the run is kept that this one goes on with. Defaults to
            `None`.
    """

    def find() -> OtherRun | None:
        try:
            return find_other(settings.against, settings.directory, goes_on_in)
        except NoOtherRunError as error:
            warner.once("against", f"{error} {WITHOUT}")
            return None

    return warner.attempt("Reading `against`", find, None)


def past_before(
    epoch: int,
    known: Mapping[str, Direction],
    keeper: FilesKeeper,
    warner: Warner,
) -> History:
    """Return the run in the directory that a run goes on with; empty if there is none.

    Args:
        epoch: With which epoch the run begins.
        known: Which way each family improves, as far as is known.
        keeper: Keeps the files.
        warner: Warns of a fault.
    """
    kept = warner.attempt(
        "Going on with a run", lambda: keeper.begin(epoch, known), None
    )
    return kept.history if kept else History()


def past_in_memory(epoch: int, past: History | None) -> History:
    """Return a run without files that a run goes on with; empty if it does not.

    Args:
        epoch: With which epoch the run begins.
        past: What may come before it.
    """
    count = len(past) if past is not None else 0
    if past is None or not count or past.at(count - 1).epoch != epoch - 1:
        return History()
    return past
