"""Words, spoken: read from the package's own files, at any sample rate."""

import io
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from keras_sonify.sound.fitting import resample

AS_LOUD_AS = 0.5
"""Amplitude of the tone of 1 kHz that the files are as loud as, by ISO 532-1."""


def file_name(word: str) -> str:
    """Return what the file of a word is called, in `spoken/`.

    >>> file_name("new best")
    'new_best.flac'
    """
    return f"{word.replace(' ', '_')}.flac"


@lru_cache(maxsize=64)  # all words, at two rates
def spoken(word: str, sample_rate: int) -> npt.NDArray[np.float32]:
    """Return a word, as loud as a tone of amplitude 1.

    Where soundfile's library is missing it is silent: a figure must sound without it.

    Args:
        word: One of `score.spoken.SECONDS`.
        sample_rate: Frames per second, in Hz. The voice has nothing above 8 kHz.
    """
    try:
        import soundfile
    except OSError:
        return np.zeros(0, np.float32)
    file = files(__package__) / "spoken" / file_name(word)
    frames, rate = soundfile.read(io.BytesIO(file.read_bytes()), always_2d=True)
    if sample_rate != rate:
        frames = resample(frames, rate, sample_rate)
    return np.asarray(frames[:, 0] / AS_LOUD_AS, np.float32)
