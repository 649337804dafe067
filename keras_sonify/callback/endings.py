"""How a training ends: with a word of Keras's, without one, or only perhaps."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from keras_sonify.callback import aftermath
from keras_sonify.sonifier import Sonifier
from keras_sonify.training.events import EventKind
from keras_sonify.words.text import ending_sentence

_PATIENCE = 1.6  # seconds that the files of a broken training may take at the end


class WordlessEnd:
    """Sounds the end of a training that ends without a word.

    It does not hold the callback, and so not the model, which an exception that
    somebody caught would keep alive until the script ends.

    Args:
        sonifier: What sounds it.
        print_lines: Prints lines; `None` prints nothing.
    """

    def __init__(
        self,
        sonifier: Sonifier,
        print_lines: Callable[[Sequence[str]], None] | None,
    ) -> None:
        self._sonifier = sonifier
        self._print = print_lines
        aftermath.watch(self)

    def forget(self) -> None:
        """It did not end so."""
        aftermath.forget(self)

    def ended_by(self, kind: EventKind, *, is_clean: bool) -> None:
        """Sound it, and complete the files."""
        epoch = self._sonifier.last_epoch
        if epoch >= 0:
            with suppress(Exception):  # a fault of ours must not cover theirs
                self._sonifier.sound(kind)
                self._sonifier.close(_PATIENCE)
                if self._print is not None:
                    self._print([ending_sentence(kind, epoch)])


class LateEnd:
    """The end of a `fit` of a single epoch, with which a loop may go on.

    It is told when nothing has come for a while, or when the script or the cell of a
    notebook ends; not at all if the next `fit` comes before.

    Args:
        sonifier: Whose run it is.
        tell: Ends the run, and says so.
        patience: Seconds to wait for the next `fit`.
    """

    def __init__(
        self,
        sonifier: Sonifier,
        tell: Callable[[EventKind], None],
        patience: float,
    ) -> None:
        self.sonifier = sonifier
        self._tell = tell
        self._lock = threading.Lock()
        self._is_open = True
        self._timer = threading.Timer(patience, self.tell)
        self._timer.daemon = True
        with suppress(RuntimeError):  # no thread to be had: the script's end tells
            self._timer.start()
        aftermath.watch(self)
        _waiting.add(self)

    def cancel(self) -> bool:
        """Go on; return whether it had not been told yet."""
        with self._lock:
            was_open, self._is_open = self._is_open, False
        self._timer.cancel()
        aftermath.forget(self)
        _waiting.discard(self)
        return was_open

    def tell(self, kind: EventKind = "finished") -> None:
        """Tell it now, unless it has been told."""
        if self.cancel():
            with suppress(Exception):
                self._tell(kind)

    def ended_by(self, kind: EventKind, *, is_clean: bool) -> None:
        """The script or the cell ends: cut short by an exception, or done."""
        self.tell("finished" if is_clean else kind)


def give_way(sonifier: Sonifier) -> None:
    """Close the runs that wait in the directory of another that begins now.

    Args:
        sonifier: What begins; its own run waits on.
    """
    directory = sonifier.settings.directory
    for end in list(_waiting):
        is_same = end.sonifier.settings.directory == directory is not None
        if is_same and end.sonifier is not sonifier and end.cancel():
            end.sonifier.close()


_waiting: set[LateEnd] = set()
