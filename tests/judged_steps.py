"""What is heard of a run in steps, held against what is true of it."""

from dataclasses import dataclass

import numpy as np
from blind_listener import ALL_CENTS, to_cents
from ear import Sound
from made_steps import KnownRun
from scipy.stats import spearmanr
from window_ear import decode_windows

from keras_sonify.score.heard import Heard
from keras_sonify.sound.synth import render_blocks
from keras_sonify.sound.wav import FULL_SCALE, to_pcm16
from keras_sonify.training.points import Point

_LIMITS_CENTS = (35.0, 105.0, 275.0)
_LEAST_FACTOR = 16.0
_LINEAR_BELOW = 1e-3  # of the first loss, or of the median window's if that is less


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What was heard of `training.wav`, and whether it is true.

    Attributes:
        rank: Rank correlation of the pitches with the medians of the windows' steps.
        recorded_rank: The same with the medians as far as the record knows them.
        right: Share of the windows whose roughness is that of their noise.
        off_cents: By how much the pitch is wrong that is farthest off.
        spikes: Slots with a spike, and those in which a grain was heard.
        ends: Slots in which an epoch ends, and those with a tick.
        twins: Slots with a validation loss, and those in which it was heard.
    """

    rank: float
    recorded_rank: float
    right: float
    off_cents: float
    spikes: tuple[set[int], set[int]]
    ends: tuple[set[int], set[int]]
    twins: tuple[set[int], set[int]]


def judge_run(run: KnownRun) -> Judged:
    """Return how truly a run is heard in its `training.wav`."""
    heard = run.heard()
    points = list(heard.grid.points)
    slots = decode_windows(record(heard), heard.hearing.style.sample_rate)
    assert len(slots) == len(points)
    pitches = [np.nan if slot.train is None else slot.train for slot in slots]
    medians = [float(np.median(run.of(point))) for point in points]
    recorded = [point.reaches["loss"].value for point in points]
    meant = [n for n in heard.summary if n.kind == "tone" and n.metric == "loss"]
    roughness = _roughness(run, points, medians)
    return Judged(
        rank=float(spearmanr(medians, pitches).statistic),
        recorded_rank=float(spearmanr(recorded, pitches).statistic),
        right=float(np.mean(roughness == np.array([s.roughness for s in slots]))),
        off_cents=max(
            abs(pitch - to_cents(note.frequency_hz))
            for pitch, note in zip(pitches, meant, strict=True)
        ),
        spikes=(
            {_slot(points, step) for step in run.spikes},
            {k for k, slot in enumerate(slots) if slot.has_grain},
        ),
        ends=(
            {_slot(points, step) for step in run.ends},
            {k for k, slot in enumerate(slots) if slot.has_tick},
        ),
        twins=(
            {_slot(points, step) for step in run.ends if run.validates},
            {k for k, slot in enumerate(slots) if slot.validation is not None},
        ),
    )


def record(heard: Heard) -> Sound:
    """Return `training.wav`, as a file of 16 bits holds it."""
    style = heard.hearing.style
    blocks = render_blocks(
        heard.summary,
        sample_rate=style.sample_rate,
        channels=2,
        fade=style.fade,
        total=heard.summary_frames,
        full_scale=FULL_SCALE,
    )
    samples = to_pcm16(np.concatenate(list(blocks)), dither=style.dither)
    return samples.astype(np.float64) / FULL_SCALE


def _slot(points: list[Point], step: int) -> int:
    return sum((point.at.step or 0) < step for point in points)


def _roughness(run: KnownRun, points: list[Point], medians: list[float]) -> Sound:
    """Return the class of each window's noise, by its steps and the published scale."""
    unit = _LINEAR_BELOW * min(medians[0], float(np.median(medians)))
    scale = np.arcsinh(np.array(medians) / unit)
    width = max(float(np.ptp(scale)), np.log(_LEAST_FACTOR))
    cents = []
    for point, median in zip(points, medians, strict=True):
        noise = run.of(point) / run.of(point, run.trend)
        ends = np.percentile(median * noise, [10, 90], method="median_unbiased")
        low, high = ends
        cents.append(np.arcsinh(high / unit) - np.arcsinh(low / unit))
    found = np.array(cents) / width * ALL_CENTS
    return np.asarray(np.digitize(found, _LIMITS_CENTS), float)
