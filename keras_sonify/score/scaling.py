"""From a metric's value to its place in the range that its family, or it, has covered.

A `RunningRange` grows with the values it is shown; its `Span` at any moment maps a
value to a position between 0 (the lowest value) and 1 (the highest). Losses and
errors live on a logarithmic scale, since halving a small loss is worth as much as
halving a large one; all else is linear.
"""

import math
from dataclasses import dataclass

from keras_sonify.score.running_median import RunningMedian

_LINEAR_BELOW = 1e-3  # asinh(v/c) is linear below c, a thousandth of the usual size


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """How far values must move at least to span the pitches.

    Without a floor a first epoch, a constant metric and the noise of a plateau would
    sound like drama.

    Attributes:
        factor: How far a loss must move: by this factor.
        unit: How far a metric that lives in 0..1 must move.
        share: How far anything else must move: by this share of its first value.
    """

    factor: float
    unit: float
    share: float


# Design constants: see "Scaling" in docs/sounds.md.
FAMILY_FLOOR = Floor(factor=16.0, unit=0.25, share=0.25)
# A metric that is heard alone leaves no room for its twin, and moves more. Where a run
# overfits, its validation loss is to rise by an octave: a factor of 4 gives two thirds
# of one. A noise of 1 % is 36 cents, which ears just take for a step. Accuracies, which
# come in larger grains, have half of their family's floor.
ALONE_FLOOR = Floor(factor=2.25, unit=0.125, share=0.125)


@dataclass(frozen=True, slots=True)
class Span:
    """A range of values, fixed: what one tone is measured against.

    Attributes:
        low: Lower end, as `warp` gives it.
        high: Upper end, as `warp` gives it. Not below `low`.
        unit: Where the scale turns from linear to logarithmic, in the metric's own
            unit; 0 for a scale that is linear throughout.
    """

    low: float
    high: float
    unit: float = 0.0

    def warp(self, value: float) -> float:
        """Return the finite `value` on this span's scale: asinh(value / unit)."""
        return _warp(value, self.unit)

    def interpolate(self, value: float, start: float, end: float) -> float:
        """Map `value` linearly (after `warp`) so that low is start and high is end.

        The two ends are met exactly, and between them the steps are those of
        `numpy.interp`, so that the classic style can equal its recipe to the sample.

        Args:
            value: A finite value; outside the span it maps to that end.
            start: What the lower end maps to.
            end: What the upper end maps to.

        Returns:
            The mapped value; midway where the span has no width.
        """
        warped = self.warp(value)
        width = self.high - self.low
        if width == 0:
            return (start + end) / 2
        if warped >= self.high:
            return end
        if warped <= self.low:
            return start
        slope = (end - start) / width
        if math.isinf(width):  # ends near +-1.8e308: halve before subtracting
            share = (warped / 2 - self.low / 2) / (self.high / 2 - self.low / 2)
        elif math.isinf(slope):  # a width near 1e-308
            share = (warped - self.low) / width
        else:
            return start + slope * (warped - self.low)
        return start + (end - start) * share

    def position(self, value: float) -> float:
        """Return where `value` lies: 0 at the low end, 1 at the high end."""
        return self.interpolate(value, 0.0, 1.0)


class RunningRange:
    """The minimum and maximum of a family, or of a metric, so far.

    Args:
        logarithmic: Boolean. Whether values are scaled by asinh(v / c) with
            c a thousandth of the first or of the median absolute value, of the
            smaller one, so that a wild first epoch does not flatten the rest: a
            logarithm above c, linear near zero, and at home with zero and negative
            losses. Defaults to `False`.
        floor: How narrow the span may be: by its `factor` where it is logarithmic,
            by its `unit` while all values are in 0..1, else by its `share`. Defaults
            to `None`: as narrow as the values are.
        falling: Boolean. Whether the floor widens the span downwards, where a
            falling metric is bound to go, or upwards. Defaults to `False`.
    """

    def __init__(
        self,
        *,
        logarithmic: bool = False,
        floor: Floor | None = None,
        falling: bool = False,
    ) -> None:
        self._logarithmic = logarithmic
        self._floor = floor
        self._falling = falling
        self._first: float | None = None
        self._low = math.inf
        self._high = -math.inf
        self._sizes = RunningMedian()

    def include(self, value: float) -> None:
        """Widen the range to hold `value`. NaN and infinities are not taken in."""
        if not math.isfinite(value):
            return
        if self._first is None:
            self._first = value
        self._low = min(self._low, value)
        self._high = max(self._high, value)
        if self._logarithmic and value:  # 0 says nothing of the metric's size
            self._sizes.include(abs(value))

    def span(self) -> Span | None:
        """Return the span of what was included, or `None` before the first value."""
        if self._first is None:
            return None
        unit = self._unit(self._first)
        low, high = _warp(self._low, unit), _warp(self._high, unit)
        if self._floor is not None:
            width = self._narrowest(self._first, self._floor)
            if self._falling:
                low = min(low, high - width)
            else:
                high = max(high, low + width)
        return Span(low, high, unit)

    def _unit(self, first: float) -> float:
        if not self._logarithmic:
            return 0.0
        # A first loss of exactly 0 says nothing of the metric's size: take it as 1.
        size = abs(first) or 1.0
        if (usual := self._sizes.value) is not None:
            size = min(size, usual)
        # The smallest normal float keeps v / c finite for denormal sizes.
        return max(size * _LINEAR_BELOW, 2.3e-308)

    def _narrowest(self, first: float, floor: Floor) -> float:
        if self._logarithmic:
            return math.log(floor.factor)
        if self._low >= 0.0 and self._high <= 1.0:
            return floor.unit
        return abs(first) * floor.share


def _warp(value: float, unit: float) -> float:
    if unit == 0.0:
        return value
    ratio = value / unit
    if math.isinf(ratio):  # asinh(x) is log(2 |x|) there, to the last bit
        return math.copysign(
            math.log(2.0) + math.log(abs(value)) - math.log(unit),
            value,
        )
    return math.asinh(ratio)
