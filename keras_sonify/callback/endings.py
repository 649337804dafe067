"""How a training ends: with a word of Keras's, without one, or only perhaps."""

import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from keras_sonify.callback import aftermath
from keras_sonify.exits import is_terminating
from keras_sonify.sonifier import Sonifier
from keras_sonify.training.events import EventKind
from keras_sonify.words import terminal
from keras_sonify.words.closing import ending_sentence

Print = Callable[[Sequence[str]], None] | None
"""Prints lines; `None` prints nothing."""


class WordlessEnd:
    """Sounds the end of a training that ends without a word.

    It does not hold the callback, and so not the model, which an exception that
    somebody caught would keep alive until the script ends.

    Args:
        sonifier: What sounds it.
        print_lines: Tells it, too.
        settle: Gives it what has come since its last epoch.
    """

    is_waiting = False

    def __init__(
        self, sonifier: Sonifier, print_lines: Print, settle: Callable[[], None]
    ) -> None:
        self._sonifier = sonifier
        self._print = print_lines
        self._settle = settle
        aftermath.watch(self)

    def forget(self) -> None:
        """It did not end so: another training begins in its place."""
        aftermath.forget(self)

    def done(self) -> None:
        """It did not end so: Keras has said the word."""
        aftermath.done(self)

    def ended_by(
        self, kind: EventKind, *, is_clean: bool, is_news: bool, timeout: float
    ) -> None:
        """Sound it if it is news, and complete the files."""
        with suppress(Exception):
            self._settle()
        if is_news:
            _break_off(self._sonifier, kind, self._print, timeout)
        else:
            with suppress(Exception):
                self._sonifier.close(timeout, kind)


def _break_off(
    sonifier: Sonifier, kind: EventKind, print_lines: Print, timeout: float
) -> None:
    """Sound that a run was cut short, and complete its files as time allows."""
    last = sonifier.at
    with suppress(Exception):  # a fault of ours must not cover theirs
        if last.epoch >= 0:
            sonifier.sound(kind)
        sonifier.close(timeout)
        ended = [ending_sentence(kind, last)]
        if print_lines is not None and last.epoch >= 0:
            print_lines(ended)
        elif is_terminating() and last.epoch >= 0:  # Python shows no exception for it
            terminal.print_lines(ended, sys.stderr)


class LateEnd:
    """The end of a `fit` of a single epoch, with which a loop may go on.

    It is told when nothing has come for a while, or when the script or the cell of a
    notebook ends; not at all if the next `fit` comes before.

    Args:
        sonifier: Whose run it is.
        tell: Ends the run, and says so.
        print_lines: Tells it if it is cut short.
        patience: Seconds to wait for the next `fit`.
    """

    is_waiting = True

    def __init__(
        self,
        sonifier: Sonifier,
        tell: Callable[[EventKind], None],
        print_lines: Print,
        patience: float,
    ) -> None:
        self.sonifier = sonifier
        self._tell = tell
        self._print = print_lines
        self._lock = threading.Lock()
        self._pid = os.getpid()
        self._is_open = True
        self._timer = threading.Timer(patience, self.tell)
        self._timer.daemon = True
        with suppress(RuntimeError):  # no thread to be had: the script's end tells
            self._timer.start()
        aftermath.watch(self)
        _waiting.add(self)

    def cancel(self) -> bool:
        """Go on; return whether it had not been told yet."""
        if self._pid != os.getpid():  # forked off: the lock may be held for ever
            return False
        with self._lock:
            was_open, self._is_open = self._is_open, False
        self._timer.cancel()
        aftermath.forget(self)
        _waiting.discard(self)
        return was_open

    def tell(self) -> None:
        """Tell now that it has finished, unless it has been told."""
        if self.cancel():
            with suppress(Exception):
                self._tell("finished")

    def ended_by(
        self, kind: EventKind, *, is_clean: bool, is_news: bool, timeout: float
    ) -> None:
        """The script or the cell ends: it was done, or cut short by an exception."""
        if is_clean:
            self.tell()
        elif self.cancel():
            _break_off(self.sonifier, kind, self._print, timeout)


def give_way(sonifier: Sonifier) -> None:
    """End the runs that wait in the directory of another that begins now.

    Args:
        sonifier: What begins; its own run waits on.
    """
    for end in list(_waiting):
        if end.sonifier is not sonifier and _place(end.sonifier) == _place(sonifier):
            end.tell()


def _place(sonifier: Sonifier) -> str:
    """Return where files go, one way; each sonifier without any has its own place."""
    directory = sonifier.settings.directory
    return os.path.abspath(directory) if directory else str(id(sonifier))  # noqa: PTH100


_waiting: set[LateEnd] = set()
