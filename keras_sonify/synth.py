"""From notes to frames: the one renderer, for the loudspeaker and for every file."""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

import numpy as np
import numpy.typing as npt

from keras_sonify.score import Note

Frames = npt.NDArray[np.floating]
"""Array of shape `(frames, channels)`."""

_BLOCK_NOTES = 64  # rendered together: enough to be fast, small enough for the cache
_THIRD, _FIFTH = 10 ** (-24 / 20), 10 ** (-30 / 20)  # odd partials re fundamental
_NOISE_BAND_HZ = (300.0, 4000.0)  # what small loudspeakers can play
_NOISE_SEED = 2019  # any: noise must only be the same each time


def render(
    notes: Sequence[Note],
    *,
    sample_rate: int,
    channels: int,
    fade: float,
) -> npt.NDArray[np.float32]:
    """Return the frames of a few notes, from time 0 to the last one's end.

    Args:
        notes: The notes, by start.
        sample_rate: Frames per second, in Hz.
        channels: 1, or 2 for stereo with the notes' pan.
        fade: Length of the raised-cosine fade at both ends of each note, in seconds.

    Returns:
        Array of shape `(frames, channels)`, float32, full scale 1.
    """
    blocks = list(
        render_blocks(notes, sample_rate=sample_rate, channels=channels, fade=fade),
    )
    if not blocks:
        return np.zeros((0, channels), np.float32)
    return np.concatenate(blocks).astype(np.float32, copy=False)


def render_blocks(
    notes: Iterable[Note],
    *,
    sample_rate: int,
    channels: int,
    fade: float,
    total: int = 0,
    full_scale: float = 1.0,
    exact: bool = False,
) -> Iterator[Frames]:
    """Yield the frames of any number of notes, block by block, in constant memory.

    Notes may leave gaps but not overlap.

    Args:
        notes: The notes, by start.
        sample_rate: Frames per second, in Hz.
        channels: 1, or 2 for stereo with the notes' pan.
        fade: Length of the raised-cosine fade at both ends of each note, in seconds.
        total: Frames to fill up to with silence at the end. Defaults to `0`.
        full_scale: What an amplitude of 1 becomes. Defaults to `1.0`.
        exact: Boolean. Whether cosines are computed in float64 from the unreduced
            phase, as `cos(2 * pi * f * t)` is commonly written. Slower; the default
            is float32 from a phase reduced in float64. Defaults to `False`.

    Yields:
        Arrays of shape `(frames, channels)`.
    """
    pending = iter(notes)
    at = 0
    while block := list(islice(pending, _BLOCK_NOTES)):
        first = at
        at = round(block[-1].end * sample_rate)
        frames = np.zeros((at - first, channels), np.float64 if exact else np.float32)
        for alike in _alike(block, sample_rate):
            sounds = _sounds(alike, sample_rate, fade, full_scale, exact=exact)
            for note, sound in zip(alike, sounds, strict=True):
                start = round(note.start * sample_rate) - first
                stretch = frames[start : start + len(sound)]
                for channel, gain in enumerate(_pan_gains(note.pan, channels)):
                    stretch[:, channel] = sound if gain == 1.0 else gain * sound
        yield frames
    if total > at:
        yield np.zeros((total - at, channels), np.float32)


def _alike(notes: Sequence[Note], sample_rate: int) -> Iterable[list[Note]]:
    """Group notes of one length and timbre: those are computed as one array."""
    groups: dict[tuple[int, str], list[Note]] = {}
    for note in notes:
        key = (round(note.duration * sample_rate), note.timbre)
        groups.setdefault(key, []).append(note)
    return groups.values()


def _sounds(
    notes: Sequence[Note],
    sample_rate: int,
    fade: float,
    full_scale: float,
    *,
    exact: bool,
) -> Frames:
    """Return notes of one length and timbre as an array of shape `(notes, frames)`."""
    frames = round(notes[0].duration * sample_rate)
    gains = np.array([note.amplitude * full_scale for note in notes])[:, None]
    if notes[0].timbre == "noise":
        sounds = np.tile(_noise(frames, sample_rate), (len(notes), 1))
    else:
        pitches_hz = np.array([note.frequency_hz for note in notes])[:, None]
        seconds = np.arange(frames) * (1 / sample_rate)
        if exact:
            sounds = np.cos(2 * np.pi * pitches_hz * seconds)
        else:
            turns = pitches_hz * seconds
            turns -= np.floor(turns)
            sounds = np.cos(np.float32(2 * np.pi) * turns.astype(np.float32))
        if notes[0].timbre == "odd":
            sounds = _add_odd_partials(sounds)
    envelope = _envelope(frames, round(fade * sample_rate))
    if envelope is not None:
        sounds *= envelope.astype(sounds.dtype)
    return gains.astype(sounds.dtype) * sounds


def _add_odd_partials(cosines: Frames) -> Frames:
    """Add the third and fifth partial by Chebyshev's polynomials of the cosine.

    cos 3x = 4c^3 - 3c and cos 5x = 16c^5 - 20c^3 + 5c, where c = cos x.
    """
    squares = cosines * cosines
    linear = 1 - 3 * _THIRD + 5 * _FIFTH
    cubic = 4 * _THIRD - 20 * _FIFTH
    mixed = linear + squares * (cubic + squares * (16 * _FIFTH))
    return np.asarray(cosines * mixed, cosines.dtype)


@lru_cache(maxsize=8)
def _envelope(frames: int, fade_frames: int) -> npt.NDArray[np.float64] | None:
    """Return the raised-cosine envelope: its first and last sample are exactly 0."""
    if fade_frames == 0:
        return None
    ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(fade_frames) / fade_frames)
    envelope = np.ones(frames)
    envelope[:fade_frames] = ramp
    envelope[frames - fade_frames :] = ramp[::-1]
    return envelope


@lru_cache(maxsize=8)
def _noise(frames: int, sample_rate: int) -> npt.NDArray[np.float32]:
    """Return band noise with the power of a cosine of amplitude 1.

    Its spectrum is flat between the edges of the band and its phases are random, so
    that nothing in it can be taken for a pitch.
    """
    chance = np.random.default_rng(_NOISE_SEED)
    spectrum = np.exp(2j * np.pi * chance.random(frames // 2 + 1))
    frequencies_hz = np.fft.rfftfreq(frames, 1 / sample_rate)
    low_hz, high_hz = _NOISE_BAND_HZ
    spectrum[(frequencies_hz < low_hz) | (frequencies_hz > high_hz)] = 0
    noise = np.fft.irfft(spectrum, frames)
    noise *= math.sqrt(0.5) / np.sqrt(np.mean(noise**2))
    return noise.astype(np.float32)


def _pan_gains(pan: float, channels: int) -> tuple[float, ...]:
    """Return the gain of each channel; constant power, so 0.71 each at the centre."""
    if channels == 1:
        return (1.0,)
    angle = (pan + 1.0) * math.pi / 4.0
    return math.cos(angle), math.sin(angle)
