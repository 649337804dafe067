"""Lines on a terminal, or on what stands in for it."""

import io
import os
import shutil
import sys
from collections.abc import Iterable
from typing import Any, TextIO

from keras_sonify.training.foreign import shown
from keras_sonify.words.colours import coloured
from keras_sonify.words.wrapped import MOST_COLUMNS, wrapped


def print_lines(
    lines: Iterable[str], stream: TextIO | None = None, *, as_is: bool = False
) -> OSError | None:
    """Print lines, as far as they can be printed: those that cannot cost nothing else.

    On a terminal long ones are broken between words, and a few words have a colour,
    unless the environment variable `NO_COLOR` is set. Elsewhere a line stays a line.

    Args:
        lines: What to print; what would steer a terminal is told by its code.
        stream: Where. Defaults to `sys.stdout`.
        as_is: Boolean. Whether they stay lines on a terminal, too: data. Defaults to
            `False`.

    Returns:
        Why they could not be printed, as on a full disk; `None` if they could, or if
        nobody is left to read them.
    """
    # There may be none at all: `>&-`, a program with a window.
    out: TextIO | None = stream or sys.stdout
    told = [shown(line) for line in lines]
    try:
        if not as_is and _is_terminal(out):
            told = _for_people(told)
        text = "".join(f"{line}\n" for line in told)
        if out is not None and text:
            _write(out, text)
    except BrokenPipeError:  # nobody is left to read them
        return None
    except OSError as error:
        return error
    except Exception:  # noqa: BLE001 - closed, or a stream of somebody's own
        return None
    return None


def terminal_columns() -> int:
    """Return how many columns the terminal has, as far as that is known."""
    return shutil.get_terminal_size((MOST_COLUMNS, 24)).columns


def _for_people(lines: Iterable[str]) -> list[str]:
    """Return lines as they are easy to read on a terminal."""
    columns = terminal_columns()
    rows = ["\n".join(wrapped(line, columns)) for line in lines]
    return [coloured(row) for row in rows] if _has_colours() else rows


def _is_terminal(out: TextIO | None) -> bool:
    """Whether a stream is a terminal, not one that stands in for it, as a window's."""
    return type(out) is io.TextIOWrapper and out.isatty()


def _has_colours() -> bool:
    """Whether the terminal has colours, and whoever reads it wants them."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return os.name != "nt" or "WT_SESSION" in os.environ  # older windows show codes


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
