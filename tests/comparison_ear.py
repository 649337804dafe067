"""Hears of a comparison who is better, and where the lead changed: from sound alone.

It knows what is published: silences of 0.25 s and more part what is said from what
sounds. After the number of each of two runs comes its summary, training and validation
in turn; after both numbers the pairs, place by place, the first run's tone and then the
second's; at the end what is better. A pitch is a value, on one scale.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np
from blind_listener import find_slots, to_cents
from ear import Sound
from scipy.ndimage import maximum_filter1d
from word_ear import COUNTING, understand

_SILENCE = 0.2  # seconds; between two words or tones there is less
_HUSH = 1e-3
_WITHIN_WORD = 0.05  # seconds
_LAST = 3  # tones whose median is where a run ends
_LEVEL_CENTS = 20.0  # less is not noticed
_IN_A_ROW = 2
_GAP = 0.012  # seconds between the tones of a pair, at least
_GRAIN = 0.04  # seconds: longer is a tone
_FEW = 5  # stretches of a summary without gaps, at most
_FAINT = 0.1  # re the loudest
_PITCHES_HZ = (300.0, 1900.0)
_WEIGHTS = (1.0, 0.7, 0.5, 0.4)  # of the partials
_FFT_SIZE = 2**15


@dataclass(frozen=True)
class Heard:
    """What was heard of two runs.

    Attributes:
        ahead: Which one ends better: 1, 2, or 0 for neither.
        said: What was said of it in the end.
        turns: Pairs with which the lead changed, from 1.
        pairs: How many pairs there were.
    """

    ahead: int
    said: str
    turns: list[int]
    pairs: int


def hear_two(sound: Sound, sample_rate: int) -> Heard:
    """Return what is heard of two runs whose metric is to fall.

    Args:
        sound: Array of shape `(frames,)`.
        sample_rate: Frames per second, in Hz.
    """
    parts = [sound[a:b] for a, b in stretches(sound, sample_rate, _SILENCE)]
    ends = [_end(part, sample_rate) for part in (parts[1], parts[3])]
    gap = ends[1] - ends[0]
    ahead = 0 if abs(gap) < _LEVEL_CENTS else 1 + (gap < 0)
    intervals: list[float] = []
    if len(parts) > 6:
        tones = [parts[6][a:b] for a, b in stretches(parts[6], sample_rate, _GAP)]
        cents = [_cents(tone, sample_rate) for tone in tones]
        intervals = [b - a for a, b in zip(cents[::2], cents[1::2], strict=True)]
    said = words(parts[-1], sample_rate)
    return Heard(ahead, said, _turns(intervals), len(intervals))


def words(sound: Sound, sample_rate: int) -> str:
    """Return all words that are said, one after the other."""
    return " ".join(
        understand(sound[a:b], sample_rate, COUNTING)
        for a, b in stretches(sound, sample_rate, _WITHIN_WORD)
    )


def stretches(sound: Sound, sample_rate: int, silence: float) -> list[tuple[int, int]]:
    """Return where there is sound between silences of so many seconds."""
    half = round(silence * sample_rate) // 2
    padded = np.pad(np.abs(sound), 2 * half + 1)
    loud = maximum_filter1d(padded, 2 * half + 1) > _HUSH
    edges = np.flatnonzero(np.diff(loud.astype(int))) + 1 - (2 * half + 1)
    return [(a + half, b - half) for a, b in edges.reshape(-1, 2).tolist()]


def _end(part: Sound, sample_rate: int) -> float:
    """Return where a summary ends, in cents: by its validation, if it has any.

    Training and validation leave no gap; windows of steps do, in which grains may lie.
    """
    alone = [
        part[a:b]
        for a, b in stretches(part, sample_rate, _GAP)
        if b - a > _GRAIN * sample_rate
    ]
    if len(alone) > _FEW:
        return median(_cents(each, sample_rate) for each in alone[-_LAST:])
    half = len(part) / find_slots(part, sample_rate) / 2
    starts = [round(k * half) for k in range(round(len(part) / half) + 1)]
    halves = [part[a:b] for a, b in pairwise(starts)][1::2]
    loud = max(np.abs(each).max() for each in halves)
    heard = [each for each in halves if np.abs(each).max() > _FAINT * loud]
    return median(_cents(each, sample_rate) for each in heard[-_LAST:])


def _cents(tone: Sound, sample_rate: int) -> float:
    """Return the pitch of a tone: where its partials are multiples of, together.

    A small loudspeaker may play next to nothing of the lowest.
    """
    window = np.exp(-4.5 * np.linspace(-1, 1, len(tone)) ** 2)
    spectrum = np.abs(np.fft.rfft(tone * window, _FFT_SIZE)) + 1e-12
    line_hz = sample_rate / _FFT_SIZE
    lines = np.arange(*(round(hz / line_hz) for hz in _PITCHES_HZ))
    partials = np.arange(1, len(_WEIGHTS) + 1)
    together = np.dot(_WEIGHTS, spectrum[np.outer(partials, lines)])
    top = 1 + int(together[1:-1].argmax())
    left, middle, right = np.log(together[top - 1 : top + 2])
    bend = min(left - 2 * middle + right, -1e-12)
    return to_cents(float((lines[top] + (left - right) / bend / 2) * line_hz))


def _turns(intervals: Sequence[float]) -> list[int]:
    """Return with which pairs the lead changed."""
    signs = [
        0 if abs(i) < _LEVEL_CENTS else int(math.copysign(1, i)) for i in intervals
    ]
    turns, leader = [], 0
    for place in range(_IN_A_ROW - 1, len(signs)):
        recent = {*signs[place - _IN_A_ROW + 1 : place + 1]}
        if len(recent) > 1 or 0 in recent or leader in recent:
            continue
        start = place
        while start and intervals[start - 1] * intervals[place] > 0:
            start -= 1
        if leader:
            turns.append(start + 1)
        leader = signs[place]
    return turns
