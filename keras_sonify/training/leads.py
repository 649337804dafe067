"""Two runs, place by place: where each was, and which of them led."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, groupby
from typing import NamedTuple

from keras_sonify.training.axis import STEPS, At
from keras_sonify.training.course import Value
from keras_sonify.training.directions import Direction
from keras_sonify.training.history import History
from keras_sonify.training.jitter import jitter
from keras_sonify.training.names import is_validation
from keras_sonify.training.points import median

LEAST = 0.005
"""Share of a value by which another one differs from it, at least, to be told."""

_SURE = 2.0  # times the noise by which one leads if it is not by chance
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


def pair_up(
    first: History, second: History, first_name: str, second_name: str
) -> list[Pair]:
    """Return the values of two runs at the same places, on the axis of the first.

    Where one counts steps and the other epochs, it is by epochs. Where one has more
    values than the other, the last one that it had by then counts.

    Args:
        first: A run.
        second: Another one.
        first_name: What the metric is called in the first one.
        second_name: What it is called in the second one.
    """
    by_epoch = first.axis is not second.axis
    here = _values(first, first_name, by_epoch=by_epoch)
    there = _values(second, second_name, by_epoch=by_epoch)
    if not here or not there:
        return []
    is_coarser = len(there) < len(here)
    coarse, fine = (there, here) if is_coarser else (here, there)
    begins = max(coarse[0].at.place, fine[0].at.place)
    ends = min(coarse[-1].at.place, fine[-1].at.place)
    places = [each.at.place for each in fine]
    pairs = []
    for at, value in coarse:
        if begins <= at.place <= ends:
            other = fine[bisect_right(places, at.place) - 1].value
            pair = (other, value) if is_coarser else (value, other)
            pairs.append(Pair(at, *pair))
    return pairs


def find_leads(pairs: Sequence[Pair], direction: Direction) -> list[Lead]:
    """Return where the lead was taken, the first time included; not for noise.

    Args:
        pairs: What `pair_up` returned.
        direction: Which way the metric improves.
    """
    gains = [_gain(pair, direction) for pair in pairs]
    least = max(LEAST, _SURE * jitter([gain for gain in gains if abs(gain) < 1.0]))
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


def _values(history: History, name: str, *, by_epoch: bool) -> list[Value]:
    rows = enumerate(history.rows(len(history)))
    placed = [
        (history.at(place), values[name])
        for place, (_, values) in rows
        if name in values
    ]
    if by_epoch and history.axis is STEPS:
        epochs = groupby(placed, key=lambda each: each[0].epoch)
        return [
            Value(At(epoch), _of_epoch([value for _, value in of_one], name))
            for epoch, of_one in epochs
        ]
    return [Value(at, value) for at, value in placed]


def _of_epoch(values: Sequence[float], name: str) -> float:
    """Return what a metric was in an epoch that was told in steps."""
    finite = [value for value in values if math.isfinite(value)]
    return values[-1] if is_validation(name) or not finite else median(finite)
