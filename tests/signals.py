"""Notes and what is rendered from them, for tests of the sound itself."""

import numpy as np
import numpy.typing as npt

from keras_sonify.score.note import Note, Timbre
from keras_sonify.sound.synth import render

Signal = npt.NDArray[np.float64]

RATE = 44_100
FADE = 0.01


def make_note(
    pitch_hz: float,
    *,
    start: float = 0.0,
    duration: float = 0.15,
    timbre: Timbre = "pure",
    pan: float = 0.0,
    amplitude: float = 1.0,
    flutter: float = 0.0,
) -> Note:
    """Return a note, by default of 150 ms at full scale."""
    return Note(
        start=start,
        duration=duration,
        frequency_hz=pitch_hz,
        amplitude=amplitude,
        timbre=timbre,
        pan=pan,
        flutter=flutter,
    )


def mono(*notes: Note, rate: int = RATE, fade: float = FADE) -> Signal:
    """Return what a mono file of these notes holds."""
    frames = render(notes, sample_rate=rate, channels=1, fade=fade)
    return frames[:, 0].astype(np.float64)


def rms(signal: Signal) -> float:
    """Return the root of the mean power."""
    return float(np.sqrt(np.mean(signal**2)))
