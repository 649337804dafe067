"""What is heard of runs beside one another, by an ear that knows only the sound."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from comparison_ear import hear_two
from loudspeakers import LOUDSPEAKERS, RATE, Signal
from run_pairs import make_pairs
from searches import hear_search, write_trials

from keras_sonify import compare
from keras_sonify.comparison import heard
from keras_sonify.score.style import CLEAR
from keras_sonify.sound.synth import render
from keras_sonify.training.comparison import Comparison

_LONGEST = 20.0  # seconds of a search
_thin_phone = LOUDSPEAKERS["thin phone"]
assert _thin_phone is not None


def _sound(told: Comparison) -> Signal:
    notes = [note for _, note in heard(told, CLEAR)]
    frames = render(notes, sample_rate=RATE, channels=1, fade=CLEAR.fade)
    return frames[:, 0].astype(np.float64)


@pytest.mark.slow
@pytest.mark.parametrize("play", [np.asarray, _thin_phone.play], ids=["flat", "phone"])
def test_who_is_better_is_heard(
    play: Callable[[Signal], Signal], tmp_path: Path
) -> None:
    """By pitch, by what is said, and where the lead changed, also on a thin phone."""
    for pair in make_pairs(tmp_path, 5, seed=2):  # benchmarks/comparisons.py has sixty
        told = compare(*pair.logs)
        ear = hear_two(play(_sound(told)), RATE)

        number = ["", "one", "two"][told.winner or 0]
        assert ear.ahead == pair.ahead, pair.name
        assert ear.said == (f"run {number} better" if number else "level")
        assert len(ear.turns) == len(pair.crossings)


@pytest.mark.parametrize("count", [100, 12])
def test_a_search_is_heard_in_twenty_seconds(count: int, tmp_path: Path) -> None:
    """Which trials failed, which were new bests, and which is best."""
    values = np.random.default_rng(7).lognormal(0.0, 0.7, count).tolist()
    failed = [3, 4, count]
    write_trials(tmp_path, values, failed)
    told = compare(tmp_path)

    sound = _sound(told)
    ear = hear_search(sound, RATE)

    assert (ear.count, ear.failed, ear.lowest) == (count, failed, told.ranking[0])
    assert tuple(ear.news) == told.new_bests[1:]
    assert len(sound) <= _LONGEST * RATE


def test_a_search_of_any_length_stays_short() -> None:
    """Of two thousand trials, each a new best, too."""
    told = compare({str(k): {"loss": [1.0 / k]} for k in range(1, 2001)})

    notes = heard(told, CLEAR)

    assert max(note.end for _, note in notes) <= _LONGEST
