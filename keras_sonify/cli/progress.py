"""Signs of life of a command that takes long: plain lines, for eyes and ears."""

import time
from collections.abc import Callable

from keras_sonify.cli.tell import tell

_FIRST, _EVERY = 3.0, 10.0  # seconds of silence before a line


class Progress:
    """Tells on the error stream what is being done, if it takes long.

    No bar: one that redraws itself is noise to a screen reader and in a file.

    Args:
        name: What it is about.
        clock: Tells the time in seconds. Defaults to the system's.
    """

    def __init__(self, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._clock = clock
        self._due = clock() + _FIRST

    def step(self, doing: str) -> None:
        """Be told what is being done."""
        now = self._clock()
        if now >= self._due:
            tell(f"{self._name}: {doing}", err=True)
            self._due = now + _EVERY
