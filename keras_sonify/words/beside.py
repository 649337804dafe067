"""Runs beside one another at one place: their values, and how far they are apart."""

import math
from collections.abc import Iterator, Mapping

from keras_sonify.training.comparison import Comparison
from keras_sonify.training.leads import LEAST
from keras_sonify.training.overlay import run_title
from keras_sonify.words.text import number, percent

_MOST_TOLD = 10.0  # times: beyond, the share says nothing more


def place_sentence(told: Comparison, values: Mapping[str, float]) -> str:
    """Return what the runs had at a place, and how far the two best are apart there.

    Args:
        told: What came of comparing them.
        values: The value of each run there, by its title.
    """
    titles = [run_title(run.number) for run in told.runs]
    parts = [f"{t} {number(values[t])}" for t in titles if t in values]
    return "; ".join([*parts, *_gap(told, values)]) or "no run has a value"


def short_place(told: Comparison, values: Mapping[str, float]) -> str:
    """Return the same in a few words."""
    return next(_gap(told, values), "") or place_sentence(told, values)


def _gap(told: Comparison, values: Mapping[str, float]) -> Iterator[str]:
    """Yield how far the two best runs are apart at a place, where both have a value."""
    first, second = map(run_title, told.leaders)
    share = apart_by(values.get(first), values.get(second))
    if share is not None:
        side = "below" if share < 0 else "above"
        level = abs(share) <= LEAST
        told_share = "level with" if level else f"{percent(abs(share))} {side}"
        yield f"{second} {told_share} {first}"


def apart_by(first: float | None, second: float | None) -> float | None:
    """Return by what share a value lies above another one; `None` if there is none.

    >>> apart_by(2.0, 1.5)
    -0.25
    """
    if (
        first is None
        or second is None
        or not (math.isfinite(first) and math.isfinite(second))
    ):
        return None
    share = (second - first) / abs(first) if first else math.nan
    return share if abs(share) <= _MOST_TOLD else None  # nor NaN
