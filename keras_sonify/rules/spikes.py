"""Steps that stand far out of the noise of their run: spikes of a loss."""

import math
from collections import deque
from collections.abc import Mapping

from keras_sonify.training.metrics import is_any_loss
from keras_sonify.training.names import is_validation
from keras_sonify.training.points import median

_RECENT, _LEAST = 200, 50  # steps by which one is judged: at most, and at least
_REFRESH = 40  # steps after which their median and deviation are found anew
_SPIKE = 10.0  # median absolute deviations: of Gaussian noise, none in a million steps
_TAIL = 6.0  # so far out lies what tells whether the noise has heavy tails
# Of a million steps of Gaussian noise 72 lie there, of Student's t, 5 degrees, 4081.
_MOST_IN_TAIL, _TAIL_SHARE = 2, 0.0008
_MOST_SPIKES, _SPIKE_SHARE = 10, 0.001  # beyond, they are the noise of this run
# Of the logarithm: what is not 15 % above the others is no spike. Before a loss has
# moved at all, its noise is small.
_LEAST_DEVIATION = 0.014
_SHARE_OF_USUAL, _SLOW = 0.85, 0.05  # of the usual deviation, and how fast that moves
_MOST_LOSSES = 8


class Spikes:
    """Finds the steps whose loss is ten deviations above those before.

    On the logarithmic scale, by the median and the median absolute deviation of the
    last 200 steps around their trend. Where the noise has heavy tails, or more than
    one step in 1000 stands out, that is the noise of this run.
    """

    def __init__(self) -> None:
        self._names: frozenset[str] = frozenset()
        self._losses: dict[str, _Noise] = {}
        self._judged: list[tuple[str, _Noise]] = []

    def check(self, values: Mapping[str, float]) -> frozenset[str]:
        """Return the losses of which a step is a spike.

        Args:
            values: Its values. NaN and infinities are no spikes.
        """
        if values.keys() != self._names:
            self._choose(values)
        found = _NONE
        for name, noise in self._judged:
            if noise.is_spike(values[name]):
                found |= {name}
        return found

    @property
    def is_noisy(self) -> bool:
        """Whether what stands out is the noise of this run."""
        return any(noise.is_noisy for noise in self._losses.values())

    def _choose(self, values: Mapping[str, float]) -> None:
        self._names = frozenset(values)
        losses = [n for n in values if is_any_loss(n) and not is_validation(n)]
        for name in losses[:_MOST_LOSSES]:
            self._losses.setdefault(name, _Noise())
        self._judged = [(n, self._losses[n]) for n in losses if n in self._losses]


_NONE: frozenset[str] = frozenset()


class _Noise:
    """The noise of one loss so far.

    It holds logarithms, as long as the loss has been above 0.
    """

    __slots__ = (
        "_crossed",
        "_due",
        "_is_logarithmic",
        "_recent",
        "_seen",
        "_spike_limit",
        "_tail",
        "_tail_limit",
        "_told",
        "_usual",
        "is_noisy",
    )

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=_RECENT)
        self._seen = 0
        self._due = _LEAST
        self._tail_limit = self._spike_limit = math.inf
        self._is_logarithmic = True
        self._usual = 0.0
        self._tail = self._crossed = self._told = 0
        self.is_noisy = False

    def is_spike(self, value: float) -> bool:
        """Take in a value; return whether it stands far out of those before."""
        if self._seen >= self._due:
            self._refresh()
        if not math.isfinite(value):
            return False
        is_usual = value <= self._tail_limit
        self._seen += 1
        if self._is_logarithmic:
            if value > 0.0:
                self._recent.append(math.log(value))
                return not is_usual and self._stands_out(value)
            self._is_logarithmic = False
            self._recent = deque(map(math.exp, self._recent), _RECENT)
        self._recent.append(value)
        return not is_usual and self._stands_out(value)

    def _stands_out(self, value: float) -> bool:
        if value <= self._spike_limit:
            self._tail += 1
            return False
        self._crossed += 1
        is_often = self._crossed > _MOST_SPIKES + _SPIKE_SHARE * self._seen
        most_in_tail = _MOST_IN_TAIL - (self._told > 0) + _TAIL_SHARE * self._seen
        if is_often or self._tail > most_in_tail:
            # Whoever has been told of one spike or two need not be told of the noise.
            self.is_noisy = self.is_noisy or is_often or not self._told
            return False
        self._told += 1
        return True

    def _refresh(self) -> None:
        self._due = self._seen + _REFRESH
        recent = list(self._recent)
        half = len(recent) // 2
        before, after = median(recent[:half]), median(recent[-half:])
        # The trend is no noise: a loss that falls fast would hide its spikes.
        slope = (after - before) / (len(recent) - half)
        at, now = (len(recent) - 1) / 2.0, len(recent) + _REFRESH / 2.0
        level = [value - slope * (place - at) for place, value in enumerate(recent)]
        middle = median(level)
        deviation = median([abs(value - middle) for value in level])
        # A fall that levels off is not as far down as its line.
        middle = max(middle + slope * (now - at), median(recent[-_REFRESH:]))
        least = _LEAST_DEVIATION * (1.0 if self._is_logarithmic else abs(middle))
        # So few tell a deviation to a tenth: one that is small by chance counts less.
        deviation = max(deviation, least, _SHARE_OF_USUAL * self._usual)
        self._usual += (deviation - self._usual) * (_SLOW if self._usual else 1.0)
        limits = [middle + far * deviation for far in (_TAIL, _SPIKE)]
        if self._is_logarithmic:
            limits = [math.exp(min(limit, _MOST_LOG)) for limit in limits]
        self._tail_limit, self._spike_limit = limits


_MOST_LOG = 709.0  # e to that is nearly the greatest float
