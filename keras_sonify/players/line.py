"""The queue between a training and what plays: bounded, and never waited for."""

import atexit
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from keras_sonify.score import Note

_LONGEST_QUEUE = 8  # cues and earcons waiting; of ordinary cues never more than one
_EXIT_WAIT = 1.5  # seconds that a script's end may wait for cues to be handed over


@dataclass(frozen=True, slots=True)
class Sound:
    """What is to be heard at once.

    Attributes:
        notes: The notes of a cue or an earcon.
        said: What they tell, in words; may be empty.
        keep: Whether it must be heard even if something newer comes.
    """

    notes: tuple[Note, ...]
    said: str
    keep: bool


class Deliverer(Protocol):
    """Who plays what is queued, in the queue's own thread.

    Attributes:
        trouble: What keeps it silent, in a sentence; `None` if nothing does.
        dropped: Number of cues that a newer one replaced.
    """

    trouble: str | None
    dropped: int

    def deliver(self, sound: Sound) -> str | None:
        """Play to the end; return what went wrong, if anything did."""


class Line:
    """A process's line to its players: a queue and the thread that empties it.

    If epochs come faster than a cue lasts, the newest cue wins.

    Args:
        name: Of the thread.
    """

    def __init__(self, name: str) -> None:
        self.pid = os.getpid()
        self.changed = threading.Condition()
        self.closing = False
        self._name = name
        self._queue: deque[tuple[Deliverer, Sound]] = deque()
        self._worker: threading.Thread | None = None
        self._busy = False
        atexit.register(self.close)

    @property
    def is_idle(self) -> bool:
        """Whether all that was queued has been played."""
        return not self._queue and not self._busy

    def put(
        self, player: Deliverer, notes: Sequence[Note], said: str, *, keep: bool
    ) -> None:
        """Queue a cue and return at once.

        Args:
            player: Who plays it.
            notes: What to play.
            said: What it tells, in words.
            keep: Boolean. Whether it must be heard even if something newer comes.
        """
        with self.changed:
            if not keep:
                for waiting in [item for item in self._queue if not item[1].keep]:
                    self._queue.remove(waiting)
                    waiting[0].dropped += 1
            if len(self._queue) >= _LONGEST_QUEUE:
                self._queue.popleft()[0].dropped += 1
            self._queue.append((player, Sound(tuple(notes), said, keep)))
            if self._worker is None:
                self._worker = threading.Thread(
                    target=self._work,
                    name=self._name,
                    daemon=True,
                )
                self._worker.start()
            self.changed.notify_all()
            if self.closing:  # how a training ended is told after `close`
                self._wait_handed_over()

    def wait(self, until: Callable[[], bool], timeout: float) -> None:
        """Wait at most `timeout` seconds for what the thread brings about."""
        with self.changed:
            if self._worker is not None:
                self.changed.wait_for(until, timeout)

    def close(self) -> None:
        """Hand over what is waiting, at the end of the script."""
        if self.pid != os.getpid() or self._worker is None:
            return
        with self.changed:
            self.closing = True
            self.changed.notify_all()
            self._wait_handed_over()

    def _wait_handed_over(self) -> None:
        self.changed.wait_for(lambda: self.is_idle, _EXIT_WAIT)

    def _work(self) -> None:
        while True:
            with self.changed:
                self._busy = False
                self.changed.notify_all()
                self.changed.wait_for(lambda: self._queue)
                player, sound = self._queue.popleft()
                self._busy = True
            if player.trouble is None:
                try:
                    trouble = player.deliver(sound)
                except Exception as error:  # noqa: BLE001 - told, never raised
                    trouble = f"No live sound: {error}"
                if trouble:
                    with self.changed:
                        player.trouble = trouble


_lines: dict[str, Line] = {}


def line_to(name: str) -> Line:
    """Return this process's line of that name; a forked process gets its own."""
    line = _lines.get(name)
    if line is None or line.pid != os.getpid():
        line = _lines[name] = Line(name)
    return line
