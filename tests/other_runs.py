"""Runs that others are held against."""

from collections.abc import Sequence
from pathlib import Path

from keras_sonify import Sonifier
from keras_sonify.score.cue import Cue
from keras_sonify.training.against import OtherRun
from keras_sonify.training.directions import Direction
from keras_sonify.training.history import History

OLD = [1.0, 0.8, 0.7, 0.6]
NEW = [1.1, 0.9, 0.6, 0.5, 0.4]


def history_of(**columns: Sequence[float | None]) -> History:
    """Return a run of epochs, a list for each metric; `None` is no value."""
    history = History()
    for epoch, row in enumerate(zip(*columns.values(), strict=True)):
        named = zip(columns, row, strict=True)
        history.append(epoch, {n: v for n, v in named if v is not None})
    return history


def last_time(
    directions: dict[str, Direction] | None = None, /, **columns: Sequence[float | None]
) -> OtherRun:
    """Return such a run as the one before."""
    return OtherRun("last time", history_of(**columns), directions)


def run_against(
    directory: Path | str,
    losses: Sequence[float],
    first: int = 0,
    against: Path | str | None = None,
) -> tuple[list[Cue], list[str]]:
    """Return the cues of a run, and what there is to say of it."""
    sonifier = Sonifier(directory=directory, player=None, against=against)
    cues = [sonifier.epoch(k, {"loss": v}) for k, v in enumerate(losses, first)]
    return [cue for cue in cues if cue is not None], sonifier.end()


def heard_of_other(cues: Sequence[Cue]) -> list[float | None]:
    """Return what each cue told of the other run: its value there."""
    others = [cue.readings[0].other for cue in cues]
    return [None if other is None else other.value for other in others]
