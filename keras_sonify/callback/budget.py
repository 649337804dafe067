"""How much of the training's time something may take."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Budget:
    """A share of the time, besides some seconds that may be spent at once.

    What counts is what the calling thread itself has computed, but for the first time:
    what is begun, or compiled, is so once.

    Args:
        share: Of the time since the training began.
        credit: Seconds that may be spent at once.
        clock: Tells the time, in seconds. Defaults to the monotonic clock.

    Attributes:
        spent: Seconds that have been spent.
    """

    def __init__(
        self, share: float, credit: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.share = share
        self._credit = credit
        self._clock = clock
        self._begun = clock()
        self._has_begun = False
        self.spent = 0.0

    @property
    def is_spent(self) -> bool:
        """Whether nothing may be done just now."""
        elapsed = self._clock() - self._begun
        return self.spent > self._credit + self.share * elapsed

    @contextmanager
    def spending(self) -> Iterator[None]:
        """Count what is done within it."""
        begun = time.thread_time()
        try:
            yield
        finally:
            if self._has_begun:
                self.spent += time.thread_time() - begun
            self._has_begun = True
