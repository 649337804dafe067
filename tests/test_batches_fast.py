"""However many batches come, and however dear they are: no hook waits, none is lost."""

import threading
import time
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from batch_hooks import Clock, Heard, all_full, epoch_of_keras, learn, running_means

from keras_sonify.callback.batches import Batches


def test_fast_batches_are_given_out_together() -> None:
    """Five times a second; slow ones at once."""
    batches, heard, clock = epoch_of_keras(1000)

    for number in range(100):
        clock.now = number * 0.01
        batches.add(number, {"loss": 1.0})
    fast = len(heard.steps)
    for number in range(100, 103):
        clock.now = number * 10.0
        batches.add(number, {"loss": 1.0})
        assert heard.steps[-1] == number + 1

    assert 80 <= fast <= 99


class _Slow(Heard):
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
    batches.begin_epoch(0, 1000, learn)
    giving = threading.Thread(target=batches.add, args=(0, {"loss": 1.0}), daemon=True)
    giving.start()
    assert slow.has_begun.wait(60)

    for number in range(1, 1000):
        batches.add(number, {"loss": 1.0})
    slow.may.set()
    giving.join(60)
    batches.end_epoch(all_full)

    assert slow.steps == list(range(1, 1001))


@pytest.mark.slow
def test_what_waits_is_bounded() -> None:
    """Where it comes faster than it can be given out, the hooks wait."""
    slow = _Slow()
    batches = Batches(slow)
    batches.begin_epoch(0, 10**9, learn)
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
    batches.end_epoch(all_full)

    assert stopped_at < 30_000
    assert number == 39_999
    assert slow.steps[-1] == 40_000


def test_in_a_very_long_epoch_batches_share_rows() -> None:
    """Means are 32-bit numbers: of one batch in a million they tell next to nothing."""
    batches, heard, clock = epoch_of_keras(10**7)

    for number in range(1_000_000, 1_000_100):
        clock.now = float(number)
        batches.add(number, {"loss": 1.0})

    assert len(heard.rows) == 10


class _Dear(Heard):
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
    heard, clock = _Dear(), Clock()
    batches = Batches(heard, clock)
    batches.begin_epoch(0, 10_000, learn)

    for number, mean in enumerate(running_means(values)):
        clock.now = number * 0.001  # five seconds in all
        batches.add(number, {"loss": mean})
    batches.end_epoch(all_full)

    counts = np.diff([0, *heard.steps])
    assert 100 < len(heard.rows) < 500
    assert counts.sum() == 5000
    assert np.dot(counts, heard.losses) / 5000 == pytest.approx(values.mean(), rel=1e-4)
