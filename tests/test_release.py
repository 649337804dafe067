"""What a release says of itself is one thing, wherever it is said."""

import re
import tomllib
from pathlib import Path
from typing import Any

import markdown

import keras_sonify


def _project() -> dict[str, Any]:
    text = (markdown.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project: dict[str, Any] = tomllib.loads(text)["project"]
    return project


def _read(name: str) -> str:
    return (markdown.ROOT / name).read_text(encoding="utf-8")


def test_the_version_is_the_same_everywhere() -> None:
    """Who cites it cites what is installed."""
    (cited,) = re.findall(r"^version: (.+)$", _read("CITATION.cff"), re.MULTILINE)

    assert cited == keras_sonify.__version__


def test_each_python_that_is_promised_is_tried() -> None:
    """By `make matrix`, and by the workflow of a public repository."""
    marked = " ".join(_project()["classifiers"])
    promised = re.findall(r"Python :: (3\.\d+)", marked)
    workflow = _read(".github/workflows/tests.yml")
    (listed,) = re.findall(r"^ +python: \[(.+)\]$", workflow, re.MULTILINE)
    tried = re.findall(
        r"python(?:: str|) ?= ?\"(3\.\d+)\"", _read("scripts/matrix/places.py")
    )

    assert _project()["requires-python"] == f">={promised[0]}"
    assert re.findall(r"3\.\d+", listed) == promised
    assert sorted(set(tried)) == promised


def test_each_extra_is_tried_alone() -> None:
    """By `make matrix`: each is enough for what it is for."""
    programs = _read("scripts/matrix/places.py").partition("EXTRAS = {")[2]
    tried = set(re.findall(r"^    \"(.+)\":", programs, re.MULTILINE))

    assert tried - {"none"} == {*_project()["optional-dependencies"]} - {"tensorflow"}


def test_each_licence_of_what_is_shipped_comes_with_it() -> None:
    """Ours, and beside the words that are spoken that of their voice."""
    package = Path(keras_sonify.__file__).parent
    homes = {file.parent for file in package.rglob("*.flac")}

    assert [(home / "LICENSE.txt").is_file() for home in homes] == [True]
    assert _project()["license"] == "MIT AND MIT-Festival"
    assert _project()["license-files"] == ["LICENSE"]
