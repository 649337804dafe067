"""Two runs, place by place: where each was, and which of them led."""

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from keras_sonify.training.against import OtherRun
from keras_sonify.training.axis import At
from keras_sonify.training.directions import Direction
from keras_sonify.training.history import History
from keras_sonify.training.jitter import jitter

LEAST = 0.005
"""Share of a value by which another one differs from it, at least, to be told."""

_SURE = 2.5  # times the noise by which one leads if it is not by chance
_ENOUGH = 8  # places by which the noise of their difference is known
_IN_A_ROW = 2  # places at which it does


class Pair(NamedTuple):
    """A place at which both runs have a value."""

    at: At
    first: float
    second: float


class Lead(NamedTuple):
    """Where a run took the lead.

    Attributes:
        at: The place.
        is_second: Whether it is the second one.
    """

    at: At
    is_second: bool


def pair_up(first: History, second: History, metric: str) -> list[Pair]:
    """Return the values of two runs at the same places.

    Where one counts steps and the other epochs, it is by epochs. Where one has more
    values than the other, it is what it was since the place before.

    Args:
        first: A run, of at least one row.
        second: Another one.
        metric: The metric, by the name of either.
    """
    runs = [OtherRun("", history) for history in (first, second)]
    places = [_places(run, metric, first.axis is not second.axis) for run in runs]
    if not all(places):
        return []
    begins = max(of_one[0].place for of_one in places)
    ends = min(of_one[-1].place for of_one in places)
    shared = [at for at in min(places, key=len) if begins <= at.place <= ends]
    pairs = []
    since: int | None = None
    for at in shared:
        values = [run.value_at(metric, at, since=since) for run in runs]
        if values[0] is not None and values[1] is not None:
            pairs.append(Pair(at, values[0], values[1]))
        since = at.place
    return pairs


def _places(run: OtherRun, metric: str, by_epoch: bool) -> list[At]:
    """Return where a run has values of a metric, in their order."""
    name, rows = run.called(metric), enumerate(run.history.rows(len(run.history)))
    ats = [run.history.at(place) for place, (_, values) in rows if name in values]
    return [*dict.fromkeys(At(at.epoch) for at in ats)] if by_epoch else ats


def find_leads(pairs: Sequence[Pair], direction: Direction) -> list[Lead]:
    """Return where the lead was taken, the first time included; not for noise.

    Args:
        pairs: What `pair_up` returned.
        direction: Which way the metric improves.
    """
    gains = [_gain(pair, direction) for pair in pairs]
    close = [gain for gain in gains if abs(gain) < 1.0]
    noise = jitter(close) if len(close) >= _ENOUGH else 0.0
    least = max(LEAST, _SURE * noise)
    in_a_row = min(_IN_A_ROW, len(pairs))
    leads: list[Lead] = []
    since = 0  # the lead was taken before
    for place in range(max(in_a_row - 1, 0), len(pairs)):
        recent = gains[place - in_a_row + 1 : place + 1]
        is_second = recent[-1] > 0
        if any(abs(gain) <= least or (gain > 0) is not is_second for gain in recent):
            continue
        if leads and leads[-1].is_second is is_second:
            continue
        turn = since + _turn(gains[since : place + 1])
        leads.append(Lead(pairs[turn].at, is_second))
        since = place
    return leads


def _turn(gains: Sequence[float]) -> int:
    """Return since which place of some the last one's sign has prevailed.

    There the sum of all to the end is largest: noise adds up to nothing.
    """
    sign = math.copysign(1.0, gains[-1])
    sums = list(accumulate(sign * gain for gain in reversed(gains)))
    return len(gains) - 1 - max(range(len(sums)), key=sums.__getitem__)


def _gain(pair: Pair, direction: Direction) -> float:
    """Return by what share of the larger value the second is better, from -1 to 1."""
    _, first, second = pair
    if not (math.isfinite(first) and math.isfinite(second)):
        return float(math.isfinite(second)) - float(math.isfinite(first))
    size = max(abs(first), abs(second))
    if not size:
        return 0.0
    rise = second / size - first / size
    return max(min(-rise if direction == "min" else rise, 1.0), -1.0)
