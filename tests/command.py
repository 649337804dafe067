"""The command line, run as its users run it: in a process of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_TIMEOUT = 60.0  # seconds after which a command that hangs is ended


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left behind."""

    status: int
    out: str
    err: str


def keras_sonify(
    *arguments: str | Path,
    directory: Path,
    encoding: str = "utf-8",
    given: str = "",
    out: int | IO[str] = subprocess.PIPE,
) -> Done:
    """Run `keras-sonify` to its end.

    Args:
        arguments: Its command line.
        directory: Where it runs.
        encoding: That of its terminal. Defaults to `"utf-8"`.
        given: Its standard input. Defaults to nothing.
        out: Where its output goes. Defaults to what is returned.
    """
    done = subprocess.run(
        [sys.executable, "-m", "keras_sonify", *arguments],
        cwd=directory,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        input=given,
        stdout=out,
        stderr=subprocess.PIPE,
        encoding=encoding,
        timeout=_TIMEOUT,
        check=False,
    )
    return Done(done.returncode, done.stdout or "", done.stderr)
