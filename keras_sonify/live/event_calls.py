"""Events for a function of the user's: `on_event=`."""

import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from keras_sonify.score.cue import Cue
from keras_sonify.score.note import Note
from keras_sonify.training.events import Event

_MOST_WAITING = 1000  # events of a function that hangs; beyond, they are lost
_PATIENCE = 5.0  # seconds that a run's end waits for the function
_HANGS = "`on_event` does not return: events may be lost to it."


class EventCalls:
    """Calls a function with each event as it happens, in a thread of its own.

    Args:
        function: Takes an `Event`, which has `kind`, `epoch`, `text` and `sentence`.

    Attributes:
        trouble: What it raised the first time, in a sentence; `None` if nothing.
    """

    def __init__(self, function: Callable[[Event], object]) -> None:
        self.trouble: str | None = None
        self._function = function
        self._waiting: queue.Queue[Event | None] = queue.Queue(_MOST_WAITING)
        self._thread: threading.Thread | None = None

    def epoch(self, cue: Cue, sentence: str, *, play: bool) -> None:
        """Pass on what happened in an epoch; returns at once."""
        self._start()  # early: Python starts no thread any more when it ends
        for event in cue.happened:
            self._pass_on(event)

    def event(self, event: Event, notes: Sequence[Note], sentence: str) -> None:
        """Pass on what happened between epochs, or how the run ended."""
        self._pass_on(event)

    def close(self, timeout: float) -> None:
        """Wait a little until the function has been called with all that happened."""
        if self._thread is not None:
            self._put(None)
            self._thread.join(min(timeout, _PATIENCE))
            if self._thread.is_alive() and timeout > 0.0:
                self.trouble = self.trouble or _HANGS
            self._thread = None

    def _pass_on(self, event: Event) -> None:
        self._start()
        if self._thread is not None:
            self._put(event)
        else:
            self._call(event)

    def _start(self) -> None:
        if self._thread is None:
            thread = threading.Thread(
                target=self._work, name="keras-sonify-events", daemon=True
            )
            with suppress(RuntimeError):  # none is to be had: it is called here
                thread.start()
                self._thread = thread

    def _put(self, event: Event | None) -> None:
        try:
            self._waiting.put_nowait(event)
        except queue.Full:
            self.trouble = _HANGS

    def _work(self) -> None:
        while (event := self._waiting.get()) is not None:
            self._call(event)

    def _call(self, event: Event) -> None:
        try:
            self._function(event)
        except Exception as error:  # noqa: BLE001 - the user's own; told once
            self.trouble = self.trouble or f"`on_event` raised {error!r}."
