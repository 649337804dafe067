"""What came of it, as a page."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

from environments import HOME, call, interpreter
from places import PLACES, Place

_NONE = "-"
_TOLD = ("keras", "tensorflow", "tf_keras", "jax", "torch", "numpy")


def page() -> str:
    """Return the page that tells what was tried, and what came of it."""
    found = {p.name: outcomes(HOME / f"{p.name}.xml") for p in PLACES}
    places = [place for place in PLACES if found[place.name]]
    rows = list(dict.fromkeys(row for each in found.values() for row in each))
    versions = [[place.name, *versions_in(place)] for place in places]
    cells = [
        [
            row.replace("_", " ").capitalize(),
            *(found[each.name].get(row, _NONE) for each in places),
        ]
        for row in rows
    ]
    return "\n".join(
        [
            "# Where it was tried",
            "",
            "`make matrix` runs `tests/matrix` on the built wheel in each of these",
            "environments, on Linux; this page is what it wrote. *ok 12*: in twelve",
            "forms; -: there is no such thing there, or it was not tried.",
            "",
            *table(["Environment", "Python", *_TOLD], versions),
            "",
            *table(["What happens", *(place.name for place in places)], cells),
            "",
        ]
    )


def outcomes(report: Path) -> dict[str, str]:
    """Return what came of each test, over all forms in which it was run."""
    if not report.exists():
        return {}
    seen: dict[str, list[str]] = {}
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - our own file
        name = (case.get("name") or "").partition("[")[0].removeprefix("test_")
        seen.setdefault(name, []).append(case[0].tag if len(case) else "ok")
    return {name: _outcome(kinds) for name, kinds in seen.items()}


def _outcome(kinds: Sequence[str]) -> str:
    if {"failure", "error"}.intersection(kinds):
        return "FAILED"
    passed = kinds.count("ok")
    return _NONE if not passed else "ok" if passed == 1 else f"ok {passed}"


def versions_in(place: Place) -> list[str]:
    """Return the versions of Python and of what matters in an environment."""
    program = (
        "import importlib.metadata as m, platform\n"
        "print(platform.python_version())\n"
        f"for name in {_TOLD}:\n"
        "    try: print(m.version(name))\n"
        "    except m.PackageNotFoundError: print('-')"
    )
    return call(interpreter(place), "-c", program).split()


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]
