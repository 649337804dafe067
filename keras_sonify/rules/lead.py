"""The rule for a run that is held against another one: which of the two is ahead."""

import math
from collections import deque

from keras_sonify.rules.moment import Found, Moment
from keras_sonify.training.events import in_four_digits
from keras_sonify.training.jitter import scatter
from keras_sonify.training.metrics import Metric

_SETTLED = 8  # places before which nobody knows how noisy the two are
_RECENT = 30  # by which that is known
# Of so many places the mean has to be so many deviations of the noise clear of zero.
# Of 300 pairs of 100 epochs that differed by noise alone none crossed then, and one in
# twelve where half of the noise stayed to the next epoch.
_CLEAR = ((3, 4.0), (8, 2.5))
_LEAST = 0.005  # of the value: closer runs are level


class Lead:
    """It takes the lead over the other run, or falls behind it: told once each time.

    By the monitored metric, or the loss where that never comes. A lead counts when it
    is clear of the noise of both, in the mean of the last three or eight places;
    from where the values have lain so is told. Whoever was ahead from the beginning has
    not taken the lead: each epoch says that.
    """

    def __init__(self) -> None:
        self._is_falling = True
        self._rank = math.inf  # of the metric that is judged, among those that may be
        self._begin()

    def _begin(self) -> None:
        self._shares: deque[float] = deque(maxlen=_RECENT)
        self._side = 0  # on which it is known to be: 1 ahead, -1 behind
        self._first = self._since = -1
        self._lying = 0  # on which side the values lie

    def check(self, now: Moment) -> Found:
        """Return what happened in this epoch."""
        name = self._judged(now)
        there = None if name is None else now.other_value(name)
        if now.other is None or name is None or there is None:
            return None
        value, sign = now.values[name], -1.0 if self._is_falling else 1.0
        largest = max(abs(value), abs(there))
        if not math.isfinite(largest):
            return None
        # Each by itself: their distance may be beyond all floats.
        share = sign * (value / largest - there / largest) if largest else 0.0
        if not self._shares:
            self._first = now.at
        self._shares.append(share)
        lying = (share > 0.0) - (share < 0.0)
        if lying and lying != self._lying:
            self._lying, self._since = lying, now.at
        if not self._is_clear() or self._lying == self._side:
            return None
        was, self._side = self._side, self._lying
        if not was and self._since == self._first:
            return None
        where = f"since {now.axis.name(self._since)}"
        told = f"{name} {in_four_digits(value)}, there {in_four_digits(there)}"
        if self._side > 0:
            return "ahead", f"ahead of {now.other.name} {where}: {told}"
        return "behind", f"behind {now.other.name} {where}: {told}"

    def _judged(self, now: Moment) -> str | None:
        """Return what is judged now; `None` if it has no value, here or there."""
        metrics = [now.monitor]
        if not now.is_rewarded:
            metrics += map(Metric.named, ("val_loss", "loss"))
        for rank, metric in enumerate(metrics):
            name = now.called(metric.name)
            if now.other is None or name is None or metric.direction is None:
                continue
            if now.other.opposes(metric) or now.other_value(name) is None:
                continue
            if rank < self._rank:  # the first validation may come late
                self._begin()
                self._rank, self._is_falling = rank, metric.direction == "min"
            return name if rank == self._rank else None
        return None

    def _is_clear(self) -> bool:
        """Whether the values lie clear of each other, on the side of the last two."""
        shares = [self._lying * share for share in self._shares]
        if len(shares) < _SETTLED or min(shares[-2:]) <= 0.0:
            return False
        noise = scatter(shares)
        return any(
            sum(shares[-many:]) / many > max(_LEAST, sure * noise)
            for many, sure in _CLEAR
        )


RULES = (Lead,)
"""What tells how it stands beside another run."""
