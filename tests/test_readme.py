"""What README, docs and docstrings say is so: tables, options, each block of code."""

import ast
import dataclasses
import inspect
import re
import shlex
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import markdown
import pytest

import keras_sonify
from keras_sonify import Rules, Sonifier, SonifyCallback, compare, read_log
from keras_sonify.cli import commands
from keras_sonify.output import Output
from keras_sonify.testing import RecordingOutput
from keras_sonify.training.events import EVENT_KINDS, EVENTS

SOUNDS, LOGS, FILES = "docs/sounds.md", "docs/logs.md", "docs/files.md"
PAGES = sorted(
    path.relative_to(markdown.ROOT).as_posix()
    for pattern in ("*.md", "docs/**/*.md")
    for path in markdown.ROOT.glob(pattern)
)
# What CONTRIBUTING shows, tests/test_contributing.py tries.
SHOWN = [page for page in PAGES if page == "README.md" or page.startswith("docs/")]
EXPLAINED: list[Any] = [
    SonifyCallback,
    SonifyCallback.page,
    Sonifier,
    compare,
    read_log,
    Output,
    RecordingOutput,
]


def call_in(code: str) -> ast.Call:
    """Return the call that is all of the code."""
    (line,) = ast.parse(code).body
    assert isinstance(line, ast.Expr)
    assert isinstance(line.value, ast.Call)
    return line.value


def test_the_options_are_those_of_the_callback() -> None:
    """All of them, by their names and defaults, in their order."""
    code, *_ = markdown.blocks(markdown.section("docs/options.md"), "python")
    told = {
        option.arg: ast.literal_eval(option.value) for option in call_in(code).keywords
    }

    parameters = inspect.signature(SonifyCallback).parameters.values()
    real = {parameter.name: parameter.default for parameter in parameters}

    assert list(told.items()) == list(real.items())


def test_the_docstrings_explain_each_argument() -> None:
    """In the order in which they come, and no other."""
    for thing in (SonifyCallback, Sonifier, Rules):
        text = inspect.getdoc(thing) or ""
        arguments = re.search(
            r"^Args:\n(.*?)(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL
        )
        assert arguments
        told = re.findall(r"^    (\w+): ", arguments[1], re.MULTILINE)
        assert told == list(inspect.signature(thing).parameters)


def test_the_table_of_events_is_complete() -> None:
    """Each kind stands in it once, and is known to the table in the code."""
    table = markdown.rows(markdown.section(SOUNDS, "Events"), "event")
    told = [kind for row in table for kind in markdown.code_in(row[0])]

    assert sorted(told) == sorted(EVENT_KINDS) == sorted(EVENTS)


def test_each_threshold_stands_beside_its_events() -> None:
    """The last column holds all fields of `Rules` with their defaults."""
    table = markdown.rows(markdown.section(SOUNDS, "Events"), "event")
    told = {threshold for row in table for threshold in markdown.code_in(row[-1])}

    real = {f"{field.name}={field.default}" for field in dataclasses.fields(Rules)}

    assert told == real


def test_the_table_of_commands_is_complete() -> None:
    """Each command with its options; no option is spoken of that it does not have."""
    table = markdown.rows(markdown.section(LOGS), "command")
    told = {markdown.code_in(row[0])[0].split()[1]: row for row in table}

    assert sorted(told) == sorted(commands.commands)
    for name, (usage, text, options) in told.items():
        parameters = commands.commands[name].params
        real = {
            parameter.opts[-1]
            for parameter in parameters
            if isinstance(parameter, click.Option)
        }
        arguments = [p for p in parameters if isinstance(p, click.Argument)]
        assert set(markdown.code_in(options)) == real, name
        assert set(re.findall(r"--[a-z-]+", text)) <= real, name
        assert len(usage.split()) == 2 + len(arguments), name


def test_command_lines_are_taken() -> None:
    """Each that stands in a block of a page is one that the program understands."""
    lines = [
        line.partition("#")[0]
        for page in PAGES
        for block in markdown.blocks(markdown.section(page), "sh")
        for line in block.splitlines()
        if "keras-sonify " in line
    ]

    assert lines
    for line in lines:
        name, *arguments = shlex.split(line.partition("keras-sonify ")[2])
        commands.commands[name].make_context(name, arguments)


def test_the_table_of_files_is_what_a_run_leaves(tmp_path: Path) -> None:
    """Each file has its row, and no other has one."""
    table = markdown.rows(markdown.section(FILES), "file")
    told = [name for row in table for name in markdown.code_in(row[0])]

    history = {"loss": [1.0, 0.5], "val_loss": [1.5, 1.0]}
    Sonifier.from_history(history, directory=tmp_path)

    assert sorted(told) == sorted(path.name for path in tmp_path.iterdir())


def test_a_long_run_has_windows(tmp_path: Path) -> None:
    """Beyond a thousand epochs two share a row, which names the last of them."""
    losses = [1.0 / (1 + epoch) for epoch in range(1001)]

    Sonifier.from_history({"loss": losses}, metrics="loss", directory=tmp_path)

    rows = (tmp_path / "score.csv").read_text(encoding="utf-8").splitlines()[1:]
    tones = [row.split(",") for row in rows if row.startswith("loss.wav,")]
    assert [int(row[3]) for row in tones] == [*range(1, 1001, 2), 1000]
    assert not any(row.startswith("live,") for row in rows)


def anchors(page: str) -> set[str]:
    """Return what a link may name on a page: its headings, as forges write them."""
    titles = re.findall(r"^#+ (.+)$", markdown.section(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """Each link or picture that is not on the web is a file, and a heading in it."""
    links = re.findall(r"\]\(([^)]+)\)", markdown.section(page))

    for link in links:
        if not link.startswith("https://"):
            file, _, anchor = link.partition("#")
            path = (markdown.ROOT / page).parent / file
            assert path.is_file(), link
            target = path.resolve().relative_to(markdown.ROOT).as_posix()
            assert not anchor or anchor in anchors(target), link


def test_what_shows_a_number_is_there() -> None:
    """Each test, benchmark or script that a page names is a file of the project."""
    text = "".join(map(markdown.section, PAGES))
    named = set(re.findall(r"\b(?:tests|benchmarks|scripts)/[\w/]+(?:\.\w+)?", text))

    assert len(named) > 20
    assert {name for name in named if not (markdown.ROOT / name).exists()} == set()


def test_the_readme_is_short_and_leads_to_all_else() -> None:
    """Two hundred lines at most, and a link to each page of the docs."""
    text = markdown.section("README.md")

    assert len(text.splitlines()) <= 200
    assert {page for page in SHOWN if f"({page})" not in text} == {"README.md"}


def test_what_is_to_be_installed_is_there() -> None:
    """Each extra that a page names is one of the package."""
    settings = tomllib.loads((markdown.ROOT / "pyproject.toml").read_text("utf-8"))
    text = "".join(map(markdown.section, SHOWN))
    named = re.findall(r"pip install '(?:keras_sonify|\.)\[(\w+)\]'", text)

    assert set(named) == set(settings["project"]["optional-dependencies"])


def test_the_readme_s_words_are_those_of_the_figures() -> None:
    """In its table each figure has the words that may follow it, unless only told."""
    table = markdown.rows(markdown.section("README.md", "What you hear"), "figure")
    told = {row[0].strip("*"): set(re.findall(r'"(.+?)"', row[2])) for row in table}

    real: dict[str, set[str]] = {}
    for event in EVENTS.values():
        if event.is_heard:
            real.setdefault(event.figure, set()).add(event.word)
    assert told == real


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a reader of the examples has: a model, data, and a log of a training."""
    import keras
    import numpy as np

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_SONIFY_DEVICE", "none: tests are silent")
    (tmp_path / "model_log.csv").write_text("epoch,loss\n0,1.0\n1,0.5\n")
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    losses = iter(range(1000, 0, -1))
    train: Callable[[], int] = losses.__next__
    return {
        **{name: getattr(keras_sonify, name) for name in keras_sonify.__all__},
        "RecordingOutput": RecordingOutput,
        "model": model,
        "x": np.ones((10, 2)),
        "y": np.ones(10),
        "train": train,
        "validate": train,
    }


@pytest.mark.parametrize(
    "page",
    [page for page in SHOWN if markdown.blocks(markdown.section(page), "python")],
)
def test_the_code_of_the_pages_runs(page: str, names: dict[str, Any]) -> None:
    """Block after block, as a reader would try them."""
    for code in markdown.blocks(markdown.section(page), "python"):
        exec(code, names)  # noqa: S102 - our own page

    if page == "README.md":
        written = {path.name for path in Path("sonification").iterdir()}
        assert {"log.csv", "loss.wav", "val_loss.wav", "index.html"} <= written
        assert Path("run/sound/loss.wav").is_file()


def test_the_code_of_the_docstrings_runs(names: dict[str, Any]) -> None:
    """Each example of what users call."""
    for thing in EXPLAINED:
        text = inspect.getdoc(thing) or ""
        found = markdown.blocks(text, "python")
        assert found, thing
        for code in found:
            exec(code, names)  # noqa: S102 - our own
