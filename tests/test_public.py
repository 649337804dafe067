"""What is public: a few names, and the types that users' own checkers see."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import keras_sonify
from keras_sonify.output import Output
from keras_sonify.testing import RecordingOutput
from keras_sonify.training.events import Event

SCRIPT = Path(__file__).parent / "as_users_write.py"
MYPY = ("-m", "mypy", "--strict", "--config-file=")


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A script of a user's, in a folder that knows nothing of this project."""
    return Path(shutil.copy(SCRIPT, tmp_path))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What mypy remembers from one test to the next."""
    return tmp_path_factory.mktemp("mypy")


def python(script: Path, *arguments: str) -> str:
    """Run Python where the script is, with the package; return what it prints."""
    root = str(Path(keras_sonify.__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, *arguments, script.name],
        cwd=script.parent,
        # As if it were installed: errors inside it are none of the user's.
        env={**os.environ, "PYTHONPATH": root},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_these_names_are_public_and_no_others() -> None:
    """Completion offers them; what the package itself imports it does not offer."""
    shown = [name for name in dir(keras_sonify) if not name.startswith("_")]

    assert shown == keras_sonify.__all__
    assert shown == [
        *("Rules", "Sonifier", "SonifyCallback", "Style", "compare", "read_log")
    ]


def test_what_users_write_is_well_typed(script: Path, cache: Path) -> None:
    """The types fit, by strict mypy, in a script that uses all that is public."""
    told = python(script, *MYPY, f"--cache-dir={cache}")

    assert told == "Success: no issues found in 1 source file\n"


def test_what_users_write_wrongly_is_found(script: Path, cache: Path) -> None:
    """The types say something: a misspelt choice does not pass."""
    text = script.read_text(encoding="utf-8")
    script.write_text(text.replace('mode="min"', 'mode="least"'), encoding="utf-8")

    with pytest.raises(AssertionError, match='incompatible type "Literal'):
        python(script, *MYPY, f"--cache-dir={cache}")


def test_what_users_write_runs(script: Path) -> None:
    """It does what its types promise, and uses every public name."""
    told = python(script)

    text = script.read_text(encoding="utf-8")
    public = [*keras_sonify.__all__, Output.__name__, RecordingOutput.__name__]
    assert all(name in text for name in [*public, Event.__name__])
    assert "\nEpoch 3 of 3: loss is NaN Training stopped early after " in told
    assert "Traceback" not in told
