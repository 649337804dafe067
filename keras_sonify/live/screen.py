"""What a live page shows, kept current in the background."""

import logging
from collections.abc import Callable

from keras_sonify.paced import PacedThread
from keras_sonify.page.board import Board, Pictured
from keras_sonify.score.cue import Cue
from keras_sonify.training.record import Record, Snapshot

_log = logging.getLogger(__name__)
_PAUSE = 0.5  # seconds between two pictures, however cheap they are


class Screen:
    """Sends the state of a run to a page, as often as it changes and costs little.

    Args:
        record: The run.
        board: What is shown of it.
        send: Called with each state and its run, in a thread of its own.
        prepare: What that thread does first.
    """

    def __init__(
        self,
        record: Record,
        board: Board,
        send: Callable[[Pictured, Snapshot], None],
        prepare: Callable[[], None],
    ) -> None:
        self._record = record
        self._board = board
        self._send = send
        self._thread = PacedThread(
            "keras-sonify-screen", self._draw, _PAUSE, prepare=prepare
        )

    def begin(self) -> None:
        """Send what there is before the first epoch."""
        self._thread.notify()

    def show(self, cue: Cue, line: str, *, is_past: bool) -> None:
        """Be told of an epoch, also in words; returns at once.

        Args:
            cue: What it sounds like.
            line: The same in words.
            is_past: Boolean. Whether it came when nobody listened.
        """
        self._board.note(cue, line, is_past=is_past)
        self._thread.notify()

    def close(self, timeout: float) -> None:
        """Send the last state, waiting at most `timeout` seconds for it."""
        self._thread.close(timeout)

    def _draw(self, is_last: bool) -> bool:
        try:
            run = self._record.snapshot()
            self._send(self._board.state(run), run)
        except Exception:  # noqa: BLE001 - must not silence the rest
            _log.debug("The page's picture failed", exc_info=True)
        return True
