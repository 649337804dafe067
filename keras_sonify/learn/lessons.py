"""Two minutes of examples: each is told, then heard."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from keras_sonify.learn.plausible import Kind, plausible_pair, plausible_run
from keras_sonify.learn.sounds import pair_sound, run_sound
from keras_sonify.score.earcons import earcon
from keras_sonify.score.first_sight import first_sight
from keras_sonify.score.note import Note
from keras_sonify.score.style import CLEAR
from keras_sonify.training.events import EventKind

SEED = 2019
"""The examples are the same for everybody; the quiz has its own seed."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """An example.

    Attributes:
        text: What is heard, and what it means.
        notes: The sound.
    """

    text: str
    notes: tuple[Note, ...]


_CUES = (
    "An epoch of a loss is two tones: its best so far, then the new value. Lower is "
    "better, higher is worse. You hear better, worse, then an alarm."
)
_FIGURES: dict[EventKind, str] = {
    "nan_loss": "Alarm, springing up and down: something broke. Its word says what.",
    "overfitting": "Trouble, three falling tones: it goes wrong.",
    "stuck": "Stillness, one tone three times: nothing moves.",
    "best": "News, two quick tones upwards: good to know.",
    "finished": "End, four tones that climb: it is over.",
}
_RUNS: dict[Kind, str] = {
    "converging": (
        "A whole training in a few seconds, training left, validation right. Both fall "
        "to the end: it converged. A tick marks every tenth epoch."
    ),
    "overfitting": (
        "Validation falls, turns, and rises, while training goes on falling: it "
        "overfitted since that turn. A beep marks where it was noticed."
    ),
    "diverged": "Both turn and climb above where they began: it diverged.",
    "stuck": "Both stay where they began: it has not learnt.",
}
_PAIR = (
    "Two trainings, one after the other, on one scale: the second ends lower, so it is "
    "better."
)


def lessons() -> Iterator[Lesson]:
    """Yield the examples, in the order in which they build on each other."""
    yield Lesson(_CUES, first_sight(CLEAR))
    for event, text in _FIGURES.items():
        yield Lesson(text, earcon(event, CLEAR))
    for kind, text in _RUNS.items():
        run = plausible_run(kind, Random(SEED))  # noqa: S311 - an example, no secret
        yield Lesson(text, run_sound(run.columns, told=True))
    one, better = plausible_pair(Random(SEED))  # noqa: S311
    yield Lesson(_PAIR, pair_sound(one.columns, better.columns))
