"""A listener that knows nothing but sound: what it was meant to be is not told to it.

Praat estimates the pitches, as it does for phoneticians: on an 80 ms tone it is right
to a thousandth of a cent (see `test_ear.py`). Its method takes out what a window does
to the periods of a sound; what a flutter does to them is taken out alike.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import parselmouth
from scipy.fft import next_fast_len
from scipy.ndimage import maximum_filter1d
from scipy.signal import hilbert

Sound = npt.NDArray[np.floating]

_THRESHOLD = 0.002  # re full scale: below is silence or the end of a fade
_SHORTEST_GAP = 0.0009  # seconds: noise is as low for shorter moments
_HOLE_FRAMES = 13  # no tone and no noise is silent for so long
_DIGITAL_SILENCE = 1e-6
_LOWEST_SHARE = 0.02  # of its peak: below, the envelope of a tone is not made up for
_SHORTEST_PITCH = 0.04  # seconds: ten periods of the lowest pitch
_NOISE_BAND_HZ = (300.0, 4000.0)
_MARK_HZ, _MARK_WIDTH_HZ = 2637.0, 150.0  # may lie over a noise, and outweighs it
_NOISE_SHARE = 0.02  # of the power of what has a mark in it; a mark alone has less
_NOISE_FLATNESS = 0.1  # that of a tone is far below, that of noise near 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One stretch of sound between two silences.

    Attributes:
        onset: When it is first heard, in seconds from the start.
        duration: How long it is heard, in seconds; a little less than it lasts where
            it is faded.
        pitch_hz: Its pitch in Hz; NaN for noise and for what is too short.
        pan: Place from -1 (left) to 1 (right); 0 for a mono sound.
        level_db: Level in dBFS: 0 is a sine at full scale.
        is_noise: Whether it is a burst of noise.
    """

    onset: float
    duration: float
    pitch_hz: float
    pan: float
    level_db: float
    is_noise: bool


def listen(sound: Sound, sample_rate: int) -> list[Heard]:
    """Return what is heard, in order.

    Args:
        sound: Array of shape `(frames,)`, `(frames, 1)` or `(frames, 2)`.
        sample_rate: Frames per second, in Hz.
    """
    frames = sound.astype(np.float64).reshape(len(sound), -1)
    return [
        _describe(frames[start:end], start, sample_rate)
        for start, end in _stretches(frames, sample_rate)
    ]


def cents(heard_hz: float, meant_hz: float) -> float:
    """Return the interval between two pitches; 100 cents are a semitone."""
    return 1200.0 * math.log2(heard_hz / meant_hz)


def _stretches(frames: Sound, sample_rate: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of each stretch whose envelope is above the threshold."""
    padded = next_fast_len(len(frames))
    envelope = np.abs(hilbert(frames, padded, axis=0))[: len(frames)]
    power = np.sum(envelope**2, axis=1)  # as constant-power panning leaves it
    # The envelope bridges short holes with sharp edges: see those in the sound itself.
    nearby = maximum_filter1d(np.abs(frames).max(axis=1), _HOLE_FRAMES)
    is_sound = (power > _THRESHOLD**2) & (nearby > _DIGITAL_SILENCE)
    sounding = np.concatenate([[0], is_sound, [0]])
    starts = np.flatnonzero(np.diff(sounding) == 1)
    ends = np.flatnonzero(np.diff(sounding) == -1)
    real = starts[1:] - ends[:-1] > _SHORTEST_GAP * sample_rate
    edges = np.concatenate([[True], real])[: len(starts)]
    closes = np.concatenate([real, [True]])[: len(ends)]
    yield from zip(starts[edges].tolist(), ends[closes].tolist(), strict=True)


def _describe(frames: Sound, start: int, sample_rate: int) -> Heard:
    duration = len(frames) / sample_rate
    quarter = len(frames) // 4
    middle = frames[quarter : len(frames) - quarter]  # without the fades
    powers = np.mean(middle**2, axis=0)
    mono = frames.sum(axis=1)
    is_noise = _flatness(mono, sample_rate) > _NOISE_FLATNESS
    return Heard(
        onset=start / sample_rate,
        duration=duration,
        pitch_hz=math.nan if is_noise else _pitch_hz(mono, sample_rate),
        pan=_pan(*powers) if len(powers) == 2 else 0.0,
        level_db=10.0 * math.log10(2.0 * powers.sum() + _DIGITAL_SILENCE**2),
        is_noise=is_noise,
    )


def _pan(left: float, right: float) -> float:
    """Undo constant-power panning: a quarter turn leads from left to right."""
    return math.atan2(math.sqrt(right), math.sqrt(left)) * 4.0 / math.pi - 1.0


def _flatness(mono: Sound, sample_rate: int) -> float:
    """Return geometric over arithmetic mean of the power spectrum in the band."""
    powers = np.abs(np.fft.rfft(mono * np.hanning(len(mono)))) ** 2
    frequencies_hz = np.fft.rfftfreq(len(mono), 1 / sample_rate)
    low_hz, high_hz = _NOISE_BAND_HZ
    in_band = (frequencies_hz >= low_hz) & (frequencies_hz <= high_hz)
    beside = in_band & (np.abs(frequencies_hz - _MARK_HZ) > _MARK_WIDTH_HZ)
    if powers[beside].sum() < _NOISE_SHARE * powers[in_band].sum():
        beside = in_band
    band = powers[beside] + 1e-30
    return float(np.exp(np.mean(np.log(band))) / np.mean(band)) if len(band) else 0.0


def _pitch_hz(mono: Sound, sample_rate: int) -> float:
    if len(mono) < _SHORTEST_PITCH * sample_rate:
        return math.nan
    envelope = np.abs(hilbert(mono, next_fast_len(len(mono))))[: len(mono)]
    steady = mono / np.maximum(envelope, _LOWEST_SHARE * envelope.max())
    pitch = parselmouth.Sound(steady, sample_rate).to_pitch_ac(
        time_step=0.005,
        # The window lasts six periods of the floor: 60 ms, or what there is.
        pitch_floor=max(100.0, 6.2 * sample_rate / len(mono)),
        pitch_ceiling=4000.0,
        very_accurate=True,
        silence_threshold=0.0,
        voicing_threshold=0.0,
        octave_cost=0.02,
    )
    estimates = pitch.selected_array["frequency"]
    return float(np.median(estimates[estimates > 0]))
