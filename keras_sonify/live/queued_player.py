"""An output that plays as cues come, in a thread that it shares with others."""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence

from keras_sonify.live.play_queue import PlayQueue, Sound, queue_of
from keras_sonify.live.watch import Watch
from keras_sonify.score.cue import Cue
from keras_sonify.score.note import Note
from keras_sonify.training.events import EVENTS, Event, EventKind

# Seconds from one try to the next of what failed: soon at first, for most of it is a
# sound server that starts again; then seldom, for each try starts a process.
_PAUSES = (1.0, 1.0, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0)


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
    def queue(self) -> PlayQueue:
        """This process's queue of that name; a forked process gets its own."""
        return queue_of(self.queue_name)

    @abstractmethod
    def close(self, timeout: float) -> None:
        """End the run; see `Output.close`. What is queued rings out by itself."""

    @abstractmethod
    def deliver(self, sound: Sound) -> str | None:
        """Play to the end, in the queue's thread; return what went wrong, if it did."""
