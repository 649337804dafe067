"""Runs for `keras-sonify now`, and what it says of them."""

import os
import time
from pathlib import Path

from click.testing import CliRunner

from keras_sonify import Sonifier
from keras_sonify.cli import commands


def now(directory: Path, *arguments: str) -> str:
    """Return the sentence, or with `--json` the data."""
    told = CliRunner().invoke(commands, ["now", str(directory), *arguments])
    assert (told.exit_code, told.stderr) == (0, "")
    return told.stdout.strip()


def run_of_three(directory: Path) -> Path:
    """Make the directory of a run that has ended after three epochs."""
    losses = {"loss": [1.0, 0.5, 0.25], "val_loss": [1.5, 0.75, 1.0]}
    Sonifier.from_history(losses, directory=directory)
    return directory


def age(run: Path, seconds: float) -> None:
    """Make the files of a run as old as if they were written long ago."""
    for path in run.iterdir():
        os.utime(path, (0, time.time() - seconds))
