"""What is loaded, and when: a log can be heard on a machine without Keras."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import keras_sonify

_ROOT = Path(keras_sonify.__file__).parent.parent
_HEAVY = ["keras", "tensorflow", "numpy", "sounddevice", "soundfile"]


def _python(code: str, directory: Path, *paths: Path) -> str:
    """Run code in a fresh interpreter and return what it printed on both streams."""
    search = os.pathsep.join(map(str, [*paths, _ROOT]))
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": search},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout + done.stderr


def _loaded(code: str, directory: Path) -> list[str]:
    """Return which of the heavy modules are loaded after the code has run."""
    told = _python(
        f"{code}\nimport json, sys\n"
        f"print(json.dumps([name for name in {_HEAVY} if name in sys.modules]))",
        directory,
    )
    loaded: list[str] = json.loads(told)
    return loaded


def test_the_package_alone_loads_nothing_heavy(tmp_path: Path) -> None:
    """`import keras_sonify` costs neither Keras nor NumPy nor a sound library."""
    assert _loaded("import keras_sonify", tmp_path) == []


def test_a_sonifier_loads_neither_keras_nor_a_sound_card(tmp_path: Path) -> None:
    """Making one is light: arrays are loaded in the background when needed."""
    code = "from keras_sonify import Sonifier, Style\nSonifier(style=Style(pan=0))"

    assert _loaded(code, tmp_path) == []


def test_a_run_needs_no_keras(tmp_path: Path) -> None:
    """A whole run with files loads NumPy and soundfile, and nothing beyond."""
    code = (
        "from keras_sonify import Sonifier\n"
        "run = Sonifier(directory='sound', player=None)\n"
        "run.epoch(0, {'loss': 1.0})\n"
        "run.end()"
    )

    assert _loaded(code, tmp_path) == ["numpy", "soundfile"]
    assert (tmp_path / "sound" / "loss.wav").exists()


def test_the_public_names_are_sorted_and_complete() -> None:
    """`__all__` lists what type checkers are shown, and completion finds it."""
    tree = ast.parse(Path(keras_sonify.__file__).read_text(encoding="utf-8"))
    shown = {
        alias.asname or alias.name
        for block in tree.body
        if isinstance(block, ast.If)
        for line in block.body
        if isinstance(line, ast.ImportFrom)
        for alias in line.names
    }

    assert keras_sonify.__all__ == sorted(keras_sonify.__all__)
    assert set(keras_sonify.__all__) == shown
    assert set(keras_sonify.__all__) <= set(dir(keras_sonify))


@pytest.mark.parametrize("name", ["Sonifier", "Style"])
def test_a_public_name_is_the_thing_itself(name: str) -> None:
    """What is fetched late is the class of that name."""
    assert getattr(keras_sonify, name).__name__ == name


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A typo is told as for any module."""
    name = "SonifyCallbak"

    with pytest.raises(AttributeError, match=r"keras_sonify.*SonifyCallbak"):
        getattr(keras_sonify, name)


def test_without_keras_the_way_out_is_told(tmp_path: Path) -> None:
    """The ImportError of the callback holds the line that installs what is missing."""
    (tmp_path / "keras.py").write_text("raise ImportError('no backend')\n")

    told = _python("from keras_sonify import SonifyCallback", tmp_path, tmp_path)

    assert "ImportError: no backend" in told
    last_line = told.rstrip().splitlines()[-1]
    assert last_line.startswith("ImportError: `SonifyCallback` needs Keras 3.")
    assert last_line.endswith("pip install 'keras_sonify[tensorflow]'")
