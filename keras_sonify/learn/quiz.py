"""Questions on runs that nobody has heard, made from a seed."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal, get_args

from keras_sonify.learn.plausible import KINDS, Kind, plausible_pair, plausible_run
from keras_sonify.learn.sounds import pair_sound, run_sound
from keras_sonify.score.earcons import earcon
from keras_sonify.score.note import Note
from keras_sonify.score.style import CLEAR
from keras_sonify.training.events import FIGURES, EventKind, Figure

Topic = Literal["how it went", "since when", "better or worse", "which figure"]
"""What a question is about."""

TOPICS: tuple[Topic, ...] = get_args(Topic)

_APART = 6  # epochs between two that are offered: so much can be heard
_OFFERED = 4
_WENT: dict[Kind, str] = {
    "converging": "it converged",
    "overfitting": "it overfitted",
    "diverged": "it diverged",
    "stuck": "it has not learnt",
}
_FIGURE_OF: dict[Figure, EventKind] = {
    "alarm": "nan_loss",
    "trouble": "overfitting",
    "stillness": "stuck",
    "news": "best",
    "end": "finished",
}
_ASKED: dict[Topic, str] = {
    "how it went": "How did this training go?",
    "since when": "This training overfits. Since about when?",
    "better or worse": "Of these two trainings, is the second better or worse?",
    "which figure": "Which figure is this?",
}
# How many of each, in a quiz: of those that ask most of a listener, most.
_COUNTS: dict[Topic, int] = {
    "how it went": 5,
    "since when": 2,
    "better or worse": 2,
    "which figure": 3,
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question, which one sound answers.

    Attributes:
        topic: What it is about.
        choices: What may be answered.
        right: Which of them is right, from 0.
        notes: The sound.
    """

    topic: Topic
    choices: tuple[str, ...]
    right: int
    notes: tuple[Note, ...]

    @property
    def asked(self) -> str:
        """The question in words."""
        return _ASKED[self.topic]

    @property
    def answer(self) -> str:
        """What is right, in words."""
        return self.choices[self.right]


def quiz(seed: int) -> list[Question]:
    """Return the questions of a seed: always the same ones, in a mixed order.

    Args:
        seed: Any number.
    """
    chance = Random(seed)  # noqa: S311 - to be made again, no secret
    topics = [topic for topic in TOPICS for _ in range(_COUNTS[topic])]
    kinds = [*KINDS, chance.choice(KINDS)]  # each at least once
    chance.shuffle(kinds)
    chance.shuffle(topics)
    makers: dict[Topic, Callable[[], Question]] = {
        "how it went": lambda: _how_it_went(kinds.pop(), chance),
        "since when": lambda: _since_when(chance),
        "better or worse": lambda: _better_or_worse(chance),
        "which figure": lambda: _which_figure(chance),
    }
    return [makers[topic]() for topic in topics]


def by_chance(questions: list[Question]) -> float:
    """Return how many answers are right, on average, of somebody who guesses."""
    return sum(1.0 / len(question.choices) for question in questions)


def _how_it_went(kind: Kind, chance: Random) -> Question:
    sound = run_sound(plausible_run(kind, chance).columns, told=False)
    return Question("how it went", tuple(_WENT.values()), KINDS.index(kind), sound)


def _since_when(chance: Random) -> Question:
    # Which of them is right is drawn first, lest one place be likelier than another.
    right = chance.randrange(_OFFERED)
    while True:
        run = plausible_run("overfitting", chance)
        epochs = [run.best_epoch + _APART * (k - right) for k in range(_OFFERED)]
        if epochs[0] > 1 and epochs[-1] < len(run.loss):
            break
    choices = tuple(f"about epoch {epoch}" for epoch in epochs)
    return Question("since when", choices, right, run_sound(run.columns, told=False))


def _better_or_worse(chance: Random) -> Question:
    one, better = plausible_pair(chance)
    is_better = chance.random() < 0.5  # noqa: PLR2004 - as a coin
    first, second = (one, better) if is_better else (better, one)
    sound = pair_sound(first.columns, second.columns)
    return Question("better or worse", ("better", "worse"), int(not is_better), sound)


def _which_figure(chance: Random) -> Question:
    right = chance.randrange(len(FIGURES))
    sound = earcon(_FIGURE_OF[FIGURES[right]], CLEAR, words=False)
    return Question("which figure", FIGURES, right, sound)
