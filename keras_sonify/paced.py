"""Work in the background that must cost a training next to nothing."""

import threading
import time
from collections.abc import Callable

_SHARE = 0.01  # of the processor's time may be spent on it


class PacedThread:
    """Does a piece of work whenever there is news, as rarely as keeps it cheap.

    Between two rounds it rests so long that the work takes about 1 % of the time. It
    starts with the first news.

    Args:
        name: Of the thread.
        work: One round; told whether it is the last, it returns whether it is done,
            or must be tried again. It must not raise.
        shortest_pause: Seconds between two rounds, however cheap they are.
        prepare: What the thread does first, before the clock runs. Defaults to
            nothing.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[bool], bool],
        shortest_pause: float,
        prepare: Callable[[], object] = lambda: None,
    ) -> None:
        self._name = name
        self._work = work
        self._shortest_pause = shortest_pause
        self._prepare = prepare
        self._changed = threading.Condition()
        self._closing = False
        self._news = False
        self._thread: threading.Thread | None = None

    def notify(self) -> None:
        """Be told that there is news; returns at once."""
        with self._changed:
            self._news = True
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run,
                    name=self._name,
                    daemon=True,  # one that is none makes Ctrl-C hang for ever
                )
                self._thread.start()
            self._changed.notify()

    def close(self, timeout: float) -> None:
        """Have a last round done, waiting at most `timeout` seconds for it."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self) -> None:
        self._prepare()
        pause = 0.0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing, pause)
                self._changed.wait_for(lambda: self._closing or self._news)
                closing, self._news = self._closing, False
            begun = time.thread_time()
            if not self._work(closing):
                with self._changed:
                    self._news = True
            spent = time.thread_time() - begun
            pause = max(self._shortest_pause, spent / _SHARE)
            if closing:
                return
