"""The Python that helper processes run in, if this process has one to give.

In a packed or embedded Python `sys.executable` is the user's own program: to start it
would train again, and again. It is therefore never started to find out what it is.
"""

import contextlib
import json
import os
import re
import sys
from pathlib import Path

MARK = "KERAS_SONIFY_HELPER"
"""Environment variable of a helper and all that it starts: import paths, as JSON."""

_MOST_PATHS = 24_000  # characters; Windows takes 32 767 in a variable

# python, python3.13t, python_d.exe, pythonw, python3.11-dbg, pypy3, graalpy
_PYTHON = re.compile(
    r"(python|pypy|graalpy)w?(_d)?(\d+(\.\d+)*)?[a-z]?(-dbg|-debug|-intel64|-c)?w?(\.exe)?",
    re.IGNORECASE,
)


class NoHelperError(RuntimeError):
    """This process must not start a helper; says why, as a clause."""


def helper_python() -> str:
    """Return the path of a Python that a helper can run in.

    Raises:
        NoHelperError: If there is none, or if this process comes from a helper.
    """
    if MARK in os.environ:
        raise NoHelperError("this program was started by a helper of keras_sonify")
    main = sys.modules.get("__main__")
    if getattr(sys, "frozen", False) or hasattr(main, "__compiled__"):
        raise NoHelperError("a packed program has no Python to start its helper with")
    executable: object = getattr(sys, "executable", None)
    if not isinstance(executable, str) or not executable:
        raise NoHelperError("this Python does not know where its program is")
    if not _is_python(executable):
        raise NoHelperError(
            f"its helper needs a Python, and `sys.executable` is {executable!r}"
        )
    return executable


def no_helper() -> str | None:
    """Return why this process must not start a helper; `None` if it may."""
    try:
        helper_python()
    except NoHelperError as error:
        return str(error)
    return None


def _is_python(executable: str) -> bool:
    """Whether a file is one, and is a Python by its own name, not only by a link's."""
    try:
        path = Path(executable).resolve()
        is_program = path.is_file() and os.access(path, os.X_OK)
    except (OSError, RuntimeError, ValueError):  # a NUL, a loop of links
        return False
    return is_program and bool(_PYTHON.fullmatch(path.name))


def helper_environment(home: str) -> dict[str, str]:
    """Return the environment of a helper, which finds there what this process finds.

    Args:
        home: The directory that holds this very package.
    """
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    python_path = os.pathsep.join([*filter(None, given), home])
    return {**os.environ, "PYTHONPATH": python_path, MARK: json.dumps(_import_paths())}


def _import_paths() -> list[str]:
    paths: list[str] = []
    room = _MOST_PATHS
    entries: list[object] = [*sys.path]  # others may put in what is no text
    for entry in entries:
        path = str(Path(entry).absolute()) if isinstance(entry, str) else ""
        room -= len(json.dumps(path)) + 2
        if path and path not in paths and room > 0 and _exists(path):
            paths.append(path)
    return paths


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def find_what_the_trainer_finds() -> None:
    """Look for modules where the trainer does, too: in a helper, before it imports.

    They come last: a file of the user's that is named like a module of the standard
    library must not be imported in its place.
    """
    with contextlib.suppress(ValueError):
        paths = json.loads(os.environ.get(MARK, "[]"))
        sys.path += [path for path in paths if path not in sys.path]
