"""Logs for the command line, and what it makes of them."""

from pathlib import Path

import soundfile
from click.testing import CliRunner

from keras_sonify.cli import commands

VALUES = {
    "accuracy": [0.1 + 0.2, 0.5, 0.625, 0.7500000000000001],
    "loss": [2.302585092994046, 0.9, 1 / 3, 1e-05],
    "val_accuracy": [0.25, 0.5, 0.45, 0.4],
    "val_loss": [2.5, 1.0, 1.1, 1.3],
}
RUNS = "epoch,loss\n0,1.5\n1,0.5\n0,3.0\n1,2.0\n2,1.0\n"


def write_logs(directory: Path) -> Path:
    """Write a log of `CSVLogger`, and one of two runs; return where they are."""
    rows = [
        ",".join([str(epoch), *map(repr, values)])
        for epoch, values in enumerate(zip(*VALUES.values(), strict=True))
    ]
    text = "\r\n".join(["epoch," + ",".join(VALUES), *rows, ""])
    (directory / "log.csv").write_text(text, newline="")
    (directory / "runs.csv").write_text(RUNS)
    return directory


def run(arguments: str) -> list[str]:
    """Run a command in this process and return its lines."""
    result = CliRunner().invoke(commands, arguments.split(), catch_exceptions=False)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout.splitlines()


def epochs_in(directory: Path) -> int:
    """Return how many tones a directory's `loss.wav` holds."""
    seconds: float = soundfile.info(directory / "loss.wav").duration
    return round(seconds / 0.15)
