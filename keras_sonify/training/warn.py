"""Warnings that never raise, and faults that cost one stage."""

import logging
import warnings
from collections.abc import Callable
from typing import TypeVar

from keras_sonify.training.foreign import shown

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


def warn(message: str) -> None:
    """Warn the user, and never raise: under `-W error` a warning is an exception."""
    message = shown(message)  # it may name what somebody else has named
    try:
        warnings.warn(message, stacklevel=2)
    except Warning:
        _log.warning(message)


class Warner:
    """Warns of each kind of trouble once."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def has_told(self, kind: str) -> bool:
        """Whether it has been warned of that kind of trouble."""
        return kind in self._told

    def once(self, kind: str, message: str) -> None:
        """Warn, unless it has been warned of that kind."""
        if kind not in self._told:
            self._told.add(kind)
            warn(message)

    def attempt(self, what: str, call: Callable[[], _T], otherwise: _T) -> _T:
        """Return what a call returns; a fault in it costs this call alone.

        Args:
            what: What failed if it raises, as the subject of a sentence.
            call: What to call.
            otherwise: What to return if it raises, which is warned of once.
        """
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - whatever it is, it must harm no other
            _log.debug("%s failed", what, exc_info=True)
            self.once(
                what,
                f"{what} failed: {error!r}. The values are kept, and the training "
                "goes on.",
            )
            return otherwise
