"""The batches of a training, taken in as they come and given out as steps, in order."""

import logging
import math
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from keras_sonify.callback.budget import Budget
from keras_sonify.callback.order import Batch, Logs, Order
from keras_sonify.callback.own_values import OwnValues

Row = tuple[int, Mapping[str, float]]
"""How many steps have been done, and the values of those since the row before."""

Full = Callable[[int, Logs], Mapping[str, float]]
"""Tells how many full batches those of an epoch make, by what came with its last one:
of each metric of which that is known."""

_PACE = 0.2  # seconds between two looks at what has arrived
_MOST_WAITING = 20_000  # batches; a hook that finds more waits until they are given out
# Where batches are so fast that telling of each would take more of the training's time
# than this share, and these seconds, several share a row.
_SHARE, _CREDIT = 0.02, 0.1
# Running means are 32-bit numbers: after so many batches, one batch's part of them is
# known to 1 in 500, and from there on as many share a row as keep it so.
_EXACT_FOR = 100_000

_log = logging.getLogger(__name__)


class Batches:
    """Takes in the batches of epoch after epoch, from any thread and in any order.

    What it costs the training is an append and a look at the clock. Five times a
    second one of the hooks also gives out what has arrived; the others do not wait for
    it.

    Args:
        give: Takes rows in their order, and the zero-based epoch in which they lie.
        clock: Tells the time, in seconds. Defaults to the monotonic clock.

    Attributes:
        fault: What went wrong in here last; `None` if all is well.
    """

    def __init__(
        self,
        give: Callable[[Sequence[Row], int], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.fault: Exception | None = None
        self._give = give
        self._clock = clock
        self._order = Order()
        self._own = OwnValues()
        self._learn: Callable[[Logs], OwnValues] | None = None
        self._epoch = 0
        self._row_at = 0  # how many steps had been done with the last row
        self._budget = Budget(_SHARE, _CREDIT, clock)
        self._rows = 0
        self._looked = -math.inf
        # Both ends of a deque may be used by several threads at once.
        self._arrived: deque[tuple[Any, Logs, float]] = deque()
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._due = -math.inf
        self._is_urgent = self._was_urgent = False
        self._is_open = True

    @property
    def done(self) -> int:
        """How many steps of the run have been given out."""
        return self._order.done

    @done.setter
    def done(self, steps: int) -> None:
        self._order.done = self._row_at = steps

    def add(self, batch: int, logs: Logs | None = None) -> None:
        """Take in a batch: the hook that Keras calls."""
        now = self._clock()
        try:
            logs = {**logs} if logs else {}  # the caller's own may change
        except Exception as error:  # noqa: BLE001 - no fault of ours ends a training
            self.fault = error
            return
        self._arrived.append((batch, logs, now))
        if not self._was_urgent and _goes_wrong(logs):
            self._was_urgent = self._is_urgent = True
            self._due = -math.inf
        if now >= self._due or len(self._arrived) > _MOST_WAITING:
            self._look(now)

    def begin_epoch(
        self,
        epoch: int,
        steps: int | None = None,
        learn: Callable[[Logs], OwnValues] | None = None,
    ) -> None:
        """Begin an epoch.

        Args:
            epoch: Its zero-based number.
            steps: How many batches it is to have. Defaults to `None`: nobody knows.
            learn: Tells by what came with the first batch what these values are, of an
                epoch of Keras's, which numbers its batches from 0. Defaults to `None`:
                in a loop of the user's own they are each batch's own, and the numbers
                may be any.
        """
        with self._lock:
            self._arrived.clear()
            self._order.begin_epoch(steps, is_kerass=learn is not None)
            self._epoch, self._learn, self._own = epoch, learn, OwnValues()
            self._was_urgent = False

    def end_epoch(self, full: Full | None = None) -> None:
        """Give out all that has come of an epoch.

        Args:
            full: Tells how many full batches there were, the last one perhaps being
                smaller. Defaults to `None`: nobody knows.
        """
        if self._is_ours:
            with self._lock:
                self._attempt(lambda: self._give_rest(full, is_end=True))

    def close(self) -> None:
        """Take in nothing any more."""
        self._is_open = False

    @property
    def _is_ours(self) -> bool:
        # In a process that was forked off, another's lock may be held for ever.
        return self._is_open and self._pid == os.getpid()

    def _look(self, now: float) -> None:
        if not self._is_ours:
            self._arrived.clear()
        elif self._lock.acquire(blocking=len(self._arrived) > _MOST_WAITING):
            try:
                self._due = now + _PACE
                self._attempt(lambda: self._give_ready(now))
            finally:
                self._lock.release()

    def _attempt(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception as error:  # noqa: BLE001 - no fault of ours ends a training
            _log.debug("Batches could not be given out", exc_info=True)
            self.fault = error

    def _give_ready(self, now: float) -> None:
        is_urgent, self._is_urgent = self._is_urgent, False
        self._sort_in()
        if not is_urgent:
            self._give_out(self._order.ready(now))
            return
        self._give_rest(None, is_end=False)

    def _give_rest(self, full: Full | None, *, is_end: bool) -> None:
        self._sort_in()
        rest = self._order.rest()
        if not rest:
            return
        *others, last = rest
        self._give_out(others)
        known: Mapping[str, float] | None = None
        if self._order.may_be_last(last):
            known = full(last.step - self._order.base, last.logs) if full else {}
        self._give_out([last], known, is_end=is_end)

    def _sort_in(self) -> None:
        while self._arrived:
            number, logs, arrived = self._arrived.popleft()
            self._order.put(int(number), logs, arrived)

    def _give_out(
        self,
        batches: Sequence[Batch],
        full: Mapping[str, float] | None = None,
        *,
        is_end: bool = False,
    ) -> None:
        """Make rows of batches, and give them out."""
        order = self._order
        shared = self._shared(len(batches))
        rows: list[Row] = []
        with self._budget.spending():
            for step, logs, _ in batches:
                if self._learn is not None:
                    self._own, self._learn = self._learn(logs), None
                count = step - order.base
                is_short = step - self._row_at < max(shared, count // _EXACT_FOR)
                may_share = is_short and order.is_kerass and not is_end
                if may_share and not (_goes_wrong(logs) and self._own.goes_wrong(logs)):
                    continue
                self._row_at = step
                values = self._own.row(logs, count, full)
                if values or is_end:  # after NaN nothing is known but the epoch's end
                    rows.append((step, values))
            if rows:
                self._give(rows, self._epoch)
        self._rows += len(rows)

    def _shared(self, batches: int) -> int:
        """Return how many batches share a row just now."""
        now = self._clock()
        since, self._looked = now - self._looked, now
        if not self._budget.is_spent:
            return 1
        rows = self._budget.share * since * self._rows / self._budget.spent
        return math.ceil(batches / max(rows, 1.0))


def _goes_wrong(logs: Logs | None) -> bool:
    """Whether something in there is no finite number, if that is quickly seen."""
    try:
        total = sum(logs.values()) if logs else 0.0
        return bool(total - total != 0.0)
    except Exception:  # noqa: BLE001 - it may be anything
        return False
