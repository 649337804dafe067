"""Names the earcons in a recording, from the sound alone, in mono.

It knows what is published of them and nothing of the run; it shares no code with what
made the sound. Metrics sound as tones of 150 ms and references of 80 ms, NaN as noise
of 150 ms; a sound of another length, or of two voices that beat, belongs to an earcon:

- best: C6 G6, 80 ms apart, short (60 ms), soft
- finished: C5 E5 G5 C6, 100 ms apart, the last one long (300 ms)
- stopped early: C5 G5 C5, 120 ms apart, the last one long
- learning rate: G5 G5, 160 ms apart, short
- plateau: C5 C5 C5, 240 ms apart, short
- stuck: C4 five times, 100 ms apart, short
- spike: D7 once, very short (40 ms)
- oscillation: G5 C5 G5 C5 G5, 90 ms apart, short
- overfitting: A5 E5 A4, 120 ms apart, the last one long
- interrupted: G5 A4, 100 ms apart, the last one long
- stalled: C4 C4, 400 ms apart, 200 ms each
- divergence: G5 C5, 260 ms apart, 220 and 300 ms, each beating with a tone 7 % above
- crashed: C6 G5 E5 A4, 80 ms apart, the last one long, each beating likewise
- NaN in a loss: noise three times, 150 ms apart, 100 ms each
- NaN in a metric: noise once, 60 ms, soft
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import butter, sosfiltfilt

Sound = npt.NDArray[np.floating]
Timbre = Literal["pure", "rough", "noise"]

_FADE = 0.01  # seconds: a sound is above half its level for so much less than it lasts
# Tones that touch part for a moment, as they fade: by 42 dB in a window of 2 ms. Two
# voices that beat never do by more than 25 dB.
_SMOOTHING, _GAP, _NEARBY = 0.002, 10**-3.2, 0.08
_HUSH = 1e-9  # power of what nobody hears
_SHORTEST = 0.025  # seconds: less is a click
_HIGHEST_HZ = 4500.0
_WIDE = 1.12  # so near to the strongest pitch lies most of a tone, not of noise
_VOICES = (1.04, 1.1)  # the second voice re the first
_FFT = 2**15
_METRIC_TONES = (0.15, 0.08)
_METRIC_NOISE = 0.15

# Tolerances.
_LENGTH, _NOISE_LENGTH, _ROUGH_LENGTH = 0.009, 0.02, 0.02  # seconds
_ONSET, _NOISE_ONSET = 0.012, 0.02  # seconds
_CENTS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounding:
    """One sound between two silences.

    Attributes:
        onset: When it begins, in seconds.
        length: How long it lasts, in seconds, fades included.
        pitch_hz: Its pitch, that of the lower voice of two; NaN for noise.
        timbre: Whether it is one voice, two that beat, or noise.
    """

    onset: float
    length: float
    pitch_hz: float
    timbre: Timbre


@dataclass(frozen=True, slots=True)
class _Template:
    pitches_hz: tuple[float, ...]
    every: float
    lengths: tuple[float, ...]
    timbre: Timbre = "pure"


_C4, _A4, _C5, _E5 = 261.63, 440.0, 523.25, 659.26
_G5, _A5, _C6, _G6 = 783.99, 880.0, 1046.5, 1567.98
_NO_PITCH = math.nan
_D7 = 2349.32
_S, _L = 0.06, 0.3

_TEMPLATES = {
    "best": _Template((_C6, _G6), 0.08, (_S, _S)),
    "finished": _Template((_C5, _E5, _G5, _C6), 0.1, (_S, _S, _S, _L)),
    "stopped_early": _Template((_C5, _G5, _C5), 0.12, (_S, _S, _L)),
    "learning_rate": _Template((_G5, _G5), 0.16, (_S, _S)),
    "plateau": _Template((_C5,) * 3, 0.24, (_S,) * 3),
    "stuck": _Template((_C4,) * 5, 0.1, (_S,) * 5),
    "spike": _Template((_D7,), 0.0, (0.04,)),
    "oscillation": _Template((_G5, _C5, _G5, _C5, _G5), 0.09, (_S,) * 5),
    "overfitting": _Template((_A5, _E5, _A4), 0.12, (_S, _S, _L)),
    "interrupted": _Template((_G5, _A4), 0.1, (_S, _L)),
    "stalled": _Template((_C4, _C4), 0.4, (0.2, 0.2)),
    "divergence": _Template((_G5, _C5), 0.26, (0.22, 0.3), "rough"),
    "crashed": _Template((_C6, _G5, _E5, _A4), 0.08, (_S, _S, _S, _L), "rough"),
    "nan_loss": _Template((_NO_PITCH,) * 3, 0.15, (0.1,) * 3, "noise"),
    "nan_metric": _Template((_NO_PITCH,), 0.0, (_S,), "noise"),
}
_LONGEST_FIRST = sorted(_TEMPLATES, key=lambda name: -len(_TEMPLATES[name].lengths))


def name_earcons(sound: Sound, sample_rate: int) -> list[str]:
    """Return the names of all earcons heard, in order.

    Args:
        sound: Array of shape `(frames,)` or `(frames, channels)`.
        sample_rate: Frames per second, in Hz.

    Returns:
        Names of the list above; `"unknown"` for what is neither a metric nor known.
    """
    left = [s for s in hear(sound, sample_rate) if not _is_of_a_metric(s)]
    names: list[str] = []
    while left:
        name = next((n for n in _LONGEST_FIRST if _begins(left, _TEMPLATES[n])), None)
        names.append(name or "unknown")
        del left[: len(_TEMPLATES[name].lengths) if name else 1]
    return names


def hear(sound: Sound, sample_rate: int) -> list[Sounding]:
    """Return all sounds of a recording, in order."""
    mono = sound.astype(np.float64).reshape(len(sound), -1).mean(axis=1)
    return list(_soundings(mono, sample_rate))


def _begins(soundings: Sequence[Sounding], template: _Template) -> bool:
    """Whether these sounds begin with an earcon."""
    is_noise = template.timbre == "noise"
    onsets = itertools.count(soundings[0].onset, template.every)
    if len(soundings) < len(template.lengths):
        return False
    return all(
        heard.timbre == template.timbre
        and abs(heard.onset - onset) < (_NOISE_ONSET if is_noise else _ONSET)
        and abs(heard.length - length) < _tolerance(heard)
        and (is_noise or abs(_cents(heard.pitch_hz, pitch_hz)) < _CENTS)
        for heard, onset, length, pitch_hz in zip(
            soundings, onsets, template.lengths, template.pitches_hz, strict=False
        )
    )


def _is_of_a_metric(heard: Sounding) -> bool:
    lengths = {
        "pure": _METRIC_TONES,
        "noise": (_METRIC_NOISE,),
        "rough": (),
    }[heard.timbre]
    return any(abs(heard.length - length) < _tolerance(heard) for length in lengths)


def _tolerance(heard: Sounding) -> float:
    return {"pure": _LENGTH, "noise": _NOISE_LENGTH, "rough": _ROUGH_LENGTH}[
        heard.timbre
    ]


def _cents(heard_hz: float, meant_hz: float) -> float:
    return 1200.0 * math.log2(heard_hz / meant_hz)


def _soundings(mono: Sound, sample_rate: int) -> Iterator[Sounding]:
    # Not above all tones and most noise. A filter from below would ring in the gaps.
    heard = sosfiltfilt(butter(2, _HIGHEST_HZ, fs=sample_rate, output="sos"), mono)
    power = uniform_filter1d(heard**2, round(_SMOOTHING * sample_rate))
    nearby = maximum_filter1d(power, round(_NEARBY * sample_rate))
    # The quietest tenth is silence, or the noise of the line.
    silence = np.maximum(_GAP * nearby, 12 * np.quantile(power, 0.1) + _HUSH)
    steps = np.diff(np.concatenate([[0], power > silence, [0]]))
    for start, end in zip(
        np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True
    ):
        if end - start >= _SHORTEST * sample_rate:
            yield _describe(heard[start:end], power[start:end], int(start), sample_rate)


def _describe(sound: Sound, power: Sound, start: int, sample_rate: int) -> Sounding:
    pitch_hz, timbre = _timbre(sound, sample_rate)
    # A steady tone: its level is the median. Noise and beats: near their peaks.
    level = np.median(power) if timbre == "pure" else 0.5 * power.max()
    loud = np.flatnonzero(power > 0.25 * level)
    return Sounding(
        onset=(start + loud[0]) / sample_rate - _FADE / 2,
        length=(loud[-1] + 1 - loud[0]) / sample_rate + _FADE,
        pitch_hz=pitch_hz,
        timbre=timbre,
    )


def _timbre(sound: Sound, sample_rate: int) -> tuple[float, Timbre]:
    """Return the pitch, and what kind of sound it is."""
    powers = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), _FFT)) ** 2
    top = int(powers.argmax())
    if powers[round(top / _WIDE) : round(top * _WIDE)].sum() < 0.5 * powers.sum():
        return math.nan, "noise"
    close, far = _VOICES
    for first, last, beside_is_upper in (
        (top * close, top * far, True),
        (top / far, top / close, False),
    ):
        beside = powers[round(first) : round(last)]
        place = int(beside.argmax())
        is_peak = 0 < place < len(beside) - 1
        if is_peak and beside[place] > 0.25 * powers[top]:
            lower = top if beside_is_upper else round(first) + place
            return _peak(powers, lower) * sample_rate / _FFT, "rough"
    return _peak(powers, top) * sample_rate / _FFT, "pure"


def _peak(powers: Sound, line: int) -> float:
    """Return where a peak is, between the lines of the spectrum, by a parabola."""
    left, middle, right = np.log(powers[line - 1 : line + 2] + 1e-30)
    return float(line + 0.5 * (left - right) / (left - 2 * middle + right))
