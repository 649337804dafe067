"""Warnings that never raise, and faults that cost one stage."""

import contextlib
import logging
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import TypeVar

from keras_sonify.training.foreign import shown

_T = TypeVar("_T")
_log = logging.getLogger(__name__)
_here = threading.local()  # `held`: what is not to be warned of in this thread just now


def warn(message: str) -> None:
    """Warn the user, and never raise: under `-W error` a warning is an exception."""
    held: list[str] | None = getattr(_here, "held", None)
    if held is not None:
        held.append(message)
        return
    message = shown(message)  # it may name what somebody else has named
    try:
        warnings.warn(message, stacklevel=2)  # noqa: TID251 - the one place
    except Warning:
        with contextlib.suppress(Exception):  # as below
            _log.warning(message)
    except Exception:  # noqa: BLE001 - stderr is closed, or who shows it is at fault
        _log.debug("A warning could not be shown", exc_info=True)


@contextlib.contextmanager
def held_warnings() -> Iterator[list[str]]:
    """Keep what this thread would warn of, to warn of it at a better time.

    Yields:
        The messages, as they come.
    """
    before = getattr(_here, "held", None)
    _here.held = held = list[str]()
    try:
        yield held
    finally:
        _here.held = before


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
