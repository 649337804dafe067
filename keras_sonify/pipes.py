"""Whether a pipe has something to read: asked on any system without being held up."""

import contextlib
import select
import sys
import time
from collections.abc import Callable

_LOOK = 0.01  # seconds between two looks where a pipe cannot be waited for


def can_read(descriptor: int, seconds: float) -> bool:
    """Wait until a read would return at once.

    Args:
        descriptor: Of the pipe.
        seconds: To wait at most.

    Returns:
        Whether it would: something has come, or it has ended.
    """
    if sys.platform == "win32":
        # `select` knows only sockets there. And while a read waits, whatever loads a
        # library that looks at the standard input, as NumPy does, waits with it.
        import _winapi
        import msvcrt

        handle = msvcrt.get_osfhandle(descriptor)
        return look_until(lambda: _winapi.PeekNamedPipe(handle, 0)[0], seconds)
    return bool(select.select([descriptor], [], [], seconds)[0])


def look_until(
    held: Callable[[], int], seconds: float, clock: Callable[[], float] = time.monotonic
) -> bool:
    """Look again and again; see `can_read`.

    Args:
        held: Returns how many bytes there are to read; raises an `OSError` where the
            other end is closed, or where it is no pipe: then the read will tell.
        seconds: To look at most; the first look is done in any case.
        clock: Tells the time, in seconds. Defaults to the monotonic clock.
    """
    end = clock() + seconds
    with contextlib.suppress(OSError):
        while not held():
            if clock() >= end:
                return False
            time.sleep(_LOOK)
    return True
