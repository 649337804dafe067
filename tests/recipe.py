"""The recipe of the blog post that started this, as it was written, with SciPy.

The package has no part in it: `style="classic"` is held against it.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
from scipy.interpolate import interp1d

RATE = 22_050

Samples = npt.NDArray[np.int16]


def blog_recipe(values: Sequence[float]) -> Samples:
    """Return the samples of a metric's WAV file."""
    pitch = interp1d([min(values), max(values)], [1000, 3000])
    t = np.arange(0, 0.15, 1 / RATE)
    tones = [10000 * np.cos(2 * np.pi * pitch(value) * t) for value in values]
    return np.hstack(tones).astype(np.int16)


def read_classic(path: Path) -> Samples:
    """Return the samples of a file, which has to be of the recipe's kind."""
    info = soundfile.info(path)
    assert (info.samplerate, info.channels, info.subtype) == (RATE, 1, "PCM_16")
    samples: Samples = soundfile.read(path, dtype="int16")[0]
    return samples
