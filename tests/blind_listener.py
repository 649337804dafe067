"""Decodes sound alone back into pitches per epoch, and those into a verdict.

It knows what is published of the format and nothing of the run: it sees no log, no
timing table, and shares no code with what made the sound.

- Low pitch is a low value, from 330 to 1760 Hz; noise is NaN. For losses these 2898
  cents are a factor of 16 or more in the summary and in cues, where both sides share a
  range, and of 2.25 or more in a metric's file, which is on its own range.
- A metric's file has a slot of 0.15 s an epoch.
- In the summary each slot has the training tone in its first half, the validation
  tone in its second; over the beginnings of some slots lie ticks at 3520 Hz and marks
  at 2637 Hz (60 ms). If there are marks, one sounds once more 50 ms after the last
  slot, and after another 150 ms a word.
- In a cue each metric is a tone of 0.15 s, after the first epoch with a shorter one
  before it, 20 ms apart: the best value so far. Training is left, validation right.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from ear import Sound
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import butter, fftconvolve, find_peaks, sosfiltfilt

LOWEST_HZ = 330.0
ALL_CENTS = 1200.0 * math.log2(1760.0 / LOWEST_HZ)

Pitch = float | None
"""Cents above 330 Hz; NaN for noise, `None` for silence."""

_SLOT = 0.15  # seconds, in a metric's file
_MOMENT = 0.005  # seconds, longer than a period of any tone
_DIP_DB = 12.0  # the fades of two tones dip by 20 dB, noise by 5
_SHORTEST_SLOT = 0.079  # seconds, in the summary
_MOST_SLOTS = 87  # in the summary
_PITCHES_HZ = (270.0, 2150.0)  # where to look for a pitch
_GRID_BELOW_HZ = 2000.0
_TONAL_BAND_HZ = (150.0, 2400.0)  # below marks and ticks, which may lie over a noise
_NOISE_FLATNESS = 0.2  # tones with white noise 20 dB below them reach 0.05
_FFT_SIZE = 2**14
_SILENCE = 1e-13  # power density, in 1 / Hz
_HUSH, _HOLE = 1e-4, 0.003  # below this level for so many seconds is silence
_INTO_TONE = 0.018  # seconds: past the fade of a tone, and before the next one
_MOST = 0.95
_TICK_HZ, _TICK, _TICK_LEVEL = 3520.0, 0.015, 0.005
_MARK_HZ, _MARK, _BEFORE_MARK, _AFTER_MARK = 2637.0, 0.06, 0.05, 0.15
_LONGEST_WORD = 1.0  # seconds
_STILL = 0.05  # of the power of all: the noise of the line, at most
_OF_MARK = 0.3  # of half the power of a sound: it has nearly no other pitch
_REFERENCE = 0.115  # seconds: shorter is a reference (0.08), longer a tone (0.15)
_PAIR_GAP = 0.04  # seconds: closer are a reference and its tone (0.02), else 0.12


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was heard in `training.wav`.

    Attributes:
        slot: Length of a slot in seconds.
        train: Pitch of the training tone in each slot.
        validation: Pitch of the validation tone in each slot.
        ticks: Slots that begin with a tick, from 0.
    """

    slot: float
    train: list[Pitch]
    validation: list[Pitch]
    ticks: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One metric in a cue.

    Attributes:
        reference: Pitch of the best value so far; `None` where none was sounded.
        tone: Pitch of the epoch's value.
        is_right: Whether it came from the right: validation.
    """

    reference: Pitch
    tone: Pitch
    is_right: bool


def decode_metric(sound: Sound, sample_rate: int) -> list[Pitch]:
    """Return the pitch of each epoch in the file of one metric, by `pitches_of`."""
    frames = round(_SLOT * sample_rate)
    return pitches_of(sound.reshape(-1, frames), sample_rate)


def find_onsets(sound: Sound, sample_rate: int) -> list[float]:
    """Return when each tone but the first begins, in seconds: at a quiet moment."""
    power = uniform_filter1d(sound**2, round(_MOMENT * sample_rate))
    loudness_db = 10 * np.log10(power + 1e-12)
    dips, _ = find_peaks(-loudness_db, prominence=_DIP_DB)
    return [float(dip) / sample_rate for dip in dips]


def decode_summary(sound: Sound, sample_rate: int) -> Summary:
    """Return what a summary sounds, in stereo, in mono, in one ear or in noise."""
    sound = without_words(sound, sample_rate)
    mono = sound.reshape(len(sound), -1).mean(axis=1)
    slots = find_slots(mono, sample_rate)
    half = len(mono) / slots / 2
    shortest = int(min(half, _SLOT * sample_rate))
    starts = np.round(np.arange(2 * slots) * half).astype(int)
    tones = np.stack([mono[start : start + shortest] for start in starts])
    pitches = pitches_of(tones, sample_rate, floor=_floor(mono, sample_rate))
    return Summary(
        slot=2 * half / sample_rate,
        train=pitches[::2],
        validation=pitches[1::2],
        # Noise may sound like anything: over it no tick is heard.
        ticks=[
            slot
            for slot in _ticks(tones[::2], sample_rate)
            if not _is_noise(pitches[2 * slot])
        ],
    )


def without_words(sound: Sound, sample_rate: int) -> Sound:
    """Return a summary without what is said after its last slot.

    Its mark is known by its pitch, between two pauses, with a word to the very end.

    Args:
        sound: Array of shape `(frames,)` or `(frames, channels)`.
        sample_rate: Frames per second, in Hz.
    """
    mono = sound.reshape(len(sound), -1).mean(axis=1)
    length = round(_MARK * sample_rate)
    window = np.hanning(length)
    wave = window * np.exp(2j * np.pi * _MARK_HZ * np.arange(length) / sample_rate)
    before, after = (round(s * sample_rate) for s in (_BEFORE_MARK, _AFTER_MARK))
    first = max(len(mono) - round(_LONGEST_WORD * sample_rate) - after - length, before)
    levels = np.abs(fftconvolve(mono[first:], wave.conj()[::-1], mode="valid"))
    powers = np.concatenate([[0.0], np.cumsum(mono**2)])
    mean = powers[-1] / len(mono)
    for peak in np.flatnonzero(maximum_filter1d(levels, length) == levels):
        start = first + int(peak)
        pauses = [(start - before, start), (start + length, start + length + after)]
        pauses = [(a + before // 5, b - before // 5) for a, b in pauses]
        energy = powers[start + length] - powers[start]
        share = levels[peak] ** 2 / (energy * np.sum(window**2) + 1e-30)
        is_mark = energy > _STILL * mean * length and share > _OF_MARK
        if (is_mark and pauses[-1][1] < len(mono)) and all(
            powers[b] - powers[a] < _STILL * mean * (b - a) for a, b in pauses
        ):
            return sound[: start - before]
    return sound


def decode_cue(sound: Sound, sample_rate: int) -> list[Figure]:
    """Return what each metric sounds in a cue of stereo sound."""
    figures: list[Figure] = []
    before: tuple[float, Pitch] | None = None  # end and pitch of a reference
    for start, end in _stretches(sound, sample_rate):
        frames = sound[start:end]
        (pitch,) = pitches_of(frames.mean(axis=1)[None], sample_rate)
        seconds = (end - start) / sample_rate
        if seconds < _REFERENCE:
            before = end / sample_rate, pitch
            continue
        paired = before and start / sample_rate - before[0] < _PAIR_GAP
        left, right = np.sum(np.square(frames, dtype=np.float64), axis=0)
        figures.append(
            Figure(
                reference=before[1] if before and paired else None,
                tone=pitch,
                is_right=bool(right > left),
            )
        )
        before = None
    return figures


def find_slots(mono: Sound, sample_rate: int) -> int:
    """Return how many slots a summary has.

    Of all even grids whose lines fall on quiet moments and most of whose cells begin
    with sound, it is the finest.
    """
    # Below all ticks and marks and most noise, in moments of 2 ms.
    band = butter(8, _GRID_BELOW_HZ, fs=sample_rate, output="sos")
    power = uniform_filter1d(sosfiltfilt(band, mono) ** 2, round(0.002 * sample_rate))
    quiet, sounding = 0.1 * power.mean(), 0.005 * power.mean()
    most = min(int(len(mono) / sample_rate / _SHORTEST_SLOT), _MOST_SLOTS)
    found = 1
    for slots in range(1, most + 1):
        lines = np.arange(2 * slots) * len(mono) / slots / 2
        in_cells = lines + _INTO_TONE * sample_rate
        is_quiet = power[lines.astype(int)] < quiet
        is_sounding = power[in_cells.astype(int)] > sounding
        if is_quiet.mean() > _MOST and is_sounding.mean() > 0.5:
            found = slots
    return found


def pitches_of(tones: Sound, sample_rate: int, floor: float = 0.0) -> list[Pitch]:
    """Return the pitch of each tone: the peak of its spectrum.

    Args:
        tones: Array of shape `(tones, frames)`.
        sample_rate: Frames per second, in Hz.
        floor: Power density of white noise over the whole sound; see `_floor`.
    """
    window = _window(tones)
    powers = _powers(tones)
    low, high = (round(hz / sample_rate * _FFT_SIZE) for hz in _TONAL_BAND_HZ)
    band = powers[:, low:high]
    densities = band.mean(axis=1) / np.sum(window**2) / sample_rate
    flatness = np.exp(np.log(band).mean(axis=1)) / band.mean(axis=1)
    silent = densities < max(4 * floor, _SILENCE)
    return [
        None if is_silent else math.nan if flat > _NOISE_FLATNESS else to_cents(hz)
        for is_silent, flat, hz in zip(
            silent, flatness, _peaks_hz(powers, sample_rate, _PITCHES_HZ), strict=True
        )
    ]


def strongest_hz(
    tones: Sound, sample_rate: int, between_hz: tuple[float, float]
) -> Sound:
    """Return the frequency of each tone's strongest partial between two frequencies.

    Args:
        tones: Array of shape `(tones, frames)`.
        sample_rate: Frames per second, in Hz.
        between_hz: Where to look.
    """
    return _peaks_hz(_powers(tones), sample_rate, between_hz)


def to_cents(pitch_hz: float) -> float:
    """Return how far a pitch lies above the lowest, in cents."""
    return 1200.0 * math.log2(pitch_hz / LOWEST_HZ)


def _window(tones: Sound) -> Sound:
    window: Sound = np.exp(-18 * (np.linspace(-1, 1, tones.shape[1]) ** 2) / 4)
    return window  # ends at 3 sigma


def _powers(tones: Sound) -> Sound:
    powers: Sound = np.abs(np.fft.rfft(tones * _window(tones), _FFT_SIZE)) ** 2 + 1e-30
    return powers


def _peaks_hz(
    powers: Sound, sample_rate: int, between_hz: tuple[float, float]
) -> Sound:
    """Return where each spectrum has its peak.

    Through a Gaussian window the logarithm of a peak is a parabola, so that three
    lines of the spectrum tell where it is: to 0.03 cents in a tone of 40 ms.
    """
    line_hz = sample_rate / _FFT_SIZE
    low, high = (round(hz / line_hz) for hz in between_hz)
    tops = low + powers[:, low:high].argmax(axis=1)
    around = tops[:, None] + np.array([-1, 0, 1])
    left, middle, right = np.log(np.take_along_axis(powers, around, axis=1)).T
    bend = np.minimum(left - 2 * middle + right, -1e-30)  # silence has no peak
    peaks: Sound = (tops + ((left - right) / bend / 2).clip(-1.0, 1.0)) * line_hz
    return peaks


def _is_noise(pitch: Pitch) -> bool:
    return pitch is not None and math.isnan(pitch)


def _floor(mono: Sound, sample_rate: int) -> float:
    """Return the power density of white noise, where nothing else sounds."""
    powers = np.abs(np.fft.rfft(mono)) ** 2
    quiet = powers[int(len(powers) * 0.5) : int(len(powers) * 0.9)]
    return float(quiet.mean()) / len(mono) / sample_rate


def _ticks(beginnings: Sound, sample_rate: int) -> list[int]:
    """Return which of these sounds begin with a tick."""
    frames = round(_TICK * sample_rate)
    window = np.hanning(frames)
    wave = window * np.exp(-2j * np.pi * _TICK_HZ * np.arange(frames) / sample_rate)
    levels = np.abs(beginnings[:, :frames] @ wave) / window.sum() * 2
    return np.flatnonzero(levels > _TICK_LEVEL).tolist()


def _stretches(sound: Sound, sample_rate: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of all that is not silence."""
    peaks = np.abs(sound).max(axis=1)
    loud = maximum_filter1d(peaks, round(_HOLE * sample_rate)) > _HUSH
    steps = np.diff(np.concatenate([[0], loud, [0]]))
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    yield from zip(starts.tolist(), ends.tolist(), strict=True)
