"""Examples and questions, told and answered in plain lines: a key, then Enter."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from keras_sonify.cli.sound_file import write_sound
from keras_sonify.cli.tell import tell

if TYPE_CHECKING:
    from keras_sonify.learn.answers import Answer
    from keras_sonify.learn.lessons import Lesson
    from keras_sonify.learn.quiz import Question
    from keras_sonify.score.note import Note

_LONGEST = 30.0  # seconds that a sound may take, its lead-in among them
_HINT = "`keras-sonify learn --directory sounds` writes all sounds, to be played there."


class QuitError(Exception):
    """Whoever was asked has had enough."""


class Player(Protocol):
    """Whatever lets examples and questions be heard.

    Attributes:
        plays: Whether it plays them itself.
        keys: What the keys do, in words, while examples are told.
    """

    plays: bool
    keys: str

    def play(self, notes: "Sequence[Note]") -> None:
        """Play a sound to its end."""

    def where(self, kind: str, number: int) -> str:
        """Return what is told of where an example or a question is to be heard."""


class Loudspeaker:
    """This machine's loudspeaker; opened at once, while what comes is being read."""

    plays = True
    keys = "Enter: hear it. r: the one before again. s: to the questions. q: end."

    def __init__(self) -> None:
        from keras_sonify.live.speaker_player import SpeakerPlayer, open_ahead
        from keras_sonify.score.style import CLEAR

        self._player = SpeakerPlayer(CLEAR.fade)
        open_ahead()

    def play(self, notes: "Sequence[Note]") -> None:
        """Play a sound to its end.

        Raises:
            click.ClickException: If it cannot be heard; it says what to do.
        """
        self._player.play(notes, keep=True)
        self._player.drain(_LONGEST)
        if self._player.trouble:
            raise click.ClickException(f"{self._player.trouble} {_HINT}")

    def where(self, kind: str, number: int) -> str:
        """Return nothing: it is heard here."""
        return ""


class Elsewhere:
    """Files that something else plays.

    Args:
        directory: Where they go.
        examples: The examples.
        questions: The questions.
    """

    plays = False
    keys = "Enter: the next one. s: to the questions. q: end."

    def __init__(
        self,
        directory: Path,
        examples: "Sequence[Lesson]",
        questions: "Sequence[Question]",
    ) -> None:
        sounds = {
            "example": [example.notes for example in examples],
            "question": [question.notes for question in questions],
        }
        for kind, all_notes in sounds.items():
            for number, notes in enumerate(all_notes, start=1):
                write_sound(directory / self.where(kind, number), notes)
        tell(f"All sounds are in {directory}: play each when its file is named.")

    def play(self, notes: "Sequence[Note]") -> None:
        """Do nothing: something else plays it."""

    def where(self, kind: str, number: int) -> str:
        """Return the name of its file."""
        return f"{kind}-{number:02}.wav"


class Dialogue:
    """Tells examples, and asks questions.

    Args:
        player: Lets them be heard.
        has_feedback: Boolean. Whether it is told at once what is right.

    Attributes:
        answers: What has been answered so far.
    """

    def __init__(self, player: Player, *, has_feedback: bool) -> None:
        self.answers: list[Answer] = []
        self._player = player
        self._has_feedback = has_feedback

    def teach(self, lessons: "Sequence[Lesson]") -> None:
        """Tell all examples, and let them be heard.

        Raises:
            QuitError: If that is asked for.
        """
        tell(
            "Examples, then questions. Nothing is timed: type a key, then Enter.",
            self._player.keys,
        )
        before: Lesson | None = None
        for number, lesson in enumerate(lessons, start=1):
            where = self._where("example", number)
            tell(f"Example {number} of {len(lessons)}{where}: {lesson.text}")
            while (key := _key()) not in ("", "s"):
                if key == "r" and before:
                    self._player.play(before.notes)
                else:
                    tell(f"{self._player.keys} Received: {key}")
            if key == "s":
                return
            self._player.play(lesson.notes)
            before = lesson

    def ask(self, questions: "Sequence[Question]") -> None:
        """Ask all questions.

        Raises:
            QuitError: If that is asked for.
        """
        tell(f"Now {len(questions)} questions, on trainings that nobody has heard.")
        if self._player.plays:
            tell("Enter: hear it, as often as you like. A number: answer. q: end.")
        else:
            tell("A number: answer. q: end.")
        for number, question in enumerate(questions, start=1):
            where = self._where("question", number)
            tell(f"Question {number} of {len(questions)}{where}: {question.asked}")
            choices = enumerate(question.choices, start=1)
            tell("; ".join(f"{key}: {choice}" for key, choice in choices))
            answer = self._answer(question)
            self.answers.append(answer)
            if self._has_feedback:
                tell(answer.sentence)

    def _where(self, kind: str, number: int) -> str:
        where = self._player.where(kind, number)
        return f", {where}" if where else ""

    def _answer(self, question: "Question") -> "Answer":
        from keras_sonify.learn.answers import Answer

        keys = [str(key) for key in range(1, len(question.choices) + 1)]
        plays = 0
        while (key := _key()) not in keys or (self._player.plays and not plays):
            if key in keys:
                tell("Hear it first: Enter plays it.")
            elif key in ("", "r") and self._player.plays:
                self._player.play(question.notes)
                plays += 1
            else:
                tell(f"1 to {len(keys)}, or q to end. Received: {key or 'nothing'}")
        return Answer(question, keys.index(key), plays)


def _key() -> str:
    """Return what is typed next.

    Raises:
        QuitError: If that is `q`, or nothing more comes.
    """
    line = sys.stdin.readline() if sys.stdin else ""
    key = line.strip().lower()
    if not line or key == "q":
        raise QuitError
    return key
