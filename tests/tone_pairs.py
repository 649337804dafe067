"""What live cues say of improvements and worsenings: their pairs of tones, by ear.

The spectrum of the sound that is played tells pitches and partials, in whatever form
they were made; of the notes it is only taken when they begin and end.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from blind_listener import strongest_hz
from ear import Sound, cents
from live import RATE, Epoch, cues_of
from typical_listener import Pairs

from keras_sonify.score.cue import Cue, Reading
from keras_sonify.score.note import Note
from keras_sonify.score.style import CLEAR
from keras_sonify.sound.synth import render

_PARTIALS = 5
_PITCHES_HZ = (150.0, 2400.0)  # wide enough for the sound of any edition
_FFT_SIZE = 2**14
_FAINTEST_DB = -50.0  # re the strongest partial: what lies below is its skirt
_BETTER, _WORSE = -0.03, 0.05  # of the best value
_BETTER_POINTS, _WORSE_POINTS = -0.01, 0.02  # where 1 is the most

Change = Literal["better", "worse"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A reference and its tone, of a value that is clearly another than the best.

    Attributes:
        change: What the value is, re the best one before it.
        pitches_hz: The two pitches.
        energies_db: The energies of their partials, as in `Pairs`.
        seconds: How long the two last.
        step_cents: The interval, positive where it says what the value does.
    """

    change: Change
    pitches_hz: tuple[float, ...]
    energies_db: tuple[Sound, ...]
    seconds: tuple[float, ...]
    step_cents: float


def pairs_of(epochs: Sequence[Epoch], asked: Sequence[str] | None) -> Iterator[Pair]:
    """Yield the pairs of a run's cues that tell of a change."""
    for cue in cues_of(epochs, asked):
        changes = {
            reading.metric.name: (reading, change)
            for reading in cue.readings
            if (change := change_of(reading)) is not None
        }
        if changes:
            yield from _listen(cue, changes)


def as_arrays(pairs: Sequence[Pair]) -> Pairs:
    """Return pairs as the listener takes them: all at once."""
    return Pairs(
        pitches_hz=np.array([pair.pitches_hz for pair in pairs]),
        energies_db=np.array([pair.energies_db for pair in pairs]),
        seconds=np.array([pair.seconds for pair in pairs]),
        steps_cents=np.array([pair.step_cents for pair in pairs]),
    )


def change_of(reading: Reading) -> Change | None:
    """Return whether a value is clearly better or worse than the best before it.

    A new best counts from 3 % on, or one point of an accuracy; what is worse, from
    5 % or two points.
    """
    best, value, direction = reading.best, reading.value, reading.metric.direction
    if direction is None or best is None or not math.isfinite(value):
        return None
    off = value - best if direction == "min" else best - value
    if direction == "max" and max(abs(best), abs(value)) <= 1.0:
        better, worse = _BETTER_POINTS, _WORSE_POINTS
    else:
        better, worse = _BETTER * abs(best), _WORSE * abs(best)
    if off == 0 or better < off < worse:
        return None
    return "better" if off < 0 else "worse"


def _listen(cue: Cue, changes: dict[str, tuple[Reading, Change]]) -> Iterator[Pair]:
    frames = render(cue.notes, sample_rate=RATE, channels=1, fade=CLEAR.fade)[:, 0]
    notes = {(note.metric, note.kind): note for note in cue.notes}
    for name, (reading, change) in changes.items():
        two = notes[name, "reference"], notes[name, "tone"]
        stretches = [_stretch(frames, note) for note in two]
        heard = [_partials(stretch) for stretch in stretches]
        (first_hz, _), (second_hz, _) = heard
        rises = cents(second_hz, first_hz)
        is_high = (change == "worse") == (reading.metric.direction == "min")
        yield Pair(
            change=change,
            pitches_hz=(first_hz, second_hz),
            energies_db=tuple(energies for _, energies in heard),
            seconds=tuple(len(stretch) / RATE for stretch in stretches),
            step_cents=rises if is_high else -rises,
        )


def _stretch(frames: Sound, note: Note) -> Sound:
    start = round(note.start * RATE)
    return frames[start : start + round(note.duration * RATE)].astype(np.float64)


def _partials(stretch: Sound) -> tuple[float, Sound]:
    """Return the pitch of a tone, and how strong its partials are."""
    pitch_hz = float(strongest_hz(stretch[None], RATE, _PITCHES_HZ)[0])
    powers = np.abs(np.fft.rfft(stretch, _FFT_SIZE)) ** 2
    edges = (np.arange(_PARTIALS + 1) + 0.5) * pitch_hz * _FFT_SIZE / RATE
    # By Parseval's theorem, half of the spectrum stands for both.
    energies = 2 * np.add.reduceat(powers, edges.round().astype(int))[:-1]
    of_a_tone = CLEAR.amplitude**2 / 2 * RATE * _FFT_SIZE  # 1 kHz, one second
    energies_db = 10 * np.log10(energies / of_a_tone + 1e-30)
    energies_db[energies_db < energies_db.max() + _FAINTEST_DB] = -np.inf
    return pitch_hz, energies_db
