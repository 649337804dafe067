"""What a batch's own values are: Keras tells, with each, those of the epoch so far."""

import math
from collections.abc import Collection, Mapping

from keras_sonify.training.values import read_values

_LEAST_PART = 2.0**-24  # of a number that Keras told as a 32-bit float
_MOST_OFF = 4  # times that: by which a difference of two may be off
_LEAST_NOISE, _MOST_NOISE = 1e-300, 1e15  # what `round` can round to
_EXACT = 2**24  # the greatest count that such a float holds exactly


class OwnValues:
    """Undoes the running means of an epoch where that is exact.

    With each batch a mean moves by that batch's distance to it, divided by how many
    there were. A value that is no number stays in it until the epoch ends: with which
    batch it came is told, and nothing of the batches after it, which nobody knows.

    Args:
        means: Metrics that are told as the mean of the batches so far.
        running: Those that are told for the batches so far, and are no means: what they
            were in one batch cannot be known. All others are taken as they are told.
    """

    def __init__(
        self, means: Collection[str] = (), running: Collection[str] = ()
    ) -> None:
        self._means = means
        self._running = running
        self._before: dict[str, tuple[float, float]] = {}  # a mean, of how many batches
        self._lost: set[str] = set()

    def goes_wrong(self, logs: Mapping[str, object]) -> bool:
        """Whether something is no number in these logs, and was one before."""
        return any(
            name not in self._lost and not math.isfinite(number)
            for name, number in read_values(logs).numbers.items()
        )

    def row(
        self,
        logs: Mapping[str, object],
        batches: float,
        full: Mapping[str, float] | None = None,
    ) -> dict[str, float]:
        """Return the values of a batch: of means, also of those since the last row.

        Args:
            logs: What was told with it.
            batches: How many of the epoch have been trained with by now.
            full: The same in full batches, of each metric of which that is known, for
                the last batch of an epoch, which may be smaller. Defaults to `None`:
                all were full.
        """
        values: dict[str, float] = {}
        for name, number in read_values(logs).numbers.items():
            own: float | None = number
            if name in self._means:
                count = batches if full is None else full.get(name)
                own = self._undone(name, number, count)
            elif name in self._running:
                own = self._before_lost(name, number)
            if own is not None:
                values[name] = own
        return values

    def _undone(self, name: str, mean: float, batches: float | None) -> float | None:
        """Return what made a mean what it is now; `None` if nobody knows."""
        if not math.isfinite(mean):
            return self._before_lost(name, mean)
        before, count = self._before.get(name, (0.0, 0.0))
        if batches is None or batches <= count or name in self._lost:
            return None
        self._before[name] = mean, batches
        own = mean + (mean - before) * (count / (batches - count))
        return _to_what_is_known(own, abs(mean) * batches / (batches - count))

    def _before_lost(self, name: str, number: float) -> float | None:
        if name in self._lost:
            return None
        if not math.isfinite(number):
            self._lost.add(name)
        return number


def full_batches(count: float, batches: int) -> float | None:
    """Return how many full batches some samples make, of which the last may be smaller.

    Args:
        count: How many samples, or batches if each counts once.
        batches: How many batches.

    Returns:
        `None` where several sizes of a batch are possible; 0 where none is, for the
        batches did not count alike.

    >>> full_batches(1000, 32), full_batches(64, 2), full_batches(32.5, 32)
    (31.25, None, 0.0)
    """
    if batches == 1:
        return 1.0
    least = math.ceil(count / batches)
    most = math.ceil(count / (batches - 1)) - 1
    if count != int(count) or least > most:
        return 0.0
    return count / least if least == most and count < _EXACT else None


def _to_what_is_known(number: float, size: float) -> float | None:
    """Return a number without the digits that are but noise.

    Args:
        number: The difference of two.
        size: How great those were.
    """
    noise = _LEAST_PART * size
    if not math.isfinite(number):
        return None
    if not _LEAST_NOISE < noise < _MOST_NOISE:
        return number
    # No accuracy of less than nothing, or of more than all.
    if abs(number - round(number)) <= _MOST_OFF * noise:
        return float(round(number))
    return round(number, -math.floor(math.log10(noise)))
