"""Two scripted takers of the quiz of `keras-sonify learn`, on many seeds.

One knows but the sound (`tests/quiz_listener.py`), one guesses. Ends with an error if
the first is ever wrong, or the second not at chance. Takes four minutes.
"""

import math
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from quiz_listener import answer

from keras_sonify.cli.sound_file import write_sound
from keras_sonify.learn.quiz import TOPICS, quiz

_QUIZZES = 100
_TAKERS = 100  # who guess, of each quiz
_SURE = 3.3  # standard errors: 999 of 1000


def main() -> None:
    """Let both take all quizzes, and tell their scores."""
    chance = Random(1)  # noqa: S311 - no secret
    asked, heard = Counter[str](), Counter[str]()
    guessed, expected, variance = 0, 0.0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "question.wav"
        for seed in range(_QUIZZES):
            for question in quiz(seed):
                write_sound(path, question.notes)
                given = answer(question.asked, question.choices, path)
                asked[question.topic] += 1
                heard[question.topic] += given == question.right
                share = 1.0 / len(question.choices)
                expected += _TAKERS * share
                variance += _TAKERS * share * (1.0 - share)
                guessed += sum(
                    chance.randrange(len(question.choices)) == question.right
                    for _ in range(_TAKERS)
                )
    for topic in TOPICS:
        print(f"{topic}: {heard[topic]} of {asked[topic]} by the sound alone")
    each = _TAKERS * _QUIZZES
    print(
        f"by guessing {guessed / each:.3f} of 12; by chance {expected / each:.3f} "
        f"+- {_SURE * math.sqrt(variance) / each:.3f}"
    )
    if heard != asked or abs(guessed - expected) > _SURE * math.sqrt(variance):
        sys.exit("A taker of the quiz missed the bar.")


if __name__ == "__main__":
    main()
