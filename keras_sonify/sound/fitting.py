"""Stereo sound, made to fit a device of another rate or with other channels."""

import math

import numpy as np
import numpy.typing as npt


def fit(
    frames: npt.NDArray[np.float32], rate: int, *, to_rate: int, channels: int
) -> npt.NDArray[np.float32]:
    """Return sound as a device takes it.

    Args:
        frames: Array of shape `(frames, 2)`, full scale 1.
        rate: Its frames per second, in Hz.
        to_rate: Those of the device, in Hz.
        channels: Number of channels of the device: one is the mix of both sides, more
            than two are silent but for the first two.

    Returns:
        Array of shape `(frames, channels)`, float32, full scale 1.
    """
    fitted = frames.astype(np.float64)
    if to_rate != rate and len(frames):
        fitted = resample(fitted, rate, to_rate)
    if channels == 1:
        fitted = _mix(fitted)
    elif channels > fitted.shape[1]:
        silent = np.zeros((len(fitted), channels - fitted.shape[1]))
        fitted = np.concatenate([fitted, silent], axis=1)
    return fitted.clip(-1.0, 1.0).astype(np.float32)


def resample(
    frames: npt.NDArray[np.float64], rate: int, to_rate: int
) -> npt.NDArray[np.float64]:
    """Return the same sound at another rate: its spectrum, cut off or gone on with.

    A cue or a word begins and ends in silence, so nothing is smeared from its end to
    its beginning.

    Args:
        frames: Array of shape `(frames, channels)`.
        rate: Its frames per second, in Hz.
        to_rate: Those of the result, in Hz.
    """
    unit = rate // math.gcd(rate, to_rate)  # as many frames are a whole number there
    padded = np.pad(frames, ((0, -len(frames) % unit), (0, 0)))
    length = len(padded) // unit * (to_rate * unit // rate)
    spectrum = np.fft.rfft(padded, axis=0)
    return np.fft.irfft(spectrum, length, axis=0) * (length / len(padded))


def _mix(frames: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return both sides as one: what is in the centre stays as loud as it is."""
    mixed: npt.NDArray[np.float64] = frames.sum(axis=1, keepdims=True) / math.sqrt(2.0)
    peak = float(np.abs(mixed).max(initial=0.0))
    mixed /= max(peak, 1.0)
    return mixed
