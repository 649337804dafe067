"""How a training went, judged by its pitches alone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from blind_listener import Pitch

OF_ALL, OF_ONE = 16.0, 2.25  # the least factor that all cents are: shared, and alone
# The verdict, in cents on the narrowest scale that both sides share (a factor of 16),
# on which one per cent is 10; on that of one metric, they stand for the same per cents.
_STUCK = 20.0  # less than 2 % better than the first epoch, on the narrowest scale
_WORSE = 50.0  # well above the 35 cents that anybody notices; 5 % or more
_BLOWN_UP = 240.0  # over two semitones above the first epoch: a quarter worse, or more
_LAST = 3  # epochs whose median is where a run ends: one outlier is no ending


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a training went, and since which epoch (from 1) where that is asked."""

    kind: Literal["converging", "overfitting", "diverged", "stuck", "nan"]
    epoch: int | None = None


def judge(
    train: Sequence[Pitch], validation: Sequence[Pitch], factor: float = OF_ALL
) -> Verdict:
    """Return how a training went, from the pitches of `loss` and `val_loss` alone.

    Args:
        train: Pitches of `loss`.
        validation: Pitches of `val_loss`.
        factor: What all cents are at least, where these were heard.
    """
    scale = math.log(OF_ALL) / math.log(factor)
    for epoch, pair in enumerate(zip(train, validation, strict=True), start=1):
        if any(pitch is not None and math.isnan(pitch) for pitch in pair):
            return Verdict(kind="nan", epoch=epoch)
    heard = [pitch for pitch in train if pitch is not None]
    if median(heard[-_LAST:]) > heard[0] + scale * _BLOWN_UP:
        return Verdict(kind="diverged")
    if min(heard) > heard[0] - scale * _STUCK:
        return Verdict(kind="stuck")
    known = [math.inf if pitch is None else pitch for pitch in validation]
    lowest = min(known)
    onset = known.index(lowest)
    is_over = onset < len(known) - _LAST  # what rises for fewer epochs may yet fall
    if is_over and median(known[-_LAST:]) > lowest + scale * _WORSE:
        return Verdict(kind="overfitting", epoch=onset + 1)
    return Verdict(kind="converging")
