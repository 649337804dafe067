"""The lines of a log that is still growing."""

import os
import select
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from keras_sonify.readers.lines import Lines

# A tenth of the 100 ms in which a row shall be heard. We look, rather than wait for
# the system to tell: over NFS and in many containers no event is ever sent.
_POLL = 0.01
_BLOCK = 1 << 20
_GONE = (-1, -1)  # no device and no file has this number

RESTARTED = b""
"""Stands for a new beginning: the log was replaced, or written from its start."""


def follow_file(
    path: Path,
    *,
    idle: float | None = None,
    beat: float | None = None,
) -> Iterator[list[bytes]]:
    r"""Yield the complete lines of a file, as they are written, for ever.

    The file may not exist yet; it may be cut off, or replaced by another one. A line
    is complete with its `\n` or `\r`; for one that is too long there is `OVERLONG`.

    Args:
        path: The file.
        idle: Seconds without a new line after which to stop. Defaults to `None`.
        beat: Seconds without a new line after which to yield an empty list, again
            and again. Defaults to `None`.

    Yields:
        Lists of lines that were there at once, at first all that were there at the
        beginning (an empty list if there were none). `RESTARTED` in it tells that
        what follows is a log from its beginning.
    """
    place, splitter, identity = 0, Lines(), None
    is_first = True
    last_change = last_beat = time.monotonic()
    while True:
        lines: list[bytes] = []
        try:
            # Opened anew each time: NFS brings news of a file when it is opened.
            with path.open("rb") as file:
                state = os.fstat(file.fileno())
                now = (state.st_dev, state.st_ino)
                if identity is not None and (now != identity or state.st_size < place):
                    place, splitter = 0, Lines()
                    lines.append(RESTARTED)
                identity = now
                if state.st_size > place:
                    file.seek(place)
                    while block := file.read(_BLOCK):
                        place += len(block)
                        lines += splitter.feed(block)
        except FileNotFoundError:
            # A file that comes after it is another one, also where it is given the
            # same number.
            identity = identity and _GONE
        if lines or is_first:
            yield lines
            is_first, last_change = False, time.monotonic()
            last_beat = last_change
        elif idle is not None and time.monotonic() - last_change > idle:
            if splitter.rest:
                yield [splitter.rest]
            return
        elif beat is not None and time.monotonic() - last_beat > beat:
            yield []
            last_beat = time.monotonic()
        time.sleep(_POLL)


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
        if not waits or select.select([descriptor], [], [], min(waits))[0]:
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
