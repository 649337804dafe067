"""The terminal of a training, on which its helper says how it ended."""

import contextlib
import os


def terminal_path() -> str:
    """Return where a helper finds what this process writes its errors to."""
    with contextlib.suppress(OSError, AttributeError):  # Windows names no terminal
        return os.ttyname(2)
    return f"/proc/{os.getpid()}/fd/2"  # not there on macOS and Windows


class Terminal:
    """Where lines go that nobody else is left to write, in the helper.

    Held open only while a run is under way: whoever reads a program's output to its
    end must not wait for the helper.

    Args:
        path: Where it is. Where there is none, lines are lost.
    """

    def __init__(self, path: str) -> None:
        self._descriptor: int | None = None
        flags = os.O_WRONLY | os.O_APPEND
        for name in ("O_NOCTTY", "O_NONBLOCK", "O_CLOEXEC"):  # not all on Windows
            flags |= getattr(os, name, 0)
        with contextlib.suppress(OSError, ValueError):
            self._descriptor = os.open(path, flags)

    def say(self, line: str) -> None:
        """Write a line, below whatever stands there."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):  # closed, full, or nobody reads it
                os.write(self._descriptor, f"\n{line}\n".encode("utf-8", "replace"))

    def close(self) -> None:
        """Let it go."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
