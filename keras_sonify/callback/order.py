"""Batches in the order of their steps, however their numbers come."""

from collections.abc import Mapping
from typing import Any, NamedTuple

Logs = Mapping[str, Any]

_PATIENCE = 0.5  # seconds for which a number that is missing may still come
_IN_FLIGHT = 64  # batches that may overtake one another: twice the threads of Keras


class Batch(NamedTuple):
    """One batch.

    Attributes:
        step: How many steps have been done with it, in the whole run.
        logs: What was told with it.
        arrived: When, in seconds.
    """

    step: int
    logs: Logs
    arrived: float


class Order:
    """Puts batches in order. Those that come too late, or twice, are left out.

    Attributes:
        base: How many steps had been done before what counts from 0 now.
        done: How many have been done with the last batch that was given out.
        is_kerass: Whether Keras numbers the batches: in each epoch from 0. Else a loop
            of the user's own may have any numbers.
    """

    def __init__(self) -> None:
        self.base = self.done = 0
        self.is_kerass = False
        self._steps: int | None = None
        self._known: list[Batch] = []
        self._newest = 0  # the greatest step that is known of
        self._first: int | None = None  # number in this epoch, or since it began anew
        self._number = -1  # the greatest since then
        self._logs: Logs = {}  # those that came last
        self._stride = 1  # steps from one batch that is told to the next

    def begin_epoch(self, steps: int | None, *, is_kerass: bool) -> None:
        """Begin an epoch, of so many batches if that is known."""
        self.is_kerass = is_kerass
        self._steps = steps
        self._known.clear()
        self._first = None
        if is_kerass:
            self.base = self._newest = self.done

    def put(self, number: int, logs: Logs, arrived: float) -> None:
        """Take in a batch."""
        if not self.is_kerass:
            if number == self._number and logs == self._logs:
                return  # told twice
            self._logs = logs
            self._count(number)
        elif self._steps is not None:
            # With `steps_per_execution` the last one may count beyond the end.
            number = min(number, self._steps - 1)
        step = self.base + number + 1
        self._newest = max(self._newest, step)
        if step > self.done:
            self._known.append(Batch(step, logs, arrived))

    def ready(self, now: float) -> list[Batch]:
        """Return what comes next: nothing that something missing may come before.

        Args:
            now: The time, in seconds.
        """
        self._known.sort(key=_step)
        last, count = self.done, 0
        for batch in self._known:
            ahead = batch.step - last
            is_early = ahead > self._stride and now - batch.arrived < _PATIENCE
            if is_early or self.may_be_last(batch):
                break
            last, count = batch.step, count + 1
            self._stride = ahead or self._stride
        return self._given(count)

    def rest(self) -> list[Batch]:
        """Return all that has come."""
        self._known.sort(key=_step)
        return self._given(len(self._known))

    def may_be_last(self, batch: Batch) -> bool:
        """Whether it may be the last of an epoch of Keras's, which may be smaller."""
        end = self._newest if self._steps is None else self.base + self._steps
        return self.is_kerass and batch.step >= end

    def _count(self, number: int) -> None:
        """See where a loop of the user's own counts from."""
        is_anew = (
            number <= self._number
            if self._first is None  # an epoch begins: it may count over all of them
            else number <= self._first or number < self._number - _IN_FLIGHT
        )
        if is_anew:
            self.base, self._number = self._newest, -1
        if is_anew or self._first is None:
            self._first = number
        self._number = max(self._number, number)

    def _given(self, count: int) -> list[Batch]:
        taken, self._known = self._known[:count], self._known[count:]
        given = []
        for batch in taken:
            if batch.step > self.done:  # else told twice, as by a list with two of us
                given.append(batch)
                self.done = batch.step
        return given


def _step(batch: Batch) -> int:
    return batch.step
