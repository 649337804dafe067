"""The best value so far, and when it came: one idea of what "better" means."""

import math

from keras_sonify.training.directions import Direction


class Best:
    """The best value of a metric so far.

    NaN and infinities are never best. Where nobody knows which way the metric
    improves, there is no best value.

    Args:
        direction: `"min"` if lower is better, `"max"` if higher is better, `None` if
            that is not known.

    Attributes:
        value: The best value; `None` before the first one.
        at: When it came, as `update` was told; `None` before the first one.
    """

    __slots__ = ("_direction", "at", "value")

    def __init__(self, direction: Direction | None) -> None:
        self._direction = direction
        self.value: float | None = None
        self.at: int | None = None

    @property
    def found(self) -> tuple[int, float] | None:
        """When the best value came, and the value; `None` before the first one."""
        if self.at is None or self.value is None:
            return None
        return self.at, self.value

    def is_better(self, value: float) -> bool:
        """Whether a value beats all before it. The first one does."""
        if self._direction is None or not math.isfinite(value):
            return False
        if self.value is None:
            return True
        return value < self.value if self._direction == "min" else value > self.value

    def update(self, value: float, at: int) -> bool:
        """Take in the next value; return whether it is the best so far.

        Args:
            value: The value.
            at: When it came: its epoch, or its place in the run.
        """
        if not self.is_better(value):
            return False
        self.value, self.at = value, at
        return True
