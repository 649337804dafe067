"""Sound for browsers: 16-bit FLAC in memory, a fifth of a WAV file's size, lossless."""

import base64
import io

import numpy as np

from keras_sonify.sound.lead_in import lead_in
from keras_sonify.sound.synth import Frames
from keras_sonify.sound.wav import FULL_SCALE


def flac_text(frames: Frames, sample_rate: int) -> str:
    """Return frames as a FLAC file in Base64, as pages and messages hold it.

    Args:
        frames: Array of shape `(frames, channels)`, full scale 1.
        sample_rate: Frames per second, in Hz.
    """
    import soundfile

    file = io.BytesIO()
    samples = np.rint(np.clip(frames, -1.0, 1.0) * FULL_SCALE).astype(np.int16)
    soundfile.write(file, samples, sample_rate, format="FLAC", subtype="PCM_16")
    return base64.b64encode(file.getvalue()).decode("ascii")


def after_lead_in(flac: str) -> str:
    """Return a sound with a lead-in before it.

    Args:
        flac: The sound, a FLAC file in Base64.
    """
    import soundfile

    file = io.BytesIO(base64.b64decode(flac))
    frames, sample_rate = soundfile.read(file, always_2d=True)
    before = np.repeat(np.array([lead_in(sample_rate)]), frames.shape[1], axis=0).T
    return flac_text(np.concatenate([before, frames]), sample_rate)
