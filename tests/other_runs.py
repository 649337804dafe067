"""Runs that others are held against."""

from collections.abc import Sequence

from keras_sonify.training.against import OtherRun
from keras_sonify.training.directions import Direction
from keras_sonify.training.history import History


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
