"""Decodes a run in steps from sound alone: its windows, one by one.

It knows what is published of the format and nothing of the run; it shares no code with
what made the sound.

- A slot is 0.16 s, in at most 43 of them is the whole run. Where there is validation,
  the training tone lasts 80 ms, and the validation tone follows it in slots in which
  there was a value; else it lasts 120 ms. Training is left, validation right: a
  sound of the left is 9.8 dB softer on the right.
- The pitch of a tone is the median of its window. It flutters, about 40 times a second,
  in whole swings that begin and end at their least, the deeper the more the window
  spreads: not at all, by 30, 60 or 90 %.
- After the training tone a grain of 40 ms at 2349 Hz is a step that stands far out.
- Over the beginning of a slot lies a tick at 3520 Hz where an epoch ends.
- In a metric's own file a slot is 0.19 s, and a tone lasts 150 ms.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from blind_listener import LOWEST_HZ, Pitch, pitches_of, without_words
from ear import Sound

SLOT = 0.16  # seconds
GRAIN = 0.04  # seconds

_TRACK_SLOT, _TRACK_TONE = 0.19, 0.15  # seconds, in a metric's own file
_ALONE, _OF_TWO = 0.12, 0.08  # seconds that a training tone lasts in a summary
_FADE = 0.01  # seconds
_FLUTTER_HZ = 40.0
_DEPTHS = np.array([0.0, 0.3, 0.6, 0.9])
_GRAIN_HZ, _TICK_HZ, _TICK = 2349.32, 3520.0, 0.015
_NEAR_EAR, _FAR_EAR = 0.951, 0.309  # gains on either side
_LEVEL = 0.005  # re full scale: a tick or grain is above it, all else far below


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was heard in one slot.

    Attributes:
        train: Pitch of the training tone.
        depth: How deep it flutters.
        roughness: The class of that, 0 to 3.
        validation: Pitch of the validation tone.
        has_grain: Whether a grain followed the training tone.
        has_tick: Whether it began with a tick.
    """

    train: Pitch
    depth: float
    roughness: int
    validation: Pitch
    has_grain: bool
    has_tick: bool


def decode_windows(sound: Sound, sample_rate: int) -> list[Heard]:
    """Return what each slot of a summary of steps sounds.

    Args:
        sound: Array of shape `(frames, 2)`.
        sample_rate: Frames per second, in Hz.
    """
    sound = without_words(sound, sample_rate)
    slots = round(len(sound) / sample_rate / SLOT)
    frames = round(len(sound) / slots)
    sound = np.pad(sound, ((0, max(slots * frames - len(sound), 0)), (0, 0)))
    cells = sound[: slots * frames].reshape(slots, -1, 2).astype(np.float64)
    has_twin = _has_twin(cells, sample_rate)
    heard = _decode(cells, _OF_TWO if has_twin else _ALONE, sample_rate)
    if not has_twin:
        return heard
    # A grain on the left may lie under it.
    length = round(_OF_TWO * sample_rate)
    right = _NEAR_EAR * cells[:, length:, 1] - _FAR_EAR * cells[:, length:, 0]
    twins = pitches_of(right, sample_rate)
    return [
        replace(slot, validation=twin) for slot, twin in zip(heard, twins, strict=True)
    ]


def decode_track(sound: Sound, sample_rate: int) -> list[Heard]:
    """Return what each slot of a metric's own file sounds.

    Args:
        sound: Array of shape `(frames,)`.
        sample_rate: Frames per second, in Hz.
    """
    cells = sound.reshape(-1, round(_TRACK_SLOT * sample_rate), 1).astype(np.float64)
    return _decode(cells, _TRACK_TONE, sample_rate)


def _decode(cells: Sound, tone: float, sample_rate: int) -> list[Heard]:
    length = round(tone * sample_rate)
    mono = cells.mean(axis=2)
    trains = pitches_of(mono[:, :length], sample_rate)
    after = mono[:, length : length + round(GRAIN * sample_rate)]
    grains = levels_at(_GRAIN_HZ, after, sample_rate) > _LEVEL
    ticks = levels_at(_TICK_HZ, mono[:, : round(_TICK * sample_rate)], sample_rate)
    depths = [
        flutter_of(cell, pitch, sample_rate)
        for cell, pitch in zip(mono[:, :length], trains, strict=True)
    ]
    return [
        Heard(
            train=trains[slot],
            depth=depths[slot],
            roughness=roughness_of(depths[slot]),
            validation=None,
            has_grain=bool(grains[slot]),
            has_tick=bool(ticks[slot] > _LEVEL),
        )
        for slot in range(len(cells))
    ]


def roughness_of(depth: float) -> int:
    """Return the class of a flutter: the nearest."""
    return int(np.abs(_DEPTHS - depth).argmin())


def flutter_of(tone: Sound, pitch: Pitch, sample_rate: int) -> float:
    """Return how deep a tone flutters: the share that swings, by least squares."""
    if pitch is None or math.isnan(pitch):
        return 0.0
    frames = len(tone)
    at = (np.arange(frames) + 0.5) / frames
    turns = np.arange(frames) * LOWEST_HZ * 2 ** (pitch / 1200) / sample_rate
    wave = np.exp(2j * np.pi * turns)
    swings = round(_FLUTTER_HZ * frames / sample_rate)
    swing = np.cos(2 * np.pi * swings * at)
    edge = np.minimum(np.minimum(at, 1 - at) * frames / sample_rate / _FADE, 1.0)
    fade = np.sin(np.pi / 2 * edge) ** 2
    parts = [wave.real, wave.imag, swing * wave.real, swing * wave.imag]
    basis = np.stack([fade * part for part in parts], axis=1)
    steady_cos, steady_sin, cos, sin = np.linalg.lstsq(basis, tone, rcond=None)[0]
    return float(math.hypot(cos, sin) / math.hypot(steady_cos, steady_sin))


def levels_at(
    pitch_hz: float, sounds: Sound, sample_rate: int
) -> npt.NDArray[np.float64]:
    """Return the level at a pitch of each sound, re full scale."""
    frames = sounds.shape[1]
    window = np.hanning(frames)
    wave = window * np.exp(-2j * np.pi * pitch_hz * np.arange(frames) / sample_rate)
    levels: npt.NDArray[np.float64] = np.abs(sounds @ wave) / window.sum() * 2
    return levels


def _has_twin(cells: Sound, sample_rate: int) -> bool:
    """Whether what sounds in the second half of a slot is not the tone of the left."""
    half = round(_OF_TWO * sample_rate)
    middle = round(0.5 * (_OF_TWO + _ALONE) * sample_rate)
    powers = np.sum(cells[:, half:middle] ** 2, axis=1)
    of_left = powers[:, 0] > powers[:, 1]
    is_loud = powers[:, 0] > 1e-3 * powers[:, 0].max()
    return bool(np.mean(of_left & is_loud) < 0.5)
