"""Programs on a terminal, and the same ones with their output piped."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

_TIMEOUT = 120.0  # seconds after which a program that hangs is ended


def run_on_terminal(arguments: Sequence[str | Path], directory: Path) -> str:
    """Run Python where all that it reads and prints is a terminal; return the latter.

    Nothing of ours has a colour.

    Args:
        arguments: Those of Python.
        directory: Where it runs.
    """
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, *arguments],
        cwd=directory,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "200", "NO_COLOR": "1"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as program:
        os.close(theirs)
        try:
            told = _read_all(ours)
        finally:
            program.kill()
            os.close(ours)
    return told.decode("utf-8", "replace").replace("\r\n", "\n")


def run_piped(arguments: Sequence[str | Path], directory: Path) -> str:
    """Run Python with a pipe for stdout and stderr; return what came through it."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_TIMEOUT,
        check=False,
    )
    return done.stdout.decode("utf-8", "replace")


def _read_all(terminal: int) -> bytes:
    """Return what comes from a terminal until nobody has it open any more."""
    told, deadline = b"", time.monotonic() + _TIMEOUT
    while True:
        left = deadline - time.monotonic()
        if not select.select([terminal], [], [], max(left, 0.0))[0]:
            raise TimeoutError(f"The program hangs. Received: {told!r}")
        try:
            part = os.read(terminal, 65536)
        except OSError:  # as Linux tells it
            part = b""
        if not part:
            return told
        told += part
