"""Reference and tone through a room: which way an ear takes each of their intervals.

A room is an impulse response: the direct sound, then Gaussian noise that decays
exponentially, by 60 dB in the reverberation time; how loud the direct sound is re all
of that noise is given. One loudspeaker plays both channels, to one ear.

The ear knows the sound, and when each tone lies. As people do, it takes partials for
what they belong to: the pitch is where the spectrum has most, its first four multiples
taken together. (A room may swallow the fundamental alone.)
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from ear import Sound
from live import Epoch, cues_of
from scipy.signal import fftconvolve

from keras_sonify.score.cue import Cue
from keras_sonify.score.note import Note
from keras_sonify.score.pitch import interval_cents
from keras_sonify.score.style import CLEAR
from keras_sonify.sound.synth import render

RATE = 44_100
NOTICED_CENTS = 35.0
_METRICS = 4  # the cue of a training with accuracy and validation, the longest usual
_DECAY = np.log(1000.0)  # 60 dB
_PITCHES_HZ = (200.0, 1900.0)  # where to look for a pitch
_WEIGHTS = (1.0, 0.7, 0.5, 0.4)  # of the partials; an octave lower, a tone weighs less
_FFT_SIZE = 2**15
_LINE_HZ = RATE / _FFT_SIZE
_UNTIL = 1.2  # reverberation times: 72 dB


@dataclass(frozen=True, kw_only=True)
class Room:
    """A kind of room.

    Attributes:
        seconds: Its reverberation time: until what sounds has fallen by 60 dB.
        direct_db: Level of the direct sound re all that comes after it.
    """

    seconds: float
    direct_db: float

    def response(self, seed: int) -> Sound:
        """Return one such room."""
        frames = round(_UNTIL * self.seconds * RATE)
        noise = np.random.default_rng(seed).standard_normal(frames)
        response: Sound = noise * np.exp(-_DECAY * np.arange(frames) / frames * _UNTIL)
        response *= 10 ** (-self.direct_db / 20) / np.sqrt(np.sum(response**2))
        response[0] += 1.0
        return response


@dataclass(slots=True)
class News:
    """What an ear took from intervals.

    Attributes:
        told: Intervals to be noticed: those heard in their direction, and all.
        false: Smaller ones: those that were heard as news, and all.
    """

    told: list[int] = field(default_factory=lambda: [0, 0])
    false: list[int] = field(default_factory=lambda: [0, 0])

    @property
    def right(self) -> float:
        """Share of the intervals to be noticed that were heard in their direction."""
        return self.told[0] / self.told[1]

    @property
    def false_news(self) -> float:
        """Share of the smaller ones that were heard as news."""
        return self.false[0] / self.false[1]


def listen_in(
    room: Room, runs: Iterable[Sequence[Epoch]], seeds: Sequence[int], most: int
) -> News:
    """Return what is heard of the cues of some runs in several rooms of a kind.

    Args:
        room: The kind.
        runs: The runs, each with its epochs; cues of four metrics sound.
        seeds: One for each of the rooms.
        most: About how many cues of a run sound, evenly spaced.
    """
    news = News()
    responses = [room.response(seed) for seed in seeds]
    for run in runs:
        cues = [cue for cue in cues_of(run, None) if len(cue.readings) == _METRICS]
        for cue in cues[1 :: max(1, len(cues) // most)]:
            frames = render(cue.notes, sample_rate=RATE, channels=1, fade=CLEAR.fade)
            for response in responses:
                heard = fftconvolve(frames[:, 0], response)
                for reference, tone in _pairs(cue):
                    _count(news, heard, reference, tone)
    return news


def _pairs(cue: Cue) -> Iterator[tuple[Note, Note]]:
    for before, note in pairwise(cue.notes):
        if before.kind == "reference" and note.kind == "tone":
            yield before, note


def _count(news: News, heard: Sound, reference: Note, tone: Note) -> None:
    true = interval_cents(reference.frequency_hz, tone.frequency_hz)
    first, second = (_pitch_hz(heard, note) for note in (reference, tone))
    found = interval_cents(first, second)
    if abs(true) >= NOTICED_CENTS:
        news.told[0] += found * true > 0
        news.told[1] += 1
    else:
        news.false[0] += abs(found) >= NOTICED_CENTS
        news.false[1] += 1


def _pitch_hz(heard: Sound, note: Note) -> float:
    """Return the pitch of what is heard while a note lies there, in Hz."""
    start, end = (round(at * RATE) for at in (note.start, note.end))
    window = np.exp(-4.5 * np.linspace(-1, 1, end - start) ** 2)  # ends at 3 sigma
    spectrum = np.abs(np.fft.rfft(heard[start:end] * window, _FFT_SIZE)) + 1e-12
    lines = np.arange(*(round(hz / _LINE_HZ) for hz in _PITCHES_HZ))
    partials = np.arange(1, len(_WEIGHTS) + 1)
    together = np.dot(_WEIGHTS, spectrum[np.outer(partials, lines)])
    top = 1 + int(together[1:-1].argmax())
    left, middle, right = np.log(together[top - 1 : top + 2])
    bend = min(left - 2 * middle + right, -1e-12)
    return float((lines[top] + (left - right) / bend / 2) * _LINE_HZ)
