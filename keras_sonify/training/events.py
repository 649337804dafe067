"""What can happen to a training that is worth telling: kinds, words, and priority."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

EventKind = Literal[
    "nan_loss",
    "divergence",
    "crashed",
    "interrupted",
    "stalled",
    "overfitting",
    "stuck",
    "plateau",
    "oscillation",
    "learning_rate",
    "nan_metric",
    "stopped_early",
    "finished",
    "best",
]

EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)
"""All kinds, the most important first: of several at once, the first one sounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, in an epoch or at the end.

    Attributes:
        kind: What happened.
        epoch: Zero-based epoch; -1 before the first one.
        text: What happened, in words.
    """

    kind: EventKind
    epoch: int
    text: str

    @property
    def sentence(self) -> str:
        """The plain line that tells it, with the epoch one-based as Keras does."""
        return f"Epoch {self.epoch + 1}: {self.text}"


def most_important(events: tuple[Event, ...]) -> Event | None:
    """Return the most important of several events, the one that sounds."""
    return min(events, key=lambda e: EVENT_KINDS.index(e.kind), default=None)


def in_four_digits(value: float) -> str:
    """Return a value in four digits, or in words where it is no number."""
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "infinite"
    return f"{value:.4g}"
