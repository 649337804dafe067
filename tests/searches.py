"""Searches of which it is known which trials failed, and what was heard of one."""

import json
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from blind_listener import pitches_of
from comparison_ear import stretches, words
from ear import Sound

_HUSH = 0.008  # seconds between tones
_LONG = 0.2  # seconds before the best is said
_FIGURE = 0.075  # seconds: shorter tones are those of a figure


@dataclass(frozen=True)
class HeardSearch:
    """What was heard of a search.

    Attributes:
        failed: Which trials were noise, from 1.
        news: Which ones were followed by a figure.
        lowest: Which one was lowest.
        said: What was said in the end.
        count: How many there were.
    """

    failed: list[int]
    news: list[int]
    lowest: int
    said: str
    count: int


def hear_search(sound: Sound, sample_rate: int) -> HeardSearch:
    """Return what is heard of a search of at most a hundred trials.

    Args:
        sound: Array of shape `(frames,)`.
        sample_rate: Frames per second, in Hz.
    """
    (first, end), *rest = stretches(sound, sample_rate, _LONG)
    tones = sound[first:end]
    pitches: list[float] = []
    news: list[int] = []
    for a, b in stretches(tones, sample_rate, _HUSH):
        if b - a < _FIGURE * sample_rate:
            news += [len(pitches)] if len(pitches) not in news else []
        else:
            (pitch,) = pitches_of(tones[a:b][None], sample_rate)
            pitches.append(math.inf if pitch is None else pitch)
    failed = [k for k, pitch in enumerate(pitches, start=1) if math.isnan(pitch)]
    lowest = 1 + int(np.nanargmin(pitches))
    said = words(sound[rest[-1][0] : rest[-1][1]], sample_rate) if rest else ""
    return HeardSearch(failed, news, lowest, said, len(pitches))


def write_trials(
    folder: Path, values: Sequence[float], failed: Collection[int] = ()
) -> None:
    """Write a search as keras-tuner keeps it.

    Args:
        folder: Where.
        values: The score of each trial.
        failed: Which of them failed, from 1.
    """
    width = len(str(len(values) - 1))
    for number, value in enumerate(values):
        observed = {"direction": "min", "observations": [{"value": [value], "step": 3}]}
        is_failed = number + 1 in failed
        trial = {
            "trial_id": f"{number:0{width}}",
            "hyperparameters": {"space": [], "values": {"units": number}},
            # Some fail when they have been measured.
            "metrics": {
                "metrics": {} if is_failed and number % 2 else {"val_loss": observed}
            },
            "score": None if is_failed else value,
            "best_step": 3,
            "status": "FAILED" if is_failed else "COMPLETED",
            "message": None,
        }
        path = folder / f"trial_{number:0{width}}" / "trial.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(trial), encoding="utf-8")
