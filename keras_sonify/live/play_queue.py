"""The queue between a training and what plays: bounded, and never waited for."""

import atexit
import contextlib
import os
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from keras_sonify.score.composer import Cue
from keras_sonify.score.note import Note
from keras_sonify.training.events import Event

_LONGEST_QUEUE = 8  # cues and earcons waiting; of ordinary cues never more than one
_EXIT_WAIT = 1.5  # seconds that a script's end may wait for cues to be handed over


@dataclass(frozen=True, slots=True)
class Sound:
    """What is to be heard at once.

    Attributes:
        notes: The notes of a cue or an earcon.
        said: What they tell, in words; may be empty.
        keep: Whether it must be heard even if something newer comes.
        is_event: Whether something happened, sounding or not.
    """

    notes: tuple[Note, ...]
    said: str
    keep: bool
    is_event: bool = False


class QueuedPlayer(ABC):
    """An output that plays as cues come, in a thread that it shares with others.

    If epochs come faster than a cue lasts, the newest cue wins.

    Attributes:
        queue_name: Which queue it shares, by the name of its thread.
        trouble: What keeps the run silent, in a sentence; `None` if nothing does.
        played: Number of cues and earcons that were played.
        dropped: Number of cues that a newer one replaced.
    """

    queue_name: str

    def __init__(self) -> None:
        self.trouble: str | None = None
        self.played = 0
        self.dropped = 0

    def epoch(self, cue: Cue, sentence: str, *, play: bool) -> None:
        """Queue the cue of an epoch and return at once; see `Output.epoch`."""
        if play:
            keep = cue.sounded is not None and cue.sounded.must_be_heard
            self.play(cue.notes, sentence, keep=keep, is_event=bool(cue.happened))

    def event(self, event: Event, notes: Sequence[Note], sentence: str) -> None:
        """Queue what happened between epochs or at the end; see `Output.event`."""
        self.play(notes, sentence, keep=True, is_event=True)

    def play(
        self,
        notes: Sequence[Note],
        said: str = "",
        *,
        keep: bool = False,
        is_event: bool = False,
    ) -> None:
        """Queue notes and return at once.

        Args:
            notes: What to play.
            said: What it tells, in words, for those players that can tell it.
                Defaults to `""`.
            keep: Boolean. Whether it must be heard even if something newer comes.
                Defaults to `False`.
            is_event: Boolean. Whether something happened, sounding or not. Defaults
                to `False`.
        """
        if notes and self.trouble is None:
            self.queue.put(self, Sound(tuple(notes), said, keep, is_event))

    def drain(self, timeout: float) -> None:
        """Wait at most `timeout` seconds until all that was queued has been played."""
        queue = self.queue
        queue.wait(lambda: self.trouble is not None or queue.is_idle, timeout)

    @property
    def queue(self) -> "PlayQueue":
        """This process's line of that name; a forked process gets its own."""
        queue = _queues.get(self.queue_name)
        if queue is None or queue.pid != os.getpid():
            queue = _queues[self.queue_name] = PlayQueue(self.queue_name)
        return queue

    @abstractmethod
    def close(self, timeout: float) -> None:
        """End the run; see `Output.close`. What is queued rings out by itself."""

    @abstractmethod
    def deliver(self, sound: Sound) -> str | None:
        """Play to the end, in the queue's thread; return what went wrong, if it did."""


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
        atexit.register(self.close)

    @property
    def is_idle(self) -> bool:
        """Whether all that was queued has been played."""
        return not self._queue and not self._busy

    def put(self, player: QueuedPlayer, sound: Sound) -> None:
        """Queue a sound and return at once.

        Args:
            player: Who plays it.
            sound: What to play.
        """
        with self.changed:
            if not sound.keep:
                for waiting in [item for item in self._queue if not item[1].keep]:
                    self._queue.remove(waiting)
                    waiting[0].dropped += 1
            if len(self._queue) >= _LONGEST_QUEUE:
                self._queue.popleft()[0].dropped += 1
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


_queues: dict[str, PlayQueue] = {}
