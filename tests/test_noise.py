"""What can be said of values in spite of their noise."""

import math
import random

import pytest

from keras_sonify.training.jitter import jitter
from keras_sonify.training.noise import deviation, error_of, is_level
from keras_sonify.training.points import Reach, percentiles


def _noise(count: int, seed: int = 0) -> list[float]:
    chance = random.Random(seed)
    return [2.0 + 0.16 * chance.gauss(0.0, 1.0) for _ in range(count)]


def test_the_deviation_is_found_by_percentiles_and_by_neighbours() -> None:
    """Also on a trend, which is no noise."""
    values = _noise(5000)
    falling = [value - 0.001 * place for place, value in enumerate(values)]

    assert deviation(percentiles(sorted(values))) == pytest.approx(0.16, rel=0.05)
    assert jitter(falling) == pytest.approx(0.16, rel=0.05)


def test_medians_of_the_same_are_level() -> None:
    """Of a hundred windows by chance the best is not told as better than the others."""
    spread = percentiles(sorted(_noise(5000)))
    error = error_of(Reach(2.0, (), 0, spread, count=99))
    medians = [sorted(_noise(99, seed))[49] for seed in range(100)]

    assert sum(is_level(each, min(medians), error) for each in medians) >= 95
    assert not is_level(1.1 * 2.0, 2.0, error)


def test_without_any_noise_half_a_percent_is_level() -> None:
    """Less than that is no news; NaN never is."""
    assert is_level(2.009, 2.0, 0.0)
    assert not is_level(2.02, 2.0, 0.0)
    assert not is_level(math.nan, 2.0, 1.0)
