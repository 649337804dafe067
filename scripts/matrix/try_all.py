"""Try the built wheel everywhere it is promised to work: `make matrix`.

    .venv/bin/python scripts/matrix/try_all.py [NAME]...

Each environment lies in `.matrix`, and is built again only when what belongs in it has
changed. `tests/matrix` runs in it, on the wheel alone. What came of it is told in
lines, and as a table in `.matrix/matrix.md`, of which `docs/matrix.md` is a copy.
"""

import argparse
import sys
import time
from pathlib import Path

from environments import (
    HOME,
    PROJECT,
    ROOT,
    FailedError,
    call,
    interpreter,
    make,
    prepare,
)
from places import EXTRAS, PLACES, Place
from results import page

_TESTS = ROOT / "tests" / "matrix"
_LONGEST = 1800.0  # seconds that the tests of an environment may take
_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3"}


def main() -> int:
    """Build, try and tell."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="Only these.")
    names = parser.parse_args().names
    HOME.mkdir(exist_ok=True)
    begun = time.monotonic()
    wheel, source = build()
    chosen = [place for place in PLACES if not names or place.name in names]
    failed = [place.name for place in chosen if not try_place(place, wheel)]
    if not names:
        failed += [extra for extra in EXTRAS if not try_extra(extra, wheel, source)]
        (HOME / "matrix.md").write_text(page(), encoding="utf-8")
    say(f"The matrix took {(time.monotonic() - begun) / 60:.1f} minutes.")
    say(f"Failed: {', '.join(failed)}." if failed else "All that was tried is right.")
    return bool(failed)


def say(line: str) -> None:
    """Tell at once."""
    print(line, flush=True)  # noqa: T201 - a command


def build() -> tuple[Path, Path]:
    """Build the wheel and the source distribution, and hold them against the rules."""
    dist = HOME / "dist"
    for old in dist.glob("*"):
        old.unlink()
    call(sys.executable, "-m", "build", "--outdir", dist, ROOT)
    (wheel,), (source,) = dist.glob("*.whl"), dist.glob("*.tar.gz")
    tools = Path(sys.executable).parent
    call(tools / "check-wheel-contents", "--config", PROJECT, wheel)
    call(tools / "twine", "check", "--strict", wheel, source)
    return wheel, source


def try_place(place: Place, wheel: Path) -> bool:
    """Run the tests in an environment; return whether all is as promised."""
    begun = time.monotonic()
    report = HOME / f"{place.name}.xml"
    report.unlink(missing_ok=True)
    try:
        prepare(place, wheel)
    except FailedError as error:
        say(f"{place.name}: LEFT OUT, it could not be had here. {error}")
        return not place.is_promised
    had = time.monotonic()
    try:
        said = call(
            interpreter(place),
            *("-P", "-m", "pytest", "-q", "--junitxml", report),
            *sorted(_TESTS.glob(place.tests)),
            cwd=wheel.parent,
            settings={**_QUIET, **place.settings},
            timeout=_LONGEST,
        )
        for program in EXTRAS.values() if place.is_lowest else ():
            call(interpreter(place), "-P", "-c", program, cwd=HOME / place.folder)
    except FailedError as error:
        say(f"{place.name}: FAILED. {error}")
        return False
    times = f"{had - begun:.0f} s to prepare"
    say(f"{place.name}: {said.splitlines()[-1].strip('= ')}, after {times}")
    return True


def try_extra(extra: str, wheel: Path, source: Path) -> bool:
    """Try an extra in an environment of its own; return whether it does its work."""
    folder = HOME / "extra"
    try:
        # Without any, it is the source distribution that is installed.
        make(folder, "3.11", f"{wheel}[{extra}]" if extra != "none" else source)
        call(folder / "bin" / "python", "-P", "-c", EXTRAS[extra], cwd=folder)
    except FailedError as error:
        say(f"Extra {extra}: FAILED. {error}")
        return False
    say(f"Extra {extra}: works, where nothing else is installed")
    return True


if __name__ == "__main__":
    sys.exit(main())
