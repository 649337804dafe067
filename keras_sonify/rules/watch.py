"""All rules, on one run."""

from collections.abc import Mapping
from typing import Protocol

from keras_sonify.rules.moment import Found, Moment
from keras_sonify.rules.progress import (
    LearningRate,
    NewBest,
    Oscillation,
    Plateau,
    Stuck,
)
from keras_sonify.rules.thresholds import Rules
from keras_sonify.rules.trouble import (
    Divergence,
    MetricNotFinite,
    NotFinite,
    Overfitting,
)
from keras_sonify.training.events import Event
from keras_sonify.training.metrics import Direction


class _Rule(Protocol):
    def check(self, now: Moment) -> Found: ...


class Watch:
    """Watches a run and says what happens in it.

    Args:
        rules: The thresholds. Defaults to those of `Rules`.
        monitor: Metric whose new bests are told. Defaults to `"val_loss"`; where it
            never comes, none is told.
        directions: Which way a family improves, where it is known. Defaults to none.
    """

    def __init__(
        self,
        rules: Rules | None = None,
        monitor: str = "val_loss",
        directions: Mapping[str, Direction] | None = None,
    ) -> None:
        self._now = Moment(rules=rules or Rules())
        # In this order: a rule may keep silent where one before it has spoken.
        self._rules: tuple[_Rule, ...] = (
            NotFinite(),
            Divergence(),
            Overfitting(),
            Stuck(),
            Plateau(),
            Oscillation(),
            LearningRate(),
            MetricNotFinite(),
            NewBest(monitor, directions if directions is not None else {}),
        )

    def check(self, epoch: int, values: Mapping[str, float]) -> tuple[Event, ...]:
        """Return what happened in an epoch.

        Args:
            epoch: Zero-based epoch.
            values: All values of the epoch, `learning_rate` among them if known. NaN
                and infinities are values; an absent metric is none.
        """
        self._now.update(epoch, values)
        found = [rule.check(self._now) for rule in self._rules]
        return tuple(
            Event(kind=what[0], epoch=epoch, text=what[1]) for what in found if what
        )
