"""What a run says of itself to a helper process, lest it die without a word."""

import itertools
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from keras_sonify.live.messages import Fields
from keras_sonify.live.python import helper_python
from keras_sonify.score.note import Note
from keras_sonify.training.record import Record
from keras_sonify.words.closing import died_sentence

_GOODBYE = 1.0  # seconds that a helper may take to learn how a run has ended

_numbers = itertools.count()  # of the runs of this process


@dataclass(frozen=True, slots=True)
class Watched:
    """A run under way, and what is to sound where it cannot tell how it fares.

    Attributes:
        record: The run.
        died: What sounds if it dies; may be empty.
        stalled: What sounds if it hangs; may be empty.
    """

    record: Record
    died: tuple[Note, ...]
    stalled: tuple[Note, ...]


class Way(Protocol):
    """The way to a helper process, which may be another one each time."""

    def introduce(self, fields: Fields, payload: bytes) -> None:
        """Have the helper know of a run that is under way: each that there will be."""

    def pass_on(self, fields: Fields, timeout: float = 0.0) -> None:
        """Tell it what a run says, if it takes that in time."""

    def dismiss(self, fields: Fields, timeout: float) -> None:
        """Tell it that a run has ended; the next one will not know it."""


class Watch:
    """Has a helper watch over a run: what it is told, `Vigil` takes in.

    Args:
        record: The run.
        way: The way to the helper.
        give: Returns what the helper is to have: fields and bytes. It may take long.

    Attributes:
        has_begun: Whether the helper knows of the run.
    """

    def __init__(
        self, record: Record, way: Way, give: Callable[[], tuple[Fields, bytes]]
    ) -> None:
        self.has_begun = self._is_resting = False
        self._record = record
        self._way = way
        self._give = give
        self._number = next(_numbers)
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._thread: threading.Thread | None = None
        self._begin()

    def beat(self, *, is_within: bool = False) -> None:
        """Say that an epoch has ended, or that it goes on.

        Args:
            is_within: Boolean. Whether it goes on. Defaults to `False`.
        """
        self._is_resting = False
        if self.has_begun:
            fields = {"beat": self._number, "within": is_within, **self._said}
            self._way.pass_on(fields)
        else:
            self._begin()

    def rest(self) -> None:
        """Say that a `fit` has ended with which another may go on."""
        self._is_resting = True
        if self.has_begun:
            self._way.pass_on({"rest": self._number}, _GOODBYE)

    def wake(self) -> None:
        """Say that the next `fit` has begun."""
        self._is_resting = False
        if self.has_begun:
            self._way.pass_on({"wake": self._number})

    def end(self) -> None:
        """Say that the run has ended, in whatever way."""
        self._is_over.set()
        if not self._lock.acquire(timeout=_GOODBYE):
            return  # it is just being begun
        try:
            if self.has_begun:
                self.has_begun = False
                self._way.dismiss({"done": self._number}, _GOODBYE)
        finally:
            self._lock.release()

    def _begin(self) -> None:
        """Say that the run is under way, without waiting until it has been said."""
        if self._is_over.is_set() or (self._thread and self._thread.is_alive()):
            return
        # Not in the queue's thread: cues that it plays must not keep the helper from
        # knowing of a run that may die any moment.
        thread = threading.Thread(
            target=self._introduce, name="keras-sonify-watch", daemon=True
        )
        with suppress(RuntimeError):  # no thread to be had: with the next epoch
            thread.start()
            self._thread = thread

    def _introduce(self) -> None:
        # A fault here costs the watch, not the sound. Where there is no helper, who
        # plays tells so.
        with suppress(Exception):
            helper_python()
            given, payload = self._give()
            with self._lock:
                if not self._is_over.is_set():
                    begin = {"begin": self._number, **self._said, **given}
                    self._way.introduce(begin, payload)
                    self.has_begun = True
        # Meanwhile it may have come to rest, or ended.
        if self._is_resting:
            self.rest()
        if self._is_over.is_set():
            self.end()

    @property
    def _said(self) -> Fields:
        history = self._record.history
        last = history.at(len(history) - 1) if len(history) else None
        return {"died": died_sentence(last, self._record.plan)}
