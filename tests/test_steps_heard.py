"""A run in steps is heard truly: told from the sound of `training.wav` alone.

Twelve of the sixty made runs are heard here, `benchmarks/steps_heard.py` hears all; and
the ten real ones.
"""

from functools import cache
from statistics import mean

import pytest
from judged_steps import Judged, judge_run
from made_steps import KnownRun, make_run, real_runs

_SHORT = 10  # the first runs have few steps
_CENTS = 0.1
_RANK, _RECORDED_RANK = 0.99, 0.9999
_RIGHT, _RIGHT_IN_ONE = 0.95, 0.9  # of the windows of all runs, and of one
_SEEDS = range(0, 60, 5)
_REAL = real_runs()

some_runs = pytest.mark.parametrize(
    "seed",
    [
        pytest.param(seed, marks=[] if seed < _SHORT else pytest.mark.slow)
        for seed in _SEEDS
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
    """The flutter is of the class of the steps' spread, unless near a limit."""
    assert _judged(seed).right >= _RIGHT_IN_ONE


@pytest.mark.slow
def test_the_noise_of_all_is_heard() -> None:
    """In 95 % of the windows the class is right."""
    assert mean(_judged(seed).right for seed in _SEEDS) >= _RIGHT


@pytest.mark.parametrize("run", _REAL.values(), ids=_REAL)
def test_a_real_run_is_heard_as_recorded(run: KnownRun) -> None:
    """Pitches have the order of the medians, and roughness is that of the noise."""
    judged = judge_run(run)

    assert judged.recorded_rank >= _RECORDED_RANK
    assert judged.right >= _RIGHT_IN_ONE
    assert judged.off_cents <= _CENTS
    assert judged.spikes == (set(), set())


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
