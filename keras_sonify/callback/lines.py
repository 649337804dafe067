"""The lines of `verbose=1`, beside those that Keras prints."""

import contextlib
import logging
import os
import sys
from collections.abc import Iterator, Sequence

import keras

from keras_sonify.training.foreign import shown
from keras_sonify.training.warn import held_warnings, warn
from keras_sonify.words.terminal import print_lines

_log = logging.getLogger(__name__)


class Lines:
    """Prints lines where Keras leaves room for them.

    Keras ends an epoch's progress bar, or line, after our hook only: what is told there
    and warned of waits until Keras calls us again. By then the cursor is at
    the beginning of a line, so that nothing stands in the bar, and no empty line is
    needed to get out of it.

    Args:
        verbose: That of `fit`: 0, 1, 2 or `"auto"`; `None` where nobody knows. Defaults
            to `None`.
    """

    def __init__(self, verbose: object = None) -> None:
        self._has_bar = verbose in (1, "auto")
        self._waits = self._has_bar or verbose == 2  # noqa: PLR2004 - a line an epoch
        self._waiting: list[str] = []
        self._warnings: list[str] = []
        self._is_in_bar = False
        self._is_ending = False

    @contextlib.contextmanager
    def epoch_ends(self) -> Iterator[None]:
        """Keep what is warned of at an epoch's end, as what is told there."""
        self.tell(())  # whoever drives us may call no hook between two epochs
        self._is_ending = True
        no_hold = contextlib.nullcontext(list[str]())
        with held_warnings() if self._waits else no_hold as held:
            try:
                yield
            finally:
                self._warnings += held
                self._is_ending = False

    def tell_epoch(self, lines: Sequence[str]) -> None:
        """Tell of an epoch that ends just now."""
        self._waiting += lines
        if not self._waits:
            self.tell(())

    def keras_has_told(self) -> None:
        """Print what was waiting for Keras to tell of the epoch."""
        self._is_in_bar = False
        self.tell(())

    def bar_begins(self) -> None:
        """Note that from now on Keras draws its bar."""
        self._is_in_bar = self._has_bar

    def tell(self, lines: Sequence[str]) -> None:
        """Print what was waiting, and these lines, now."""
        told, self._waiting = [*self._waiting, *lines], []
        warnings, self._warnings = self._warnings, []
        is_in_bar = self._is_in_bar and bool(told or warnings)
        self._is_in_bar = self._is_in_bar and not is_in_bar
        _print(told, warnings, is_in_bar=is_in_bar and not _has_traceback())

    def tell_in_epoch(
        self, lines: Sequence[str], warnings: Sequence[str], *, has_bar: bool
    ) -> None:
        """Print lines now, with whatever thread Keras calls a hook for a batch.

        Keras draws its bar anew below them, with one of the next batches.

        Args:
            lines: What to print.
            warnings: What to warn of.
            has_bar: Boolean. Whether Keras may have drawn its bar in this epoch.
        """
        if self._is_ending:
            for message in warnings:
                warn(message)
            self.tell_epoch(lines)
        elif lines or warnings:
            _print(lines, warnings, is_in_bar=self._is_in_bar and has_bar)


def _print(lines: Sequence[str], warnings: Sequence[str], *, is_in_bar: bool) -> None:
    """Print below the bar, of which an empty line ends the line, if it is there."""
    is_logged = not keras.utils.is_interactive_logging_enabled()
    end = [""] if is_in_bar and not is_logged else []
    if warnings:
        print_lines(end)
        for message in warnings:
            warn(message)
        end = []
    if not is_logged:
        print_lines([*end, *lines])  # in one go: another thread may draw the bar
        return
    for line in lines:
        _log.info(shown(line))


def _has_traceback() -> bool:
    """Whether Python has shown an exception where we print: that has ended the line."""
    if getattr(sys, "last_value", None) is None:
        return False
    try:
        return os.path.sameopenfile(sys.stdout.fileno(), sys.stderr.fileno())
    except (AttributeError, OSError, ValueError):  # none, closed, or no files
        return False
