"""Sounds of a page, rendered beside the thread that asks for them.

Rendering and packing leave Python most of the time: on a busy machine a page is ready
in nearly half the time, which counts where a program is about to end.
"""

import threading
from collections.abc import Callable
from queue import SimpleQueue


class Batch:
    """Does jobs in a thread of its own, which ends with them."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[tuple[int, Callable[[], str]] | None] = SimpleQueue()
        self._done: dict[int, str] = {}
        self._error: Exception | None = None
        self._thread: threading.Thread | None = None
        self._is_wanted = True

    def add(self, index: int, job: Callable[[], str]) -> None:
        """Have a job done; returns at once.

        Args:
            index: What to call its result.
            job: Returns it.
        """
        self._jobs.put((index, job))
        if self._thread is None:
            thread = threading.Thread(
                target=self._work, name="keras-sonify-page-sounds", daemon=True
            )
            try:
                thread.start()
            except RuntimeError:  # no thread to be had: `finish` does it
                return
            self._thread = thread

    def finish(self) -> dict[int, str]:
        """Return all results when they are there.

        Raises:
            Exception: What the first of the jobs that failed has raised.
        """
        self._jobs.put(None)
        if self._thread is not None:
            self._thread.join()
        else:
            self._work()
        if self._error is not None:
            raise self._error
        return self._done

    def abandon(self) -> None:
        """Let its thread end: nobody wants the results."""
        self._is_wanted = False
        self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            index, render = job
            try:
                if not self._is_wanted:
                    continue
                self._done[index] = render()
            except Exception as error:  # noqa: BLE001 - raised where it is asked for
                self._error = self._error or error
