"""What a rule is shown at the end of an epoch, or of a window of steps."""

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from keras_sonify.rules.thresholds import Rules
from keras_sonify.training.against import OtherRun
from keras_sonify.training.axis import EPOCHS, At, Axis
from keras_sonify.training.events import EventKind
from keras_sonify.training.metrics import (
    Metric,
    is_any_loss,
    is_loss,
    is_reward,
)
from keras_sonify.training.names import find_name, is_validation

Found = tuple[EventKind, str] | None
"""What a rule found, with its words; `None` if nothing."""


@dataclass(slots=True)
class Course:
    """A loss so far, and smoothed by the median of its last three finite values.

    One bad epoch is no event, and one lucky one no best value to be held against. Where
    something came is told by its place on the axis.
    """

    present: float = math.nan
    first: float = math.nan
    last: float = math.nan
    best: float = math.inf
    best_at: int = -1
    highest: float = -math.inf
    smooth: float = math.nan
    best_smooth: float = math.inf
    best_smooth_at: int = -1
    _recent: deque[float] = field(default_factory=lambda: deque(maxlen=3))

    def update(self, at: int, value: float) -> None:
        """Take in the value at a place; what is not finite is only the present one."""
        self.present = value
        if not math.isfinite(value):
            return
        if not self.exists:
            self.first = value
        self.last = value
        self.highest = max(self.highest, value)
        self._recent.append(value)
        self.smooth = median(self._recent)
        if value < self.best:
            self.best, self.best_at = value, at
        if self.smooth < self.best_smooth:
            self.best_smooth, self.best_smooth_at = self.smooth, at

    @property
    def exists(self) -> bool:
        """Whether there has been a finite value."""
        return not math.isnan(self.first)


@dataclass(slots=True, kw_only=True)
class Moment:
    """An epoch or a window of steps, and what came before it.

    Attributes:
        rules: The thresholds.
        monitor: The metric whose new bests are told.
        axis: What the run counts.
        other: The run that this one is held against; `None` if there is none.
        at: Its place on that axis.
        count: How many epochs, or windows, there have been.
        seen: Of how many steps there has been a value.
        errors: By how large a share the training loss of the first window of steps, and
            of this one, may be off by chance: standard errors of their medians.
        values: All values of this one.
        loss: The training loss so far; none where an agent is trained.
        validation: The validation loss so far; likewise.
        told: What has been told of, and has not changed since.
        is_overfitting: Whether it looks like that now.
        is_rewarded: Whether an agent is trained: what it learns from changes with what
            it does, so that its losses neither rise nor fall with its success.
        epoch: Zero-based epoch in which it lies.
        since: The place of the one before.
    """

    rules: Rules
    monitor: Metric
    axis: Axis = EPOCHS
    other: OtherRun | None = None
    at: int = -1
    count: int = 0
    seen: int = 0
    errors: tuple[float, float] = (0.0, 0.0)
    values: Mapping[str, float] = field(default_factory=dict)
    loss: Course = field(default_factory=Course)
    validation: Course = field(default_factory=Course)
    told: set[EventKind] = field(default_factory=set)
    is_overfitting: bool = False
    is_rewarded: bool = False
    epoch: int = -1
    since: int = -1
    _called: dict[str, str | None] = field(default_factory=dict)

    def update(
        self, at: int, values: Mapping[str, float], epoch: int | None = None
    ) -> None:
        """Go on to the next epoch, or window.

        Args:
            at: Its place on the axis.
            values: All its values.
            epoch: Zero-based epoch in which it lies, in steps. Defaults to `at`.
        """
        self.since = self.at if self.count else at - 1
        self.epoch = at if epoch is None else epoch
        self.at, self.values, self._called = at, values, {}
        self.count += 1
        self.is_rewarded = self.is_rewarded or any(map(is_reward, values))
        for course, name in ((self.loss, "loss"), (self.validation, "val_loss")):
            course.update(at, math.nan if self.is_rewarded else self.value(name))

    def value(self, name: str) -> float:
        """Return the present value of a metric, NaN if it has none."""
        called = self.called(name)
        return math.nan if called is None else self.values[called]

    def called(self, name: str) -> str | None:
        """Return what the run calls a metric; `None` if it has no value now.

        Args:
            name: As Keras calls it: `loss`, which may be called `train_loss`.
        """
        if name not in self._called:
            self._called[name] = find_name(name, self.values)
        return self._called[name]

    def other_value(self, name: str) -> float | None:
        """Return what the other run had at the same place; `None` if nothing."""
        if self.other is None:
            return None
        at = At(self.epoch, None if self.axis is EPOCHS else self.at)
        since = None if self.axis is EPOCHS else self.since
        return self.other.value_at(name, at, since=since)

    def losses(self) -> list[str]:
        """Return the names of the losses; of a GAN, say, those of its parts."""
        whole = [name for name in self.values if is_loss(name)]
        if any(not is_validation(name) for name in whole):
            return whole
        return [name for name in self.values if is_any_loss(name)]

    def once(self, kind: EventKind) -> bool:
        """Whether this has not been told; from now on it has."""
        if kind in self.told:
            return False
        self.told.add(kind)
        return True
