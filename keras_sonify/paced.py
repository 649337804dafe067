"""Work in the background that must cost a training next to nothing."""

import contextlib
import math
import threading
import time
from collections.abc import Callable

_SHARE = 0.01  # of the processor's time may be spent on it
_FIRST_SHARE = 0.1  # the same, at the beginning
_POLL = 0.05  # seconds between two looks at whether the last round goes on
_PARTING = 0.15  # seconds in which work that is out of time may clear up


class GivenUp(BaseException):
    """Raised in the work when its time is over; not to be caught but to clear up.

    At the end it also leaves a round that is out of date by then.
    """


class PacedThread:
    """Does a piece of work whenever there is news, as rarely as keeps it cheap.

    Between two rounds it rests so long that the work takes about 1 % of the time. It
    starts with the first news; where the system has no thread to give, with the next.

    Args:
        name: Of the thread.
        work: One round; told whether it is the last, it returns whether it is done,
            or must be tried again. It must not raise.
        shortest_pause: Seconds between two rounds, however cheap they are.
        longest_pause: Seconds between two rounds, however dear. Defaults to
            infinity.
        credit: Seconds of the processor's time at the beginning in which a tenth of
            it may be spent: a short run is over before a hundredth allows a second
            round. Defaults to `0.0`.
        prepare: What the thread does first, before the clock runs; a fault in it is
            left to `work` to meet. Defaults to nothing.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[bool], bool],
        shortest_pause: float,
        *,
        longest_pause: float = math.inf,
        credit: float = 0.0,
        prepare: Callable[[], object] = lambda: None,
    ) -> None:
        self._name = name
        self._work = work
        self._shortest_pause = shortest_pause
        self._longest_pause = longest_pause
        self._credit = credit
        self._prepare = prepare
        self._changed = threading.Condition()
        self._has_begun = self._is_over = False
        self._closing = self._news = self._hurry = False
        self._is_working = self._is_last = self._is_given_up = False
        self._rounds = self._steps = 0
        self._end = math.inf  # of a last round that is done without a thread

    def notify(self) -> None:
        """Be told that there is news; returns at once."""
        with self._changed:
            self._news = True
            self._start()
            self._changed.notify_all()

    def flush(self, timeout: float, patience: float = math.inf) -> bool:
        """Have a round done now; return whether it was. See `close`."""
        with self._changed:
            self._start()
            if not self._has_begun or self._closing:
                return not self._news
            # A round that is under way may not know of the latest news.
            wanted = self._rounds + (2 if self._is_working else 1)
            self._news = self._hurry = True
            self._changed.notify_all()
            return self._wait(lambda: self._rounds >= wanted, timeout, patience)

    def close(self, timeout: float, patience: float = math.inf) -> bool:
        """Have a last round done; return whether it was.

        Where the system has had no thread to give up to the end, it is done here.

        Args:
            timeout: Seconds to wait for it at most.
            patience: Seconds after which to give up if it does not get on. Defaults
                to infinity.
        """
        with self._changed:
            self._closing = True
            if self._news:
                self._start()  # it could not be had before
            if not self._has_begun:
                return not self._news or self._work_here(timeout)
            self._changed.notify_all()
            # Not by the thread's `join`: interrupted by Ctrl-C, it takes the thread
            # for ended.
            if self._wait(lambda: self._is_over, timeout - _PARTING, patience):
                return True
            self._is_given_up = True
            self._wait(lambda: self._is_over, min(_PARTING, timeout), math.inf)
            return False

    def step(self) -> None:
        """Be told by the work that it gets on.

        Raises:
            GivenUp: If it is out of time, or the last round is to begin: it is to
                leave nothing half done.
        """
        self._steps += 1
        is_late = self._is_given_up or time.monotonic() > self._end
        if is_late or (self._closing and not self._is_last):
            raise GivenUp

    def _wait(self, until: Callable[[], bool], timeout: float, patience: float) -> bool:
        """Wait for what the thread brings about, as long as it gets on."""
        steps, last_step = self._steps, time.monotonic()
        end = last_step + max(timeout, 0.0)
        while not until():
            now = time.monotonic()
            if self._steps != steps:
                steps, last_step = self._steps, now
            if now >= end or now - last_step >= patience:
                return False
            self._changed.wait(min(_POLL, end - now))
        return True

    def _start(self) -> None:
        if not self._has_begun:
            thread = threading.Thread(
                target=self._run,
                name=self._name,
                daemon=True,  # one that is none makes Ctrl-C hang for ever
            )
            # No more threads, or Python is ending: with the next news.
            with contextlib.suppress(RuntimeError):
                thread.start()
                self._has_begun = True

    def _work_here(self, timeout: float) -> bool:
        self._is_last, self._news = True, False
        self._end = time.monotonic() + timeout
        with contextlib.suppress(GivenUp):
            return self._work(self._is_last)
        return False

    def _run(self) -> None:
        with contextlib.suppress(Exception):  # what it lacks, the work will meet
            self._prepare()
        pause = 0.0
        closing = False
        while not closing:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or self._hurry, pause)
                self._changed.wait_for(lambda: self._closing or self._news)
                closing, self._news, self._hurry = self._closing, False, False
                self._is_last, self._is_working = closing, True
            begun = time.thread_time()
            is_done = False
            with contextlib.suppress(GivenUp):
                is_done = self._work(closing)
            spent = time.thread_time() - begun
            self._credit -= spent
            share = _FIRST_SHARE if self._credit > 0 else _SHARE
            pause = max(self._shortest_pause, spent / share)
            pause = min(pause, max(self._longest_pause, self._shortest_pause))
            with self._changed:
                self._is_working = False
                self._news = self._news or not is_done
                self._rounds += 1
                self._is_over = closing
                self._changed.notify_all()
