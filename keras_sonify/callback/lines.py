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

    @contextlib.contextmanager
    def epoch_ends(self) -> Iterator[None]:
        """Keep what is warned of at an epoch's end, as what is told there."""
        self.tell(())  # whoever drives us may call no hook between two epochs
        if not self._waits:
            yield
            return
        with held_warnings() as held:
            try:
                yield
            finally:
                self._warnings += held

    def tell_epoch(self, lines: Sequence[str]) -> None:
        """Tell of an epoch that ends just now."""
        self._waiting += lines
        if not self._waits:
            self.tell(())

    def keras_has_told(self, *, bar_begins: bool = False) -> None:
        """Print what was waiting for Keras to tell of the epoch.

        Args:
            bar_begins: Boolean. Whether the next bar begins. Defaults to `False`.
        """
        self._is_in_bar = False
        self.tell(())
        self._is_in_bar = bar_begins and self._has_bar

    def tell(self, lines: Sequence[str]) -> None:
        """Print what was waiting, and these lines, now."""
        told, self._waiting = [*self._waiting, *lines], []
        warnings, self._warnings = self._warnings, []
        is_logged = not keras.utils.is_interactive_logging_enabled()
        if self._is_in_bar and (told or warnings) and not is_logged:
            self._is_in_bar = False
            if not _has_traceback():
                print_lines([""])  # ends the bar's line
        for message in warnings:
            warn(message)
        if not is_logged:
            print_lines(told)
            return
        for line in told:
            _log.info(shown(line))


def _has_traceback() -> bool:
    """Whether Python has shown an exception where we print: that has ended the line."""
    if getattr(sys, "last_value", None) is None:
        return False
    try:
        return os.path.sameopenfile(sys.stdout.fileno(), sys.stderr.fileno())
    except (AttributeError, OSError, ValueError):  # none, closed, or no files
        return False
