"""The queue between a training and what plays: bounded, and never waited for."""

import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from keras_sonify.exits import Turn, at_exit
from keras_sonify.score.note import Note
from keras_sonify.training.events import EventKind

if TYPE_CHECKING:  # it has the queue, and is in it
    from keras_sonify.live.queued_player import QueuedPlayer

_LONGEST_QUEUE = 8  # cues and earcons waiting; of ordinary cues never more than one
_EXIT_WAIT = 1.5  # seconds that a script's end may wait for cues to be handed over
_LAST_TRY = 5.0  # seconds after a failure from which the end of a script is worth one


@dataclass(frozen=True, slots=True)
class Sound:
    """What is to be heard at once.

    Attributes:
        notes: The notes of a cue or an earcon; none where there are only words.
        said: What they tell, in words; may be empty.
        keep: Whether it must be heard even if something newer comes.
        events: What happened, also what does not sound.
        short: The words in a few; empty if they are short as they are.
    """

    notes: tuple[Note, ...]
    said: str
    keep: bool
    events: tuple[EventKind, ...] = ()
    short: str = ""


class PlayQueue:
    """A process's queue to its players: a queue and the thread that empties it.

    Args:
        name: Of the thread.
    """

    def __init__(self, name: str) -> None:
        self.pid = os.getpid()
        self.changed = threading.Condition()
        self.closing = False
        self._name = name
        self._queue: deque[tuple[QueuedPlayer, Sound]] = deque()
        self._worker: threading.Thread | None = None
        self._busy = False
        at_exit(lambda _: self.close(), Turn.SOUNDS)

    @property
    def is_idle(self) -> bool:
        """Whether all that was queued has been played."""
        return not self._queue and not self._busy

    def put(self, player: "QueuedPlayer", sound: Sound) -> None:
        """Queue a sound and return at once.

        Args:
            player: Who plays it.
            sound: What to play.
        """
        with self.changed:
            # What another run could not play is of no use beside a newer one.
            self._queue = deque(
                item
                for item in self._queue
                if item[0] is player or item[0].trouble is None
            )
            if sound.notes and not sound.keep:
                for item in list(self._queue):
                    if item[1].notes and not item[1].keep:
                        self._give_way(item)
            while len(self._queue) >= _LONGEST_QUEUE:  # words give way before sounds
                self._give_way(min(self._queue, key=lambda item: bool(item[1].notes)))
            self._queue.append((player, sound))
            if self._worker is None:
                self._start()
            self.changed.notify_all()
            if self.closing:  # how a training ended is told after `close`
                self._wait_handed_over()

    def _start(self) -> None:
        worker = threading.Thread(target=self._work, name=self._name, daemon=True)
        with contextlib.suppress(RuntimeError):  # no thread to be had: with the next
            worker.start()
            self._worker = worker

    def _give_way(self, item: "tuple[QueuedPlayer, Sound]") -> None:
        """Take out what waits; of a sound that tells what happened, leave the words."""
        place, (player, sound) = self._queue.index(item), item
        del self._queue[place]
        if sound.notes:
            player.dropped += player.trouble is None  # else it was silent anyway
            if player.tells(sound):
                self._queue.insert(place, (player, replace(sound, notes=())))

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
                player, sound = self._next()
                self._busy = True
            may_pass = True
            try:
                trouble = player.deliver(sound)
            except Exception as error:  # noqa: BLE001 - told, never raised
                trouble = f"No live sound: {error}."
                may_pass = isinstance(error, (OSError, RuntimeError))
            with self.changed:
                # At the end of a script it may have been handed over only.
                if trouble or not self.closing:
                    player.note(trouble, time.monotonic())
                if trouble and may_pass and player.tries_again:
                    self._put_back(player, sound)

    def _next(self) -> "tuple[QueuedPlayer, Sound]":
        """Wait for what is due, and take it out."""
        while True:
            now = time.monotonic()
            kept: deque[tuple[QueuedPlayer, Sound]] = deque()
            found = None
            for item in self._queue:
                player = item[0]
                due = player.failed_at + _LAST_TRY if self.closing else player.next_try
                if found is None and due <= now and not player.is_over:
                    found = item
                elif not (player.is_over or (self.closing and due > now)):
                    kept.append(item)
            self._queue = kept
            if found is not None:
                return found
            self.changed.notify_all()
            pauses = [player.next_try - now for player, _ in kept]
            self.changed.wait(min(pauses) if pauses else None)

    def _put_back(self, player: "QueuedPlayer", sound: Sound) -> None:
        """Put back what did not sound, unless there is something newer."""
        newer = [each for other, each in self._queue if other is player]
        is_stale = not sound.keep and any(not each.keep for each in newer)
        if not is_stale and len(self._queue) < _LONGEST_QUEUE:
            self._queue.appendleft((player, sound))


_queues: dict[str, PlayQueue] = {}


def queue_of(name: str) -> PlayQueue:
    """Return this process's queue of that name; a forked process gets its own."""
    queue = _queues.get(name)
    if queue is None or queue.pid != os.getpid():
        queue = _queues[name] = PlayQueue(name)
    return queue
