"""Environments that hold the wheel: made by uv, and kept."""

import os
import subprocess
import sys
import tomllib
import zlib
from collections.abc import Mapping
from pathlib import Path

from places import Place

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".matrix"
PROJECT = ROOT / "pyproject.toml"
_MOST_WORDS = 80  # of the end of what a program said


class FailedError(Exception):
    """A program failed; says how."""


def call(
    *command: object,
    cwd: Path | None = None,
    settings: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> str:
    """Run a program; return what it said.

    Args:
        *command: What to run.
        cwd: Where. Defaults to here.
        settings: Environment variables beside ours. Defaults to none.
        timeout: Seconds that it may take. Defaults to any.

    Raises:
        FailedError: If it failed, or took too long.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own
            [*map(str, command)],
            cwd=cwd,
            env={**os.environ, **(settings or {})},
            timeout=timeout,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FailedError(f"It took over {timeout:.0f} seconds.") from error
    if done.returncode:
        raise FailedError(" ".join(done.stdout.split()[-_MOST_WORDS:]))
    return done.stdout


def interpreter(place: Place) -> Path:
    """Return the Python of an environment."""
    return HOME / place.folder / "bin" / "python"


def make(folder: Path, python: str, *packages: object) -> None:
    """Make an environment anew, and install packages into it."""
    _uv("venv", "--clear", "--python", python, folder, at=folder)
    install(folder, *packages)


def install(folder: Path, *packages: object) -> None:
    """Install packages into an environment."""
    _uv("pip", "install", *packages, at=folder)


def prepare(place: Place, wheel: Path) -> bool:
    """Have an environment that holds what it should, and this wheel.

    Returns:
        Whether it had to be built.

    Raises:
        FailedError: If it could not be had.
    """
    folder, ready = HOME / place.folder, HOME / place.folder / "ready"
    wanted = f"{place.packages} {_needs()}"
    is_stale = not ready.exists() or ready.read_text(encoding="utf-8") != wanted
    if is_stale and not place.home:
        all_lowest = ("--resolution", "lowest-direct", "-r", PROJECT, "--all-extras")
        ours = f"{wheel}[{place.extras}]" if place.extras else wheel
        given = all_lowest if place.is_lowest else (ours,)
        make(folder, place.python, *given, *place.packages)
        install(folder, "pytest")  # the newest, whatever else is lowest
        ready.write_text(wanted, encoding="utf-8")
    install(folder, "--no-deps", "--reinstall", wheel)
    return is_stale


def _needs() -> int:
    """Return a number that changes when what the package needs does."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    needs = [project["dependencies"], project["optional-dependencies"]]
    return zlib.crc32(repr(needs).encode())


def _uv(*arguments: object, at: Path) -> None:
    """Have uv do something with an environment; it is fetched once."""
    program = HOME / "uv" / "bin" / "uv"
    if not program.exists():
        call(sys.executable, "-m", "venv", "--clear", HOME / "uv")
        call(program.with_name("python"), "-m", "pip", "install", "-q", "uv")
    # Where Pythons may lie that are not on the path, and wheels that only pip knows of.
    others = map(str, sorted(Path.home().glob(".pyenv/versions/*/bin")))
    settings = {
        "VIRTUAL_ENV": str(at),
        "PATH": os.pathsep.join([os.environ["PATH"], *others]),
        "UV_FIND_LINKS": ",".join(os.environ.get("PIP_FIND_LINKS", "").split()),
    }
    call(program, *arguments, settings=settings)
