"""The median of values that keep coming."""

import random
from statistics import median_high

from hypothesis import given
from hypothesis import strategies as st

from keras_sonify.score.running_median import RunningMedian


@given(values=st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=40))
def test_it_is_the_upper_median(values: list[float]) -> None:
    """After each value it is that of all so far; before the first there is none."""
    running = RunningMedian()

    for count, value in enumerate(values, start=1):
        running.include(value)
        assert running.value == median_high(values[:count])
    assert values or running.value is None


def test_of_very_many_some_stand_for_all() -> None:
    """Twins in turns, 100 000 values: within 5 % of the ranks, in bounded memory."""
    chance = random.Random(7)
    values = [chance.random() + place % 2 for place in range(100_000)]
    running = RunningMedian()

    for value in values:
        running.include(value)

    assert running.value is not None
    below = sum(value <= running.value for value in values)
    assert 0.45 < below / len(values) < 0.55
    assert max(len(held) for held in vars(running).values() if _is_list(held)) <= 3000


def _is_list(thing: object) -> bool:
    return isinstance(thing, list)
