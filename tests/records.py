"""Runs without sound, and the rows of their `log.csv`."""

import csv
from pathlib import Path
from typing import Any

from keras_sonify import Sonifier


def mute(directory: Path, **settings: Any) -> Sonifier:  # noqa: ANN401
    """Return what keeps a run, and does not play."""
    return Sonifier(directory=directory, player=None, **settings)


def log_rows(directory: Path) -> list[list[str]]:
    """Return the rows of the record, its header first."""
    with (directory / "log.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def log_epochs(directory: Path) -> list[int]:
    """Return the epochs in the record."""
    return [int(row[0]) for row in log_rows(directory)[1:]]


def train(directory: Path, epochs: range, **settings: Any) -> list[str]:  # noqa: ANN401
    """Keep a run of these epochs; return what there is to say of it."""
    sonifier = mute(directory, **settings)
    for epoch in epochs:
        sonifier.epoch(epoch, {"loss": 1.0 / (epoch + 1), "val_loss": 1.0})
    return sonifier.end()
