"""What CONTRIBUTING shows is true: done as it says, it works."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import markdown
import pytest

import keras_sonify
from keras_sonify.testing import RecordingOutput

PACKAGE = Path(keras_sonify.__file__).parent
PAGE = "CONTRIBUTING.md"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A directory that holds a copy of the package, to be changed."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, tmp_path / PACKAGE.name, ignore=ignored)
    return tmp_path


def apply(diff: str, root: Path) -> None:
    """Do what a diff shows: add its lines where those around them stand, once."""
    for part in diff.split("--- ")[1:]:
        name, *hunks = part.split("@@\n")
        path = root / name.strip()
        text = path.read_text(encoding="utf-8")
        for hunk in hunks:
            lines = hunk.splitlines(keepends=True)
            old = "".join(line[1:] for line in lines if line[0] == " ")
            assert text.count(f"\n{old}") == 1, f"{name}{hunk}"
            new = "".join(line[1:] for line in lines)
            text = text.replace(f"\n{old}", f"\n{new}")
        path.write_text(text, encoding="utf-8")


def python(root: Path, *arguments: str, given: str = "") -> list[str]:
    """Run Python with the package in `root`; return the lines that it prints."""
    done = subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def lint(root: Path) -> None:
    """Hold the changed package against the project's own rules for code."""
    shutil.copy(markdown.ROOT / "pyproject.toml", root)
    python(root, "-m", "ruff", "check", "--quiet", "--no-cache", PACKAGE.name)
    python(root, "-m", "ruff", "format", "--check", "--quiet", PACKAGE.name)


def test_a_rule_is_added_in_two_places(copy: Path) -> None:
    """It is told, it sounds with its figure and its word, and `earcons` knows it."""
    (diff,) = markdown.blocks(markdown.section(PAGE, "How to add a rule"), "diff")
    apply(diff, copy)

    code = """
        from keras_sonify import Sonifier
        from keras_sonify.testing import RecordingOutput

        output = RecordingOutput()
        sonifier = Sonifier(directory="run", player=output, earcons=["gap"])
        for epoch in range(4):
            sonifier.epoch(epoch, {"loss": 0.5**epoch, "val_loss": 0.9**epoch})
        sonifier.end()
        print([event.sentence for event in output.happened])
        for cue, sentence, _ in output.epochs:
            print([note.kind for note in cue.notes].count("gap"), sentence[-42:])
    """
    told, *epochs = python(copy, "-c", code.replace("\n        ", "\n"))

    assert diff.count("--- ") == 2
    assert "'Epoch 3: validation loss is twice the training loss'" in told
    assert [line[0] for line in epochs] == ["0", "0", "4", "0"]
    assert epochs[2].endswith("validation loss is twice the training loss")
    assert "gap" in (copy / "run" / "score.csv").read_text(encoding="utf-8")
    assert python(copy, "-m", "keras_sonify", "earcons", "--silent", "gap") == [
        "gap: validation is far above training (trouble)"
    ]
    lint(copy)


def test_a_log_format_is_added_by_one_class(copy: Path) -> None:
    """It is read, also below what a program printed before; the others still are."""
    text = markdown.section(PAGE, "How to add a log format")
    (code,), (diff,) = (markdown.blocks(text, kind) for kind in ("python", "diff"))
    name = code.partition("\n")[0].removeprefix("# ")
    (copy / name).write_text(code.partition("\n")[2], encoding="utf-8")
    apply(diff, copy)

    log = "epoch=0 loss=0.5 val_loss=0.75\nepoch=1 loss=0.25 val_loss=nan\n"
    read = (
        "import sys, keras_sonify; print(*keras_sonify.read_log(sys.stdin), sep='\\n')"
    )
    rows = [
        "(0, {'loss': 0.5, 'val_loss': 0.75})",
        "(1, {'loss': 0.25, 'val_loss': nan})",
    ]
    assert python(copy, "-c", read, given=log) == rows
    assert python(copy, "-c", read, given=f"Using 2 cores.\n\n{log}") == rows
    assert python(copy, "-c", read, given="epoch,loss\n0,0.5\n") == [
        "(0, {'loss': 0.5})"
    ]
    lint(copy)


def test_an_output_is_one_class(capsys: pytest.CaptureFixture[str]) -> None:
    """As it stands there it hears each epoch and the end."""
    (code,) = markdown.blocks(markdown.section(PAGE, "How to add an output"), "python")
    names: dict[str, Any] = {}

    exec(code, names)  # noqa: S102 - our own page

    assert capsys.readouterr().out.splitlines() == [
        "green Epoch 1: loss 1",
        "green Epoch 2: loss 0.5, best so far",
        "red Epoch 3: loss is NaN",
        "white Training finished after epoch 3",
        "off",
    ]
    assert set(vars(names["Lamp"])) >= {
        name for name in vars(RecordingOutput) if name[0] != "_"
    }


def test_each_room_is_explained_in_the_order_of_the_contract() -> None:
    """Each folder and each module has its line; each knows only those below it."""
    text = markdown.section(PAGE, "The way the data flows")
    told = [
        markdown.code_in(line)[0].rstrip("/")
        for line in text.splitlines()
        if line.startswith("- `")
    ]
    settings = tomllib.loads((markdown.ROOT / "pyproject.toml").read_text("utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]

    assert told == [name for layer in layers for name in layer.split(" | ")]
    assert {*told, "__init__", "py"} == {
        path.name.removesuffix(".py").removesuffix(".typed")
        for path in PACKAGE.iterdir()
        if path.name != "__pycache__"
    }
    for name in told:
        is_folder = (PACKAGE / name).is_dir()
        assert (f"- `{name}/`" in text) == is_folder
