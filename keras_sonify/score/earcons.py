"""How what has no pitch of its own is told: by one of five figures, then by a word.

The figures differ in rhythm and contour, to be told apart on any loudspeaker:
an alarm springs up and down, trouble falls, what stands still repeats one tone, news is
two quick tones upwards, and the end climbs to a long one. None is longer than 0.6 s.
They come from the centre, in tones shorter or longer than a metric's, between 500 and
1600 Hz: small loudspeakers play no lower ones, and old ears hear no higher ones.
"""

import math
from dataclasses import dataclass

from keras_sonify.score.note import Note, Timbre
from keras_sonify.score.spoken import SECONDS
from keras_sonify.score.style import Style
from keras_sonify.training.events import EVENTS, EventKind, Figure

DIED = "the program died"
"""What is said where a training can say nothing any more."""

_SHORT, _LONG = 0.06, 0.3
_PAUSE = 0.15  # seconds between a figure and its word
_TEST_HZ = (440.0, 660.0)


@dataclass(frozen=True, slots=True)
class _Tones:
    """A figure: tones at an even pace.

    Attributes:
        pitches_hz: Their pitches, in Hz.
        every: Seconds from one to the next.
        last: Length of the last one, in seconds; the others are short.
        gain_db: Level re a tone of a metric. Short tones seem softer: so much makes
            the loudest moment of the figure as loud as such a tone, by ISO 532-1.
    """

    pitches_hz: tuple[float, ...]
    every: float
    last: float = _SHORT
    gain_db: float = 0.0


# C5 523.3, D5 587.3, E5 659.3, G5 784, A5 880, C6 1046.5, D6 1174.7, E6 1318.5, G6 1568
_FIGURES: dict[Figure, _Tones] = {
    "alarm": _Tones((1318.5, 880.0, 1318.5, 880.0, 1318.5), 0.09, gain_db=-1.0),
    "trouble": _Tones((1174.7, 880.0, 587.3), 0.12, _LONG, gain_db=-6.0),
    "stillness": _Tones((784.0, 784.0, 784.0), 0.24, gain_db=2.5),
    "news": _Tones((1046.5, 1568.0), 0.08, gain_db=-3.0),
    "end": _Tones((523.3, 659.3, 784.0, 1046.5), 0.1, _LONG, gain_db=-0.5),
}


def earcon(
    kind: EventKind,
    style: Style,
    *,
    start: float = 0.0,
    epoch: int | None = None,
    step: int | None = None,
    text: str = "",
    words: bool = True,
    word: str = "",
) -> tuple[Note, ...]:
    """Return the notes that tell of an event: its figure, then its word.

    Args:
        kind: What happened.
        style: How loud it is.
        start: When it begins, in seconds. Defaults to `0.0`.
        epoch: Zero-based epoch in which it happened. Defaults to `None`.
        step: How many steps had been done by then. Defaults to `None`.
        text: What happened in words; goes with the first note. Defaults to `""`.
        words: Boolean. Whether a word is spoken. Defaults to `True`.
        word: Which one. Defaults to the event's own.
    """
    tones = _FIGURES[EVENTS[kind].figure]
    timbre: Timbre = "full" if style.low_partials else "pure"
    last = len(tones.pitches_hz) - 1
    notes = [
        Note(
            start=start + place * tones.every,
            duration=tones.last if place == last else _SHORT,
            frequency_hz=pitch_hz,
            amplitude=style.amplitude_at(pitch_hz, tones.gain_db, timbre),
            kind=kind,
            timbre=timbre,
            epoch=epoch,
            step=step,
            text="" if place else text,
        )
        for place, pitch_hz in enumerate(tones.pitches_hz)
    ]
    if words:
        notes.append(word_after(notes[-1], word or EVENTS[kind].word, style))
    return tuple(notes)


def word_after(note: Note, word: str, style: Style) -> Note:
    """Return a word after a note, as loud as a tone, from the centre.

    Args:
        note: What it tells more of: the last one of a figure, a mark, a tone.
        word: One of `spoken.SECONDS`.
        style: How loud it is.
    """
    return Note(
        start=note.end + _PAUSE,
        duration=SECONDS[word],
        frequency_hz=math.nan,
        amplitude=style.amplitude,
        kind=note.kind,
        timbre="voice",
        epoch=note.epoch,
        step=note.step,
        word=word,
    )


def left_and_right(style: Style) -> tuple[Note, ...]:
    """Return two tones, one on the left and one on the right, to test a device."""
    return tuple(
        Note(
            start=0.6 * place,
            duration=0.5,
            frequency_hz=pitch_hz,
            amplitude=style.amplitude_at(pitch_hz),
            kind="test",
            pan=side,
        )
        for place, (pitch_hz, side) in enumerate(
            zip(_TEST_HZ, (-1.0, 1.0), strict=True)
        )
    )
