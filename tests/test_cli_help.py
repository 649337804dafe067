"""What the command line says of itself, and how light it is before it is used."""

import json
import re
import subprocess
import sys
from pathlib import Path

import click
import markdown
import pytest
from click.testing import CliRunner
from command import keras_sonify

import keras_sonify as package
from keras_sonify.cli import commands

README = markdown.section("README.md") + markdown.section("docs/logs.md")
HEAVY = {"keras", "tensorflow", "tensorboard", "numpy", "sounddevice", "soundfile"}


def options() -> list[tuple[str, click.Option]]:
    """Return each command's name with each of its options."""
    return [
        (name, parameter)
        for name, command in commands.commands.items()
        for parameter in command.params
        if isinstance(parameter, click.Option)
    ]


@pytest.mark.parametrize("name", commands.commands)
def test_each_command_shows_how_it_is_used(name: str) -> None:
    """Its help has examples, each of which is a command line that it takes."""
    told = CliRunner().invoke(commands, [name, "--help"])

    _, _, examples = told.stdout.partition("\n  Examples:\n")
    lines = re.findall(
        rf"^ +(?:.+ \| )?keras-sonify {name}(.*)$", examples, re.MULTILINE
    )
    assert told.exit_code == 0
    assert lines
    for line in lines:
        commands.commands[name].make_context(name, line.split())


@pytest.mark.parametrize("name", commands.commands)
def test_each_command_stands_in_the_readme(name: str) -> None:
    """Who reads about the package learns of it."""
    assert f"keras-sonify {name}" in README


@pytest.mark.parametrize(
    ("command", "option"),
    options(),
    ids=[f"{command} {option.opts[-1]}" for command, option in options()],
)
def test_each_option_is_explained(command: str, option: click.Option) -> None:
    """In the command's help, or in the docs beside its command."""
    assert option.help or f"keras-sonify {command} {option.opts[-1]}" in README


def test_the_commands_are_told(tmp_path: Path) -> None:
    """With `--help`, with `-h`, and to those who type nothing, but as an error."""
    asked, short = (keras_sonify(flag, directory=tmp_path) for flag in ("--help", "-h"))

    assert asked == short
    assert (asked.status, asked.err) == (0, "")
    assert all(f"\n  {name} " in asked.out for name in commands.commands)


def test_no_help_is_cut_short() -> None:
    """In the list of commands each is told to its end."""
    told = CliRunner().invoke(commands, ["--help"])

    lines = told.stdout.partition("\nCommands:\n")[2].splitlines()
    assert len(lines) == len(commands.commands)
    assert all(line.endswith(".") and not line.endswith("..") for line in lines)


@pytest.mark.parametrize("name", ["render", "listen", "describe", "compare"])
def test_it_is_told_which_logs_are_read(name: str) -> None:
    """Who has a log learns from the help whether it can be read."""
    told = CliRunner().invoke(commands, [name, "--help"])

    text = " ".join(told.stdout.split())
    assert "LOG is a table with a header (Keras's CSVLogger, pandas, " in text
    assert ("TensorBoard's event files" in text) == (name != "listen")


def test_the_version_is_the_package_s(tmp_path: Path) -> None:
    """Alone on its line, for scripts."""
    told = keras_sonify("--version", directory=tmp_path)

    assert told.out == f"{package.__version__}\n"


def loaded_after(code: str, directory: Path) -> list[str]:
    """Return which of the heavy modules are loaded after the code has run."""
    report = (
        f"import json, sys; print(json.dumps(sorted(sys.modules.keys() & {HEAVY})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"],
        cwd=directory,
        capture_output=True,
        text=True,
        check=True,
    )
    names: list[str] = json.loads(done.stdout.splitlines()[-1])
    return names


def test_the_command_line_loads_nothing_heavy(tmp_path: Path) -> None:
    """Neither arrays nor Keras nor a sound library stand between a user and help."""
    assert loaded_after("import keras_sonify.cli", tmp_path) == []


def test_telling_of_a_log_loads_nothing_heavy(tmp_path: Path) -> None:
    """Also the log is read, and described, without them."""
    (tmp_path / "log.csv").write_text("epoch,loss\n0,1.5\n")

    code = """
from keras_sonify.cli import commands
commands(["describe", "log.csv"], standalone_mode=False)
"""

    assert loaded_after(code, tmp_path) == []
