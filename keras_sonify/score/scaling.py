"""From a metric's value to its place in the range that its family has covered.

A `RunningRange` grows with the values it is shown; its `Span` at any moment maps a
value to a position between 0 (the lowest value) and 1 (the highest). Losses and
errors live on a logarithmic scale, since halving a small loss is worth as much as
halving a large one; all else is linear.
"""

import math
from dataclasses import dataclass

from keras_sonify.score.running_median import RunningMedian

# Design constants: see "Scaling" in the README.
_LOG_FLOOR = math.log(16.0)  # a loss must move by a factor of 16 to span the pitches
_UNIT_FLOOR = 0.25  # a metric that lives in 0..1 must move by a quarter
_OTHER_FLOOR = 0.25  # anything else, by a quarter of its first value
_LINEAR_BELOW = 1e-3  # asinh(v/c) is linear below c, a thousandth of the usual size


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
    """The minimum and maximum of a family so far.

    Args:
        logarithmic: Boolean. Whether the family is scaled by asinh(v / c) with
            c a thousandth of the first or of the median absolute value, of the
            smaller one, so that a wild first epoch does not flatten the rest: a
            logarithm above c, linear near zero, and at home with zero and negative
            losses. Defaults to `False`.
        floor: Boolean. Whether the span is never narrower than a factor of 16
            (logarithmic), 0.25 (all values in 0..1) or a quarter of the first value
            (other), so that a first epoch, a constant metric and the noise of a
            plateau do not sound like drama. Defaults to `True`.
        falling: Boolean. Whether the floor widens the span downwards, where a
            falling metric is bound to go, or upwards. Defaults to `False`.
    """

    def __init__(
        self,
        *,
        logarithmic: bool = False,
        floor: bool = True,
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
        if self._floor:
            width = self._narrowest(self._first)
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

    def _narrowest(self, first: float) -> float:
        if self._logarithmic:
            return _LOG_FLOOR
        if self._low >= 0.0 and self._high <= 1.0:
            return _UNIT_FLOOR
        return abs(first) * _OTHER_FLOOR


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
