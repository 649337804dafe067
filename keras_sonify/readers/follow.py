"""The lines of a log that is still growing."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar

from keras_sonify.pipes import can_read
from keras_sonify.readers.lines import Lines

# A tenth of the 100 ms in which a row shall be heard. We look, rather than wait for
# the system to tell: over NFS and in many containers no event is ever sent.
_POLL = 0.01
_BLOCK = 1 << 20
_LOOKED_AT = 256  # bytes at both ends of what has been read
_GONE = (-1, -1)  # no device and no file has this number

RESTARTED = b""
"""Stands for a new beginning: the log was replaced, or written from its start."""


class GrowingFile:
    r"""The lines of a file that may not exist yet, be cut off, or be replaced.

    Some write the whole file anew for each row: what had been read of it is looked at
    again before what follows is taken for more of it.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._identity: tuple[int, int] | None = None
        self._begin()

    def _begin(self) -> None:
        self._place, self._splitter = 0, Lines()
        self._head = self._tail = b""  # of what has been read
        self._changed = 0, 0  # when it was written to, and how large it was then

    def look(self) -> list[bytes]:
        """Return the lines that are complete now; `RESTARTED` stands for a new file.

        Raises:
            OSError: If it is there and cannot be read.
        """
        lines: list[bytes] = []
        try:
            # Opened anew each time: NFS brings news of a file when it is opened.
            with self.path.open("rb") as file:
                state = os.fstat(file.fileno())
                now = (state.st_dev, state.st_ino)
                is_other = self._identity is not None and now != self._identity
                is_written = (state.st_mtime_ns, state.st_size) != self._changed
                self._identity = now
                if (
                    is_other
                    or state.st_size < self._place
                    or (is_written and not self._is_as_it_was(file))
                ):
                    self._begin()
                    lines.append(RESTARTED)
                self._changed = state.st_mtime_ns, state.st_size
                if state.st_size > self._place:
                    lines += self._read(file)
        except FileNotFoundError:
            # A file that comes after it is another one, also where it is given the
            # same number.
            self._identity = self._identity and _GONE
        return lines

    @property
    def rest(self) -> bytes:
        """What has come of a line whose end is still to come."""
        return self._splitter.rest

    def _read(self, file: BinaryIO) -> list[bytes]:
        lines: list[bytes] = []
        file.seek(self._place)
        while block := file.read(_BLOCK):
            self._place += len(block)
            if len(self._head) < _LOOKED_AT:
                self._head = (self._head + block)[:_LOOKED_AT]
            self._tail = (self._tail + block[-_LOOKED_AT:])[-_LOOKED_AT:]
            lines += self._splitter.feed(block)
        return lines

    def _is_as_it_was(self, file: BinaryIO) -> bool:
        """Whether the file still begins with what has been read of it."""
        head = file.read(len(self._head))
        file.seek(self._place - len(self._tail))
        return head == self._head and file.read(len(self._tail)) == self._tail


_T = TypeVar("_T")


def poll(
    look: Callable[[], list[_T]],
    *,
    idle: float | None = None,
    beat: float | None = None,
    pause: float = _POLL,
) -> Iterator[list[_T]]:
    """Yield what has come, again and again, for ever.

    Args:
        look: Returns what has come since it was called last.
        idle: Seconds without anything new after which to stop. Defaults to `None`.
        beat: Seconds without anything new after which to yield an empty list, again
            and again. Defaults to `None`.
        pause: Seconds between two looks.

    Yields:
        Lists of what was there at once, at first all that was there at the beginning
        (an empty list if there was nothing).
    """
    is_first = True
    last_change = last_beat = time.monotonic()
    while True:
        news = look()
        if news or is_first:
            yield news
            is_first, last_change = False, time.monotonic()
            last_beat = last_change
        elif idle is not None and time.monotonic() - last_change > idle:
            return
        elif beat is not None and time.monotonic() - last_beat > beat:
            yield []
            last_beat = time.monotonic()
        time.sleep(pause)


def follow_stream(
    stream: BinaryIO,
    *,
    idle: float | None = None,
    beat: float | None = None,
) -> Iterator[list[bytes]]:
    r"""Yield the complete lines of a pipe, as they come, until it ends.

    Args:
        stream: The pipe, standard input.
        idle: Seconds without a new line after which to stop. Defaults to `None`.
        beat: Seconds without a new line after which to yield an empty list, again
            and again. Defaults to `None`.

    Yields:
        Lists of lines that came at once.
    """
    descriptor, splitter = stream.fileno(), Lines()
    waits = [seconds for seconds in (idle, beat) if seconds is not None]
    last_change = last_beat = time.monotonic()
    while True:
        lines: list[bytes] = []
        if not waits or can_read(descriptor, min(waits)):
            block = os.read(descriptor, _BLOCK)
            if not block:
                break
            lines = splitter.feed(block)
        # Asked also while something comes: a line may go on and on.
        now = time.monotonic()
        if lines:
            yield lines
            last_change = last_beat = time.monotonic()
        elif idle is not None and now - last_change >= idle:
            break
        elif beat is not None and now - last_beat >= beat:
            yield []
            last_beat = time.monotonic()
    if splitter.rest:
        yield [splitter.rest]
