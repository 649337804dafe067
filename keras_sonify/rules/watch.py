"""All rules, on one run told in epochs."""

from collections.abc import Callable, Mapping
from typing import Protocol

from keras_sonify.rules import lead, progress, trouble
from keras_sonify.rules.moment import Found, Moment
from keras_sonify.rules.thresholds import Rules
from keras_sonify.training.against import OtherRun
from keras_sonify.training.directions import Direction
from keras_sonify.training.events import Event, by_importance
from keras_sonify.training.metrics import Metric


class Rule(Protocol):
    """Finds one kind of event; one of them watches one run."""

    def check(self, now: Moment) -> Found:
        """Return what happened in this epoch."""


def all_rules() -> "tuple[Callable[[], Rule], ...]":
    """Return all rules, trouble first: one may keep silent where another has spoken."""
    return (*trouble.RULES, *progress.RULES, *lead.RULES)


class Watch:
    """Watches a run and says what happens in it.

    Args:
        rules: The thresholds. Defaults to those of `Rules`.
        monitor: Metric whose new bests are told. Defaults to `"val_loss"`; where it
            never comes, none is told.
        directions: Which way a family improves, where it is known. Defaults to none.
        other: The run that it is held against. Defaults to `None`.
    """

    def __init__(
        self,
        rules: Rules | None = None,
        monitor: str = "val_loss",
        directions: Mapping[str, Direction] | None = None,
        other: OtherRun | None = None,
    ) -> None:
        metric = Metric.named(monitor, directions)
        self._now = Moment(rules=rules or Rules(), monitor=metric, other=other)
        self._rules: tuple[Rule, ...] = tuple(rule() for rule in all_rules())

    def check(self, epoch: int, values: Mapping[str, float]) -> tuple[Event, ...]:
        """Return what happened in an epoch, the most important first.

        Args:
            epoch: Zero-based epoch.
            values: All values of the epoch, `learning_rate` among them if known. NaN
                and infinities are values; an absent metric is none.
        """
        self._now.update(epoch, values)
        found = [rule.check(self._now) for rule in self._rules]
        return tuple(
            by_importance(
                Event(kind=what[0], epoch=epoch, text=what[1]) for what in found if what
            )
        )
