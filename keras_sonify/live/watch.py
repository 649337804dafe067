"""What a run says of itself to a helper process, lest it die without a word."""

import itertools
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from keras_sonify.live.messages import Fields
from keras_sonify.score.note import Note
from keras_sonify.training.record import Record
from keras_sonify.words.text import died_sentence

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
        give: Returns what the helper is to have: fields and bytes.
    """

    def __init__(
        self, record: Record, way: Way, give: Callable[[], tuple[Fields, bytes]]
    ) -> None:
        self._record = record
        self._way = way
        self._give = give
        self._number = next(_numbers)
        self._lock = threading.Lock()
        self._has_begun = False
        self._is_over = threading.Event()

    def begin(self) -> None:
        """Say that the run is under way, unless that has been said."""
        if self._has_begun or self._is_over.is_set():
            return
        # A fault here costs the watch, not the sound. Where there is no helper, who
        # plays tells so.
        with suppress(Exception):
            given, payload = self._give()
            begin = {"begin": self._number, **self._said, **given}
            with self._lock:
                if not self._is_over.is_set():
                    self._way.introduce(begin, payload)
                    self._has_begun = True
        if self._is_over.is_set():  # meanwhile
            self.end()

    def beat(self) -> None:
        """Say that an epoch has ended."""
        if self._has_begun:
            self._way.pass_on({"beat": self._number, **self._said})

    def rest(self) -> None:
        """Say that a `fit` has ended with which another may go on."""
        if self._has_begun:
            self._way.pass_on({"rest": self._number}, _GOODBYE)

    def wake(self) -> None:
        """Say that the next `fit` has begun."""
        if self._has_begun:
            self._way.pass_on({"wake": self._number})

    def end(self) -> None:
        """Say that the run has ended, in whatever way."""
        self._is_over.set()
        if not self._lock.acquire(timeout=_GOODBYE):
            return  # it is just being begun
        try:
            if self._has_begun:
                self._has_begun = False
                self._way.dismiss({"done": self._number}, _GOODBYE)
        finally:
            self._lock.release()

    @property
    def _said(self) -> Fields:
        history = self._record.history
        last = history.epoch(len(history) - 1) if len(history) else -1
        return {"died": died_sentence(last, self._record.planned)}
