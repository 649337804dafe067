"""What can happen to a training that is worth telling: one table of all kinds.

A new kind is a name in `EventKind` and a row in `EVENTS`; the rule that finds it is in
`rules/`. How the five figures sound is in `score/earcons.py`.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from keras_sonify.training.axis import At
from keras_sonify.training.foreign import shown

EventKind = Literal[
    "nan_loss",
    "divergence",
    "crashed",
    "interrupted",
    "stalled",
    "overfitting",
    "stuck",
    "plateau",
    "behind",
    "ahead",
    "spike",
    "oscillation",
    "learning_rate",
    "nan_metric",
    "stopped_early",
    "finished",
    "best",
]

EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)
"""All kinds, the most important first: of several at once, the first one sounds."""


Figure = Literal["alarm", "trouble", "stillness", "news", "end"]
"""The five classes of events, each with a figure of its own."""

FIGURES: tuple[Figure, ...] = get_args(Figure)


@dataclass(frozen=True, slots=True)
class EventType:
    """What is known of a kind of event, beside its rank in `EVENT_KINDS`.

    Attributes:
        meaning: What it tells, in words.
        figure: Its class: what sounds first.
        word: What is spoken then; see `scripts/words`.
        is_heard: Whether it sounds unless one asks otherwise; else it is only told.
        ending: How a run has ended, after "Training", in words; empty if it goes on.
        may_give_way: Whether it need not be heard if something newer comes.
        is_listed: Whether lists and pictures show it; new bests are too many.
    """

    meaning: str
    figure: Figure
    word: str
    is_heard: bool = True
    ending: str = ""
    may_give_way: bool = False
    is_listed: bool = True

    @property
    def is_alarm(self) -> bool:
        """Whether it is to be told at once."""
        return self.figure == "alarm"


EVENTS: dict[EventKind, EventType] = {
    "nan_loss": EventType(
        "a loss is not a number, or infinite", "alarm", "not a number"
    ),
    "divergence": EventType("the training loss blows up", "alarm", "diverging"),
    "crashed": EventType(
        "training ended with an error", "alarm", "crashed", ending="crashed"
    ),
    "interrupted": EventType(
        "training was interrupted", "end", "interrupted", ending="was interrupted"
    ),
    "stalled": EventType("Nothing new for long: stalled?", "stillness", "stalled"),
    "overfitting": EventType(
        "validation gets worse while training still improves", "trouble", "overfitting"
    ),
    "stuck": EventType("it has not learnt anything yet", "stillness", "stuck"),
    "plateau": EventType("no improvement for some time", "stillness", "levelled off"),
    "behind": EventType(
        "it falls behind the run that it is held against", "trouble", "behind"
    ),
    "ahead": EventType(
        "it takes the lead over the run that it is held against", "news", "ahead"
    ),
    "spike": EventType("one step stands far out", "news", "spike", may_give_way=True),
    "oscillation": EventType(
        "it swings up and down", "trouble", "oscillating", is_heard=False
    ),
    "learning_rate": EventType(
        "the learning rate was lowered",
        "news",
        "learning rate",
        is_heard=False,
        may_give_way=True,
    ),
    "nan_metric": EventType(
        "another metric is not a number, or infinite",
        "trouble",
        "not a number",
        is_heard=False,
    ),
    "stopped_early": EventType(
        "training stopped before its last epoch",
        "end",
        "stopped early",
        ending="stopped early",
    ),
    "finished": EventType("training finished", "end", "finished", ending="finished"),
    "best": EventType(
        "a new best value of the monitored metric",
        "news",
        "new best",
        may_give_way=True,
        is_listed=False,
    ),
}
"""What is known of each kind: the one place that the code, the docs and tests ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, in an epoch, in a step or at the end.

    Attributes:
        kind: What happened.
        epoch: Zero-based epoch; -1 before the first one.
        text: What happened, in words.
        step: How many steps had been done by then; `None` in a run told in epochs.
    """

    kind: EventKind
    epoch: int
    text: str
    step: int | None = None

    def __post_init__(self) -> None:
        """Make the text one that can be told anywhere: it may hold a name."""
        object.__setattr__(self, "text", shown(self.text))

    @property
    def at(self) -> At:
        """Where it happened."""
        return At(self.epoch, self.step)

    @property
    def sentence(self) -> str:
        """The plain line that tells it, with the epoch one-based as Keras does."""
        if EVENTS[self.kind].ending:
            return self.text
        return f"{self.at.name.capitalize()}: {self.text}"

    @property
    def is_listed(self) -> bool:
        """Whether lists and pictures show it."""
        return EVENTS[self.kind].is_listed

    @property
    def must_be_heard(self) -> bool:
        """Whether it is to be heard even if something newer comes."""
        return not EVENTS[self.kind].may_give_way


def by_importance(events: Iterable[Event]) -> list[Event]:
    """Return events, the most important first: that one sounds."""
    return sorted(events, key=lambda event: EVENT_KINDS.index(event.kind))


def spike_text(name: str, value: float, others: int = 0) -> str:
    """Return a step that stands far out in words.

    Args:
        name: Of which metric.
        value: Its value.
        others: Of how many other metrics besides. Defaults to `0`.

    >>> spike_text("loss", 7.3)
    'loss 7.3 stands far out'
    """
    more = f" and {others} more" if others else ""
    return f"{name} {in_four_digits(value)}{more} stands far out"


def in_four_digits(value: float) -> str:
    """Return a value in four digits, or in words where it is no number."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "infinite"
    return f"{value:.4g}"
