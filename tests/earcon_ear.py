"""Names the figures of events in a recording, from the sound alone, in mono.

It knows what is published of them and nothing of the run; it shares no code with what
made the sound. Metrics sound as tones of 150 ms and references of 80 ms. A figure
stands alone, after a pause of 150 ms and before another one, and is one of five:

- alarm: E6 A5 E6 A5 E6, 90 ms apart, each short (60 ms)
- trouble: D6 A5 D5, 120 ms apart, the last one long (300 ms)
- stillness: G5 G5 G5, 240 ms apart, each short
- news: C6 G6, 80 ms apart, each short
- end: C5 E5 G5 C6, 100 ms apart, the last one long

It compares pictures of the sound, level over time and semitones, with pictures of
these: a metric's tones among them, noise or a loudspeaker that lacks low tones change a
picture, but hardly make it another one's.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly, stft

Sound = npt.NDArray[np.floating]
Picture = npt.NDArray[np.float64]

_RATE = 16_000  # Hz
_WINDOW, _HOP, _FFT = 400, 80, 2048  # frames: 25 ms, every 5 ms
_SECOND = _RATE // _HOP  # columns of a picture
_LOWEST, _HIGHEST = 70, 103  # semitones, as MIDI counts them: A#4 to G7
_PAUSE = 0.1  # seconds of silence around a figure that are compared, too
_LIKE = 0.75  # so much of its level must be where the figure has it
_FADE = 0.01  # seconds
_FLOOR = 3.0  # times the usual level of a semitone: below is noise
_HUSH = 1e-4  # of the loudest: below is silence

_A5, _C5, _D5, _E5, _G5 = 880.0, 523.25, 587.33, 659.26, 783.99
_C6, _D6, _E6, _G6 = 2 * _C5, 2 * _D5, 2 * _E5, 2 * _G5
_S, _L = 0.06, 0.3
_FIGURES: dict[str, tuple[tuple[float, ...], float, float]] = {
    "alarm": ((_E6, _A5, _E6, _A5, _E6), 0.09, _S),
    "trouble": ((_D6, _A5, _D5), 0.12, _L),
    "stillness": ((_G5, _G5, _G5), 0.24, _S),
    "news": ((_C6, _G6), 0.08, _S),
    "end": ((_C5, _E5, _G5, _C6), 0.1, _L),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """A figure that was heard.

    Attributes:
        figure: Which one.
        start: When it begins, in seconds.
        end: When its last tone is over, in seconds.
    """

    figure: str
    start: float
    end: float


def name_figures(sound: Sound, sample_rate: int) -> list[str]:
    """Return the names of all figures heard, in order; see `hear_figures`."""
    return [heard.figure for heard in hear_figures(sound, sample_rate)]


def hear_figures(sound: Sound, sample_rate: int) -> list[Heard]:
    """Return all figures heard, in order.

    Args:
        sound: Array of shape `(frames,)` or `(frames, channels)`.
        sample_rate: Frames per second, in Hz.
    """
    picture = _picture(sound, sample_rate)
    likeness = {name: _likeness(picture, _model(name)) for name in _FIGURES}
    found: list[Heard] = []
    for name, place in _best_first(likeness):
        start = place / _SECOND
        heard = Heard(name, start, start + _length(name))
        if all(heard.end < one.start or one.end < heard.start for one in found):
            found.append(heard)
    return sorted(found, key=lambda heard: heard.start)


def _best_first(likeness: dict[str, Picture]) -> Iterator[tuple[str, int]]:
    """Yield each figure with each place where it is likely, the likeliest first."""
    pairs = [
        (float(like[place]), name, int(place))
        for name, like in likeness.items()
        for place in np.flatnonzero(like > _LIKE)
    ]
    for _, name, place in sorted(pairs, reverse=True):
        yield name, place


def _picture(sound: Sound, sample_rate: int) -> Picture:
    """Return the level of each semitone, over time: rows are semitones."""
    mono = np.asarray(sound, np.float64).reshape(len(sound), -1).mean(axis=1)
    mono = np.pad(mono, round(2 * _PAUSE * sample_rate))
    shared = math.gcd(_RATE, sample_rate)
    mono = resample_poly(mono, _RATE // shared, sample_rate // shared)
    frequencies_hz, _, spectrum = stft(
        mono, _RATE, nperseg=_WINDOW, noverlap=_WINDOW - _HOP, nfft=_FFT
    )
    levels = np.abs(spectrum)
    with np.errstate(divide="ignore"):
        semitones = np.rint(69 + 12 * np.log2(frequencies_hz / 440.0))
    picture = np.array(
        [levels[semitones == k].max(axis=0) for k in range(_LOWEST, _HIGHEST + 1)]
    )
    usual = _FLOOR * np.quantile(picture, 0.2, axis=1, keepdims=True)
    picture = np.sqrt(np.maximum(picture**2 - usual**2, 0.0))
    return np.asarray(np.maximum(picture - _HUSH * picture.max(initial=0.0), 0.0))


@cache
def _model(name: str) -> Picture:
    """Return what a figure looks like, with the pauses around it."""
    pitches_hz, every, last = _FIGURES[name]
    sound = np.zeros(round((_length(name) + 2 * _PAUSE) * _RATE))
    for place, pitch_hz in enumerate(pitches_hz):
        length = last if place == len(pitches_hz) - 1 else _S
        seconds = np.arange(round(length * _RATE)) / _RATE
        ends = np.minimum(seconds, length - seconds) / _FADE
        envelope = 0.5 - 0.5 * np.cos(np.pi * np.minimum(ends, 1.0))
        first = round((_PAUSE + place * every) * _RATE)
        tone = envelope * np.cos(2 * np.pi * pitch_hz * seconds)
        sound[first : first + len(tone)] += tone
    picture = _picture(sound, _RATE)
    around = round(2 * _PAUSE * _SECOND)
    return picture[:, around : picture.shape[1] - around]


def _length(name: str) -> float:
    pitches_hz, every, last = _FIGURES[name]
    return (len(pitches_hz) - 1) * every + last


def _likeness(picture: Picture, model: Picture) -> Picture:
    """Return how like the model the picture is, from 0 to 1, wherever it may begin."""
    width = model.shape[1]
    if picture.shape[1] < width:
        return np.zeros(0)
    size = 1 << (picture.shape[1] + width).bit_length()
    product = np.fft.rfft(picture, size) * np.conj(np.fft.rfft(model, size))
    count = picture.shape[1] - width + 1
    common = np.fft.irfft(product, size)[:, :count].sum(axis=0)
    powers = np.concatenate([[0.0], np.cumsum((picture**2).sum(axis=0))])
    here = np.sqrt(np.maximum(powers[width:] - powers[:-width], 1e-12))
    like = common / (here * np.sqrt((model**2).sum()))
    # The sound itself begins later than the picture: by one pause more than a figure
    # does in its model.
    shift = round(_PAUSE * _SECOND)
    return np.asarray(like[shift:] if len(like) > shift else like[:0])
