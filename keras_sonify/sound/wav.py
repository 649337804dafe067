"""16-bit WAV files, written as they are rendered."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from keras_sonify.sound.synth import Frames

FULL_SCALE = 32_767.0  # of a 16-bit sample
_HEADER_BYTES = 44  # RIFF, fmt and data chunk headers of a plain PCM file
_LARGEST_RIFF = 2**32 - 1  # bytes; beyond, sizes need RF64's 64-bit fields
_DITHER_FRAMES = 2**18  # about six seconds: too long to be heard as a repetition
_DITHER_SEED = 2019  # any: the same run must give the same bytes


def write_wav(
    path: Path,
    blocks: Iterable[Frames],
    *,
    frames: int,
    sample_rate: int,
    channels: int,
    dither: bool,
) -> None:
    """Write a 16-bit PCM WAV file in place; for a path that `whole_file` gave.

    Args:
        path: Where to write.
        blocks: Arrays of shape `(frames, channels)` whose full scale is
            `FULL_SCALE`. They are consumed one by one.
        frames: How many frames the blocks hold together.
        sample_rate: Frames per second, in Hz.
        channels: Channels of a frame.
        dither: Boolean. Whether samples are rounded with triangular dither, or cut
            off towards zero.

    Raises:
        OSError: If the file could not be written in full.
    """
    import soundfile

    expected = _HEADER_BYTES + 2 * channels * frames
    try:
        with soundfile.SoundFile(
            path,
            "w",
            samplerate=sample_rate,
            channels=channels,
            subtype="PCM_16",
            format="WAV" if expected <= _LARGEST_RIFF else "RF64",
        ) as file:
            for block in blocks:
                file.write(to_pcm16(block, dither=dither))
    except (soundfile.SoundFileError, AssertionError) as error:
        # libsndfile does not pass on why a write fell short, and soundfile asserts
        # that it did not.
        raise OSError(f"Could not write {path}: {error or 'disk full?'}") from error
    # A full disk can also go unnoticed until the last buffer is flushed.
    if path.stat().st_size < expected:
        raise OSError(f"Could not write {path}: disk full?")


def to_pcm16(block: Frames, *, dither: bool) -> npt.NDArray[np.int16]:
    """Return frames as 16-bit integers.

    Digital silence stays silence: where the signal is exactly 0, so is the result.

    Args:
        block: Array of shape `(frames, channels)`, full scale `FULL_SCALE`. Not
            changed.
        dither: Boolean. Whether to add triangular dither of +-1 step and round, so
            that the rounding error is noise that does not follow the signal
            (Lipshitz, Wannamaker and Vanderkooy, 1992); or to cut off.

    Returns:
        Array of the same shape, int16.
    """
    samples: Frames = block
    if dither:
        noise = np.resize(_triangular_noise(), block.shape)
        samples = np.rint(block + noise * (block != 0))
    # The last guard, for a style that is too loud: a cast would wrap around.
    return np.clip(samples, -FULL_SCALE - 1, FULL_SCALE).astype(np.int16)


@lru_cache(maxsize=1)
def _triangular_noise() -> npt.NDArray[np.float32]:
    chance = np.random.default_rng(_DITHER_SEED)
    first, second = chance.random((2, _DITHER_FRAMES), dtype=np.float32)
    difference: npt.NDArray[np.float32] = first - second
    return difference
