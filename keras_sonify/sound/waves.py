"""What notes are made of: cosines, band noise, and how they fade and flutter."""

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

_Floats = npt.NDArray[np.floating]

_FINE_STEPS = 128  # about the square root of a tone's frames
FLUTTER_HZ = 40.0  # fast enough to be rough: 80 ms hold three swings
_NOISE_BAND_HZ = (300.0, 4000.0)  # what small loudspeakers can play
_NOISE_SEED = 2019  # any: noise must only be the same each time


def cosines(
    turns_per_frame: _Floats,
    gains: _Floats,
    frames: int,
) -> npt.NDArray[np.float32]:
    """Return sums of cosines of phase 0, within 1e-6 of exact ones.

    By cos(a + b) = cos a cos b - sin a sin b each sample is a sum of two products of
    the cosines and sines of a coarse and a fine step, with partials of two for each:
    three times as fast as a cosine a sample. The phases of the steps are reduced in
    float64.

    Args:
        turns_per_frame: Array of shape `(notes, 1)`: frequency / sample rate.
        gains: Array of shape `(notes, partials)`: amplitudes, the fundamental's first.
        frames: Length of each sound.

    Returns:
        Array of shape `(notes, frames)`.
    """
    steps = -(-frames // _FINE_STEPS)
    # Of shape (notes, partials, steps).
    turns = (turns_per_frame * np.arange(1, gains.shape[1] + 1))[..., None]
    coarse = _phases(turns * (np.arange(steps) * _FINE_STEPS))
    fine = _phases(turns * np.arange(_FINE_STEPS))
    left = np.concatenate([np.cos(coarse), -np.sin(coarse)], axis=1)
    left *= np.tile(gains, 2)[..., None].astype(np.float32)
    right = np.concatenate([np.cos(fine), np.sin(fine)], axis=1)
    sums = (left.swapaxes(1, 2) @ right).reshape(len(turns_per_frame), -1)
    return np.ascontiguousarray(sums[:, :frames])


def _phases(turns: _Floats) -> npt.NDArray[np.float32]:
    return (2 * np.pi * (turns - np.floor(turns))).astype(np.float32)


@lru_cache(maxsize=8)
def envelope(frames: int, fade_frames: int) -> npt.NDArray[np.float64] | None:
    """Return the raised-cosine envelope: its first and last sample are exactly 0."""
    if fade_frames == 0:
        return None
    ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(fade_frames) / fade_frames)
    faded = np.ones(frames)
    faded[:fade_frames] = ramp
    faded[frames - fade_frames :] = ramp[::-1]
    return faded


@lru_cache(maxsize=8)
def flutter(
    frames: int, fade_frames: int, swings: int, depth: float
) -> npt.NDArray[np.float32]:
    """Return whole swings around 1, with the power of a steady tone once it is faded.

    They begin and end at their least, so that each is heard, and are the same from
    either side: so is the spectrum around the tone, whose pitch stays where it is.
    """
    turns = swings * (np.arange(frames) + 0.5) / frames
    swinging = 1.0 - depth * np.cos(2 * np.pi * turns)
    faded = envelope(frames, fade_frames)
    weights = np.ones(frames) if faded is None else faded**2
    gain = math.sqrt(weights.sum() / (weights * swinging**2).sum())
    return (gain * swinging).astype(np.float32)


@lru_cache(maxsize=8)
def noise(frames: int, sample_rate: int) -> npt.NDArray[np.float32]:
    """Return band noise with the power of a cosine of amplitude 1.

    Its spectrum is flat between the edges of the band and its phases are random, so
    that nothing in it can be taken for a pitch.
    """
    chance = np.random.default_rng(_NOISE_SEED)
    spectrum = np.exp(2j * np.pi * chance.random(frames // 2 + 1))
    frequencies_hz = np.fft.rfftfreq(frames, 1 / sample_rate)
    low_hz, high_hz = _NOISE_BAND_HZ
    spectrum[(frequencies_hz < low_hz) | (frequencies_hz > high_hz)] = 0
    samples = np.fft.irfft(spectrum, frames)
    samples *= math.sqrt(0.5) / np.sqrt(np.mean(samples**2))
    return samples.astype(np.float32)
