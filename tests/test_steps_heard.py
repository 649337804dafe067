"""A run in steps is heard truly: told from the sound of `training.wav` alone.

Twelve of the sixty made runs are heard here, `benchmarks/steps_heard.py` hears all.
"""

from functools import cache

import pytest
from judged_steps import Judged, judge_run
from made_steps import make_run

_SHORT = 10  # the first runs have few steps
_CENTS = 0.1
_RANK, _RECORDED_RANK = 0.99, 0.9999
_RIGHT = 0.95

some_runs = pytest.mark.parametrize(
    "seed",
    [
        pytest.param(seed, marks=[] if seed < _SHORT else pytest.mark.slow)
        for seed in range(0, 60, 5)
    ],
)


@cache
def _judged(seed: int) -> Judged:
    return judge_run(make_run(seed))


@some_runs
def test_the_trend_is_heard(seed: int) -> None:
    """Pitches have the rank order of the medians, and are right to 0.1 cents."""
    judged = _judged(seed)

    assert judged.rank >= _RANK
    assert judged.recorded_rank >= _RECORDED_RANK
    assert judged.off_cents <= _CENTS


@some_runs
def test_the_noise_is_heard(seed: int) -> None:
    """In 95 % of the windows the flutter is of the class of the steps' spread."""
    assert _judged(seed).right >= _RIGHT


@some_runs
def test_each_spike_is_heard_and_no_other(seed: int) -> None:
    """A grain follows the tone of each window with a step that stands far out."""
    meant, heard = _judged(seed).spikes

    assert heard == meant


@some_runs
def test_the_ends_of_epochs_are_heard(seed: int) -> None:
    """They tick, and there are the validation tones: elsewhere is silence."""
    judged = _judged(seed)

    assert judged.ends[0] == judged.ends[1]
    assert judged.twins[0] == judged.twins[1]
