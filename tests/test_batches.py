"""Batches: taken in from any thread, in any order, and given out as steps in order."""

import math
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from keras_sonify.callback.batches import Batches
from keras_sonify.callback.order import Logs
from keras_sonify.callback.own_values import OwnValues


class _Clock:
    """A clock that goes on when it is told to, or a little with each look at it."""

    def __init__(self, tick: float = 0.0) -> None:
        self.now = 0.0
        self._tick = tick

    def __call__(self) -> float:
        self.now += self._tick
        return self.now


class _Heard:
    """Keeps the rows that are given out."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, Mapping[str, float]]] = []
        self.epochs: list[int] = []

    def __call__(
        self, rows: Sequence[tuple[int, Mapping[str, float]]], epoch: int
    ) -> None:
        self.rows += rows
        self.epochs += [epoch] * len(rows)

    @property
    def steps(self) -> list[int]:
        """The steps of the rows."""
        return [step for step, _ in self.rows]

    @property
    def losses(self) -> list[float]:
        """The losses of the rows."""
        return [values["loss"] for _, values in self.rows if "loss" in values]


def _learn(_: Logs) -> OwnValues:
    return OwnValues(means={"loss"})


def _all_full(count: int, _: Logs) -> dict[str, float]:
    return {"loss": count}


def _keras(steps: int | None = None) -> tuple[Batches, _Heard, _Clock]:
    """Return what takes in the batches of an epoch of Keras's."""
    heard, clock = _Heard(), _Clock()
    batches = Batches(heard, clock)
    batches.begin_epoch(0, steps, _learn)
    return batches, heard, clock


def _loop() -> tuple[Batches, _Heard, _Clock]:
    """Return what takes in the batches of a loop of the user's own."""
    heard, clock = _Heard(), _Clock()
    batches = Batches(heard, clock)
    batches.begin_epoch(0)
    return batches, heard, clock


def _means(values: Iterable[float]) -> list[float]:
    told = np.array(list(values))
    return [float(m) for m in np.cumsum(told) / np.arange(1, len(told) + 1)]


def test_order_and_threads_do_not_matter() -> None:
    """Six threads tell of 3000 batches out of order: each is told, in its place."""
    values = np.random.default_rng(1).gamma(9.0, 0.1, 3000)
    means = _means(values)
    heard = _Heard()
    batches = Batches(
        heard, _Clock(tick=1e-4)
    )  # no thread is late, however it is held up
    batches.begin_epoch(0, 3000, _learn)

    with ThreadPoolExecutor(6) as pool:
        chance = np.random.default_rng(2)
        order = np.argsort(np.arange(3000) + chance.uniform(0, 5, 3000)).tolist()
        list(pool.map(lambda n: batches.add(n, {"loss": means[n]}), order))
    batches.end_epoch(_all_full)

    assert heard.steps == list(range(1, 3001))
    assert heard.losses == pytest.approx(values, abs=1e-3)


def test_a_batch_that_comes_too_late_is_in_the_next_one() -> None:
    """It was waited for in vain: the row after it stands for both."""
    batches, heard, clock = _keras(10)
    means = _means([1.0, 5.0, 3.0, 2.0])

    for number, now in ((0, 0.0), (2, 1.0), (3, 2.0), (1, 3.0)):
        clock.now = now
        batches.add(number, {"loss": means[number]})
    batches.end_epoch(_all_full)

    assert heard.rows == [(1, {"loss": 1.0}), (3, {"loss": 4.0}), (4, {"loss": 2.0})]


def test_a_missing_number_is_waited_for() -> None:
    """Nothing after it is given out before it comes, if it comes soon."""
    batches, heard, clock = _keras(10)

    for number, now in ((0, 0.0), (2, 0.25), (1, 0.5)):
        clock.now = now
        batches.add(number, {"loss": 1.0})
        if number == 2:
            assert heard.steps == [1]

    assert heard.steps == [1, 2, 3]


def test_fast_batches_are_given_out_together() -> None:
    """Five times a second; slow ones at once."""
    batches, heard, clock = _keras(1000)

    for number in range(100):
        clock.now = number * 0.01
        batches.add(number, {"loss": 1.0})
    fast = len(heard.steps)
    for number in range(100, 103):
        clock.now = number * 10.0
        batches.add(number, {"loss": 1.0})
        assert heard.steps[-1] == number + 1

    assert 80 <= fast <= 99


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_what_is_no_number_is_given_out_at_once(wrong: float) -> None:
    """Even if nothing comes after it, and one before it is still missing."""
    batches, heard, clock = _keras(5000)
    for number in range(10):
        batches.add(number, {"accuracy": 0.5, "loss": 1.0})
    clock.now = 0.01

    batches.add(11, {"accuracy": 0.5, "loss": wrong})

    assert heard.steps[-1] == 12
    assert heard.rows[-1][1]["accuracy"] == 0.5
    assert repr(heard.losses[-1]) == repr(wrong)


def test_of_what_follows_nan_only_the_count_is_told() -> None:
    """Keras's means stay NaN: the epoch's end says how many steps there were."""
    batches, heard, _ = _keras(100)

    for number in range(100):
        batches.add(number, {"loss": 1.0 if number < 50 else math.nan})
    batches.end_epoch(_all_full)

    assert heard.steps == [*range(1, 52), 100]
    assert heard.rows[-1] == (100, {})
    assert batches.done == 100


def test_the_last_batch_waits_until_its_size_is_known() -> None:
    """It may be smaller; where nobody knows by how much, it has no value of its own."""
    for full, values in (({"loss": 2.5}, {"loss": 3.0}), ({}, {})):
        batches, heard, clock = _keras(3)
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
    batches, heard, clock = _keras(steps)

    for execution in range(16):
        clock.now = execution * 1.0
        batches.add(4 * execution + 3, {"loss": 1.0})
    batches.end_epoch(_all_full)

    assert heard.steps == [*range(4, 64, 4), steps or 64]


def test_epochs_count_on() -> None:
    """Keras begins at 0 in each epoch: the steps are those of the whole run."""
    batches, heard, _ = _keras(3)

    for epoch in range(2):
        batches.begin_epoch(epoch, 3, _learn)
        for number in range(3):
            batches.add(number, {"loss": 1.0})
        batches.end_epoch(_all_full)

    assert heard.steps == [1, 2, 3, 4, 5, 6]
    assert heard.epochs == [0, 0, 0, 1, 1, 1]


def test_a_hook_that_comes_late_tells_of_all_before_it() -> None:
    """Bound within an epoch: the first row is the mean of all batches so far."""
    batches, heard, clock = _keras(1000)

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
    batches, heard, _ = _loop()

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
    batches, heard, _ = _loop()
    logs = {}

    for number in range(5):
        logs["loss"] = float(number)
        batches.add(number, logs)
    batches.end_epoch()

    assert heard.losses == [0.0, 1.0, 2.0, 3.0, 4.0]


class _Slow(_Heard):
    """Gives out no row before it may."""

    def __init__(self) -> None:
        super().__init__()
        self.has_begun, self.may = threading.Event(), threading.Event()

    def __call__(
        self, rows: Sequence[tuple[int, Mapping[str, float]]], epoch: int
    ) -> None:
        self.has_begun.set()
        assert self.may.wait(60)
        super().__call__(rows, epoch)


def test_no_hook_waits_for_another_one() -> None:
    """While one gives out what has come, the others go on, and nothing is lost."""
    slow = _Slow()
    batches = Batches(slow)
    batches.begin_epoch(0, 1000, _learn)
    giving = threading.Thread(target=batches.add, args=(0, {"loss": 1.0}), daemon=True)
    giving.start()
    assert slow.has_begun.wait(60)

    for number in range(1, 1000):
        batches.add(number, {"loss": 1.0})
    slow.may.set()
    giving.join(60)
    batches.end_epoch(_all_full)

    assert slow.steps == list(range(1, 1001))


@pytest.mark.slow
def test_what_waits_is_bounded() -> None:
    """Where it comes faster than it can be given out, the hooks wait."""
    slow = _Slow()
    batches = Batches(slow)
    batches.begin_epoch(0, 10**9, _learn)
    number = -1

    def train() -> None:
        nonlocal number
        for number in range(40_000):
            batches.add(number, {"loss": 1.0})

    threads = [
        threading.Thread(target=batches.add, args=(0, {"loss": 1.0}), daemon=True),
        threading.Thread(target=train, daemon=True),
    ]
    threads[0].start()
    assert slow.has_begun.wait(60)
    threads[1].start()
    threads[1].join(1.0)
    stopped_at = number
    slow.may.set()
    for thread in threads:
        thread.join(60)
    batches.end_epoch(_all_full)

    assert stopped_at < 30_000
    assert number == 39_999
    assert slow.steps[-1] == 40_000


def test_in_a_very_long_epoch_batches_share_rows() -> None:
    """Means are 32-bit numbers: of one batch in a million they tell next to nothing."""
    batches, heard, clock = _keras(10**7)

    for number in range(1_000_000, 1_000_100):
        clock.now = float(number)
        batches.add(number, {"loss": 1.0})

    assert len(heard.rows) == 10


class _Dear(_Heard):
    """Takes a millisecond for each row."""

    def __call__(
        self, rows: Sequence[tuple[int, Mapping[str, float]]], epoch: int
    ) -> None:
        end = time.thread_time() + 0.001 * len(rows)
        while time.thread_time() < end:
            pass
        super().__call__(rows, epoch)


@pytest.mark.slow
def test_where_batches_are_too_fast_several_share_a_row() -> None:
    """So that a small share of the time is taken; each is still in a mean."""
    values = np.random.default_rng(1).gamma(9.0, 0.1, 5000)
    heard, clock = _Dear(), _Clock()
    batches = Batches(heard, clock)
    batches.begin_epoch(0, 10_000, _learn)

    for number, mean in enumerate(_means(values)):
        clock.now = number * 0.001  # five seconds in all
        batches.add(number, {"loss": mean})
    batches.end_epoch(_all_full)

    counts = np.diff([0, *heard.steps])
    assert 100 < len(heard.rows) < 500
    assert counts.sum() == 5000
    assert np.dot(counts, heard.losses) / 5000 == pytest.approx(values.mean(), rel=1e-4)


@pytest.mark.parametrize("odd", [None, "five", 3.7])
def test_a_fault_of_ours_raises_nothing(odd: object) -> None:
    """Keras calls hooks bare: it is kept, for whoever asks."""

    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    batches = Batches(fail)
    batches.begin_epoch(0, None, None)

    batches.add(odd, {"loss": 1.0})  # type: ignore[arg-type]
    batches.add(1, odd)  # type: ignore[arg-type]
    batches.end_epoch(_all_full)

    assert batches.fault is not None


def test_after_its_end_nothing_is_taken_in() -> None:
    """A thread of Keras's may still tell of a batch when the training broke off."""
    batches, heard, clock = _keras(10)
    batches.close()
    clock.now = 5.0

    batches.add(0, {"loss": 1.0})
    batches.end_epoch(_all_full)

    assert heard.rows == []
