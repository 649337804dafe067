"""What a live page shows, kept current in the background."""

import logging
import threading
import time
from collections.abc import Callable

from keras_sonify.page.board import Board, State
from keras_sonify.record import Record

_log = logging.getLogger(__name__)
_SHARE = 0.01  # of the time may be spent on drawing
_SHORTEST_PAUSE = 0.5  # seconds between two pictures, however cheap they are


class Screen:
    """Sends the state of a run to a page, as often as it changes and costs little.

    Args:
        record: The run.
        board: What is shown of it.
        send: Called with each state, in a thread of its own.
    """

    def __init__(
        self, record: Record, board: Board, send: Callable[[State], None]
    ) -> None:
        self._record = record
        self._board = board
        self._send = send
        self._changed = threading.Condition()
        self._closing = False
        self._news = False
        self._thread: threading.Thread | None = None

    def show(self, line: str) -> None:
        """Be told of an epoch, in words; returns at once."""
        with self._changed:
            if line:
                self._board.note(line)
            self._news = True
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._keep_current, name="keras-sonify-screen", daemon=True
                )
                self._thread.start()
            self._changed.notify()

    def close(self, timeout: float) -> None:
        """Send the last state, waiting at most `timeout` seconds for it."""
        with self._changed:
            self._closing = self._news = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(timeout)

    def _keep_current(self) -> None:
        pause = 0.0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing, pause)
                self._changed.wait_for(lambda: self._news)
                self._news, closing = False, self._closing
            begun = time.thread_time()
            try:
                self._send(self._board.state(self._record.view()))
            except Exception:  # noqa: BLE001 - must not silence the rest
                _log.debug("The page's picture failed", exc_info=True)
            pause = max(_SHORTEST_PAUSE, (time.thread_time() - begun) / _SHARE)
            if closing:
                return
