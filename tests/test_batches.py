"""Batches: taken in from any thread, in any order, and given out as steps in order."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from batch_hooks import (
    Clock,
    Heard,
    all_full,
    epoch_of_keras,
    learn,
    own_loop,
    running_means,
)

from keras_sonify.callback.batches import Batches


def test_order_and_threads_do_not_matter() -> None:
    """Six threads tell of 3000 batches out of order: each is told, in its place."""
    values = np.random.default_rng(1).gamma(9.0, 0.1, 3000)
    means = running_means(values)
    heard = Heard()
    batches = Batches(
        heard, Clock(tick=1e-4)
    )  # no thread is late, however it is held up
    batches.begin_epoch(0, 3000, learn)

    with ThreadPoolExecutor(6) as pool:
        chance = np.random.default_rng(2)
        order = np.argsort(np.arange(3000) + chance.uniform(0, 5, 3000)).tolist()
        list(pool.map(lambda n: batches.add(n, {"loss": means[n]}), order))
    batches.end_epoch(all_full)

    assert heard.steps == list(range(1, 3001))
    assert heard.losses == pytest.approx(values, abs=1e-3)


def test_a_batch_that_comes_too_late_is_in_the_next_one() -> None:
    """It was waited for in vain: the row after it stands for both."""
    batches, heard, clock = epoch_of_keras(10)
    means = running_means([1.0, 5.0, 3.0, 2.0])

    for number, now in ((0, 0.0), (2, 1.0), (3, 2.0), (1, 3.0)):
        clock.now = now
        batches.add(number, {"loss": means[number]})
    batches.end_epoch(all_full)

    assert heard.rows == [(1, {"loss": 1.0}), (3, {"loss": 4.0}), (4, {"loss": 2.0})]


def test_a_missing_number_is_waited_for() -> None:
    """Nothing after it is given out before it comes, if it comes soon."""
    batches, heard, clock = epoch_of_keras(10)

    for number, now in ((0, 0.0), (2, 0.25), (1, 0.5)):
        clock.now = now
        batches.add(number, {"loss": 1.0})
        if number == 2:
            assert heard.steps == [1]

    assert heard.steps == [1, 2, 3]


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_what_is_no_number_is_given_out_at_once(wrong: float) -> None:
    """Even if nothing comes after it, and one before it is still missing."""
    batches, heard, clock = epoch_of_keras(5000)
    for number in range(10):
        batches.add(number, {"accuracy": 0.5, "loss": 1.0})
    clock.now = 0.01

    batches.add(11, {"accuracy": 0.5, "loss": wrong})

    assert heard.steps[-1] == 12
    assert heard.rows[-1][1]["accuracy"] == 0.5
    assert repr(heard.losses[-1]) == repr(wrong)


def test_of_what_follows_nan_only_the_count_is_told() -> None:
    """Keras's means stay NaN: the epoch's end says how many steps there were."""
    batches, heard, _ = epoch_of_keras(100)

    for number in range(100):
        batches.add(number, {"loss": 1.0 if number < 50 else math.nan})
    batches.end_epoch(all_full)

    assert heard.steps == [*range(1, 52), 100]
    assert heard.rows[-1] == (100, {})
    assert batches.done == 100


def test_the_last_batch_waits_until_its_size_is_known() -> None:
    """It may be smaller; where nobody knows by how much, it has no value of its own."""
    for full, values in (({"loss": 2.5}, {"loss": 3.0}), ({}, {})):
        batches, heard, clock = epoch_of_keras(3)
        for number, mean in enumerate([1.0, 1.0, 3.5 / 2.5]):
            clock.now = float(number)
            batches.add(number, {"loss": mean})
        assert heard.steps == [1, 2]

        batches.end_epoch(lambda _, __, known=full: known)  # type: ignore[misc]

        assert heard.steps[2] == 3
        assert heard.rows[2][1] == pytest.approx(values)


@pytest.mark.parametrize("steps", [63, None])
def test_several_steps_per_execution(steps: int | None) -> None:
    """Keras tells 3, 7, 11 ... and counts beyond the end of an epoch of 63 batches."""
    batches, heard, clock = epoch_of_keras(steps)

    for execution in range(16):
        clock.now = execution * 1.0
        batches.add(4 * execution + 3, {"loss": 1.0})
    batches.end_epoch(all_full)

    assert heard.steps == [*range(4, 64, 4), steps or 64]


def test_epochs_count_on() -> None:
    """Keras begins at 0 in each epoch: the steps are those of the whole run."""
    batches, heard, _ = epoch_of_keras(3)

    for epoch in range(2):
        batches.begin_epoch(epoch, 3, learn)
        for number in range(3):
            batches.add(number, {"loss": 1.0})
        batches.end_epoch(all_full)

    assert heard.steps == [1, 2, 3, 4, 5, 6]
    assert heard.epochs == [0, 0, 0, 1, 1, 1]


def test_a_hook_that_comes_late_tells_of_all_before_it() -> None:
    """Bound within an epoch: the first row is the mean of all batches so far."""
    batches, heard, clock = epoch_of_keras(1000)

    for number, mean in ((83, 2.0), (84, 2.0)):
        clock.now = float(number)
        batches.add(number, {"loss": mean})

    assert heard.rows == [(84, {"loss": 2.0}), (85, {"loss": 2.0})]


@pytest.mark.parametrize(
    ("epochs", "steps"),
    [
        ([[0, 1, 2], [0, 1, 2]], [1, 2, 3, 4, 5, 6]),
        ([[0, 1, 2], [3, 4, 5]], [1, 2, 3, 4, 5, 6]),  # counted over all epochs
        ([[1, 2, 3], [1, 2, 3]], [2, 3, 4, 6, 7, 8]),
        ([[0, 1, 2, 0, 1, 2]], [1, 2, 3, 4, 5, 6]),  # without an end of an epoch
        ([[0, 10, 20], [30, 40, 50]], [1, 11, 21, 31, 41, 51]),
        ([[0, 0, 1, 1]], [1, 2]),  # a list in which we stand twice
    ],
)
def test_a_loop_of_ones_own_counts_as_it_likes(
    epochs: list[list[int]], steps: list[int]
) -> None:
    """Every batch is told, with the value that came with it."""
    batches, heard, _ = own_loop()

    for epoch, numbers in enumerate(epochs):
        batches.begin_epoch(epoch)
        for number in numbers:
            batches.add(number, {"loss": 5.0 - number})
        batches.end_epoch()

    assert heard.steps == steps
    told = [5.0 - number for numbers in epochs for number in numbers]
    assert heard.losses == (told if len(told) == len(steps) else told[::2])


def test_the_callers_dictionary_may_change() -> None:
    """A loop of one's own may use one for all batches."""
    batches, heard, _ = own_loop()
    logs = {}

    for number in range(5):
        logs["loss"] = float(number)
        batches.add(number, logs)
    batches.end_epoch()

    assert heard.losses == [0.0, 1.0, 2.0, 3.0, 4.0]


@pytest.mark.parametrize("odd", [None, "five", 3.7])
def test_a_fault_of_ours_raises_nothing(odd: object) -> None:
    """Keras calls hooks bare: it is kept, for whoever asks."""

    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    batches = Batches(fail)
    batches.begin_epoch(0, None, None)

    batches.add(odd, {"loss": 1.0})  # type: ignore[arg-type]
    batches.add(1, odd)  # type: ignore[arg-type]
    batches.end_epoch(all_full)

    assert batches.fault is not None


def test_after_its_end_nothing_is_taken_in() -> None:
    """A thread of Keras's may still tell of a batch when the training broke off."""
    batches, heard, clock = epoch_of_keras(10)
    batches.close()
    clock.now = 5.0

    batches.add(0, {"loss": 1.0})
    batches.end_epoch(all_full)

    assert heard.rows == []
