"""Lines on a terminal, or on what stands in for it."""

import io
import os
import sys
from collections.abc import Iterable
from typing import Any, TextIO

from keras_sonify.training.foreign import shown


def print_lines(lines: Iterable[str], stream: TextIO | None = None) -> OSError | None:
    """Print lines, as far as they can be printed: those that cannot cost nothing else.

    Args:
        lines: What to print; what would steer a terminal is told by its code.
        stream: Where. Defaults to `sys.stdout`.

    Returns:
        Why they could not be printed, as on a full disk; `None` if they could, or if
        nobody is left to read them.
    """
    # There may be none at all: `>&-`, a program with a window.
    out: TextIO | None = stream or sys.stdout
    text = "".join(f"{shown(line)}\n" for line in lines)
    try:
        if out is not None and text:
            _write(out, text)
    except BrokenPipeError:  # nobody is left to read them
        return None
    except OSError as error:
        return error
    except Exception:  # noqa: BLE001 - closed, or a stream of somebody's own
        return None
    return None


def _write(out: TextIO, text: str) -> None:
    out.flush()  # what was printed before comes first
    buffer: Any = getattr(out, "buffer", None)
    encoding = getattr(out, "encoding", None) or "utf-8"
    # What the encoding does not have is told by its code, too.
    data = text.encode(encoding, "backslashreplace")
    is_plain = type(out) is io.TextIOWrapper and type(buffer) is io.BufferedWriter
    if not is_plain or "\n".encode(encoding) != b"\n":
        out.write(data.decode(encoding))  # a notebook's, or one of the user's own
        out.flush()
        return
    # Past the buffer: in it, a line that cannot be written would stay, and Python would
    # try it once more at the end, complain, and end with status 120.
    left = memoryview(data.replace(b"\n", os.linesep.encode()))
    while left:
        count = buffer.raw.write(left)
        if count is None:
            raise BlockingIOError("The terminal takes no more for now.")
        left = left[count:]
