"""Numbers of runs, said: "run", then digit by digit."""

from collections.abc import Iterator
from dataclasses import replace

from keras_sonify.score.note import Note
from keras_sonify.score.spoken import SECONDS
from keras_sonify.score.style import Style

RUN, LEVEL, BETTER = "run", "level", "better"
_DIGITS = (
    *("oh", "one", "two", "three", "four"),
    *("five", "six", "seven", "eight", "nine"),
)
WORDS = (RUN, *_DIGITS, LEVEL)
"""What is spoken where runs are compared, beside the words of others."""

_BETWEEN = 0.06  # seconds between two words


def said(words: tuple[str, ...], start: float, style: Style) -> Iterator[Note]:
    """Yield words one after the other.

    Args:
        words: The words, of `spoken.SECONDS`.
        start: When the first one begins, in seconds.
        style: How loud they are.
    """
    note = Note(
        start=start,
        duration=0.0,
        frequency_hz=float("nan"),
        amplitude=style.amplitude,
        kind="word",
        timbre="voice",
    )
    for word in words:
        note = replace(note, start=start, duration=SECONDS[word], word=word)
        yield note
        start = note.end + _BETWEEN


def run_name(number: int) -> tuple[str, ...]:
    """Return the words for a run.

    >>> run_name(42)
    ('run', 'four', 'two')
    """
    return RUN, *(_DIGITS[int(digit)] for digit in str(number))
