"""What somebody answered, in words and as data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keras_sonify.learn.quiz import TOPICS, Question, by_chance


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a question.

    Attributes:
        question: The question.
        given: Which of its choices, from 0.
        plays: How often its sound was played; 0 where it was played elsewhere.
    """

    question: Question
    given: int
    plays: int = 0

    @property
    def is_right(self) -> bool:
        """Whether it is right."""
        return self.given == self.question.right

    @property
    def sentence(self) -> str:
        """What is told of it at once."""
        return "Right." if self.is_right else f"No: {self.question.answer}."


def score_lines(answers: Sequence[Answer]) -> list[str]:
    """Return the score in words: of all, and of each topic.

    Args:
        answers: The answers that were given.
    """
    if not answers:
        return ["No question was answered."]
    questions = [answer.question for answer in answers]
    guessed = f"{by_chance(questions):.0f}"
    told = [f"{_score(answers)} right. By guessing it would be about {guessed}."]
    for topic in TOPICS:
        on_topic = [answer for answer in answers if answer.question.topic == topic]
        if on_topic:
            told.append(f"{topic.capitalize()}: {_score(on_topic)}.")
    return told


def as_data(seed: int, answers: Sequence[Answer], *, of: int) -> dict[str, Any]:
    """Return the answers as plain data, with what was right.

    Args:
        seed: That of the quiz.
        answers: The answers that were given.
        of: How many questions there were.
    """
    return {
        "seed": seed,
        "questions": of,
        "answered": len(answers),
        "score": sum(answer.is_right for answer in answers),
        "by_chance": round(by_chance([answer.question for answer in answers]), 3),
        "answers": [
            {
                "topic": answer.question.topic,
                "choices": answer.question.choices,
                "right": answer.question.answer,
                "answer": answer.question.choices[answer.given],
                "is_right": answer.is_right,
                "plays": answer.plays,
            }
            for answer in answers
        ],
    }


def _score(answers: Sequence[Answer]) -> str:
    return f"{sum(answer.is_right for answer in answers)} of {len(answers)}"
