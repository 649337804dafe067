"""The queue between a training and what plays: bounded, and never waited for."""

import contextlib
import math
import os
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from keras_sonify.exits import Turn, at_exit
from keras_sonify.live.watch import Watch
from keras_sonify.score.cue import Cue
from keras_sonify.score.note import Note
from keras_sonify.training.events import EVENTS, Event, EventKind

_LONGEST_QUEUE = 8  # cues and earcons waiting; of ordinary cues never more than one
_EXIT_WAIT = 1.5  # seconds that a script's end may wait for cues to be handed over
# Seconds from one try to the next of what failed: soon at first, for most of it is a
# sound server that starts again; then seldom, for each try starts a process.
_PAUSES = (1.0, 1.0, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0)
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


class QueuedPlayer(ABC):
    """An output that plays as cues come, in a thread that it shares with others.

    If epochs come faster than a cue lasts, the newest cue wins.

    Attributes:
        queue_name: Which queue it shares, by the name of its thread.
        tells_words: Whether it also tells what sounds in words, and events by words
            alone where they do not sound.
        tries_again: Whether what goes wrong may pass: then the newest cue, and what
            must be heard, are tried again after growing pauses, and sound when it has.
        trouble: What keeps the run silent, in a sentence; `None` if nothing does.
        played: Number of cues and earcons that were played.
        dropped: Number of cues that a newer one replaced.
        watch: Has the helper that plays watch over the run; `None` if it need not.
    """

    queue_name: str
    tells_words = False
    tries_again = False

    def __init__(self) -> None:
        self.watch: Watch | None = None
        self.trouble: str | None = None
        self.failures = 0  # one after the other
        self.failed_at = self.next_try = -math.inf
        self.played = 0
        self.dropped = 0

    def epoch(self, cue: Cue, sentence: str, *, play: bool, short: str = "") -> None:
        """Queue the cue of an epoch and return at once; see `Output.epoch`."""
        if play:
            keep = cue.sounded is not None and cue.sounded.must_be_heard
            kinds = [event.kind for event in cue.happened]
            self.play(cue.notes, keep=keep, said=sentence, short=short, events=kinds)
        if self.watch is not None:
            self.watch.beat(is_within=cue.is_within)

    def event(self, event: Event, notes: Sequence[Note], sentence: str) -> None:
        """Queue what happened between epochs or at the end; see `Output.event`."""
        self.play(notes, keep=True, said=sentence, events=[event.kind])
        if EVENTS[event.kind].ending:  # it is over, however long its files take
            self.end_watch()

    def rest(self) -> None:
        """Be told that a `fit` has ended with which another may go on."""
        if self.watch is not None:
            self.watch.rest()

    def wake(self) -> None:
        """Be told that the next `fit` has begun."""
        if self.watch is not None:
            self.watch.wake()

    def end_watch(self) -> None:
        """Say that the run has ended, in whatever way."""
        if self.watch is not None:
            self.watch.end()

    def play(
        self,
        notes: Sequence[Note],
        *,
        keep: bool = False,
        said: str = "",
        short: str = "",
        events: Sequence[EventKind] = (),
    ) -> None:
        """Queue notes and return at once.

        Args:
            notes: What to play.
            said: What it tells, in words, for those players that can tell it.
                Defaults to `""`.
            short: The same in a few words. Defaults to `""`: it is short as it is.
            keep: Boolean. Whether it must be heard even if something newer comes.
                Defaults to `False`.
            events: What happened, also what does not sound. Defaults to `()`.
        """
        sound = Sound(tuple(notes), said, keep, tuple(events), short)
        if (notes or self.tells(sound)) and not self.is_over:
            self.queue.put(self, sound)

    @property
    def is_over(self) -> bool:
        """Whether it has failed for good."""
        return self.trouble is not None and not self.tries_again

    def note(self, trouble: str | None, now: float) -> None:
        """Note how a delivery went; see `deliver`.

        Args:
            trouble: What went wrong, if anything did.
            now: The time, by the monotonic clock.
        """
        if trouble is None:
            self.trouble, self.failures = None, 0
            self.failed_at = self.next_try = -math.inf
            return
        # While it lasts it is told in the words of its beginning.
        if self.trouble is None or not self.tries_again:
            self.trouble = trouble
        pause = _PAUSES[min(self.failures, len(_PAUSES) - 1)]
        self.failures += 1
        self.failed_at, self.next_try = now, now + pause

    def tells(self, sound: Sound) -> bool:
        """Whether a sound has words that are told even if it is not heard."""
        return self.tells_words and bool(sound.said and sound.events)

    def drain(self, timeout: float) -> None:
        """Wait at most `timeout` seconds until all that was queued has been played."""
        queue = self.queue
        queue.wait(lambda: self.trouble is not None or queue.is_idle, timeout)

    @property
    def queue(self) -> "PlayQueue":
        """This process's queue of that name; a forked process gets its own."""
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
        at_exit(lambda _: self.close(), Turn.SOUNDS)

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

    def _give_way(self, item: tuple[QueuedPlayer, Sound]) -> None:
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

    def _next(self) -> tuple[QueuedPlayer, Sound]:
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

    def _put_back(self, player: QueuedPlayer, sound: Sound) -> None:
        """Put back what did not sound, unless there is something newer."""
        newer = [each for other, each in self._queue if other is player]
        is_stale = not sound.keep and any(not each.keep for each in newer)
        if not is_stale and len(self._queue) < _LONGEST_QUEUE:
            self._queue.appendleft((player, sound))


_queues: dict[str, PlayQueue] = {}
