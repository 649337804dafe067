"""Trainings in Keras that are told in steps, and what their record says."""

import csv
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np

from keras_sonify import SonifyCallback

HOOK = "on_train_batch_end"


class Hasty(SonifyCallback):
    """Finds an epoch long that lasts for a moment."""

    _long_epoch_seconds = 1.5


class Watching(keras.callbacks.Callback):
    """Notes with each batch whether a callback before it has a hook for batches."""

    def __init__(self, watched: SonifyCallback, seconds: float = 0.0) -> None:
        super().__init__()
        self.watched, self.seconds = watched, seconds
        self.bound: list[bool] = []

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        """Note it, and take one's time."""
        self.bound.append(HOOK in vars(self.watched))
        time.sleep(self.seconds)


def network(*metrics: Any, rate: float = 0.0, **options: Any) -> Any:  # noqa: ANN401
    """Return a network; with a rate of 0 it stays as it is."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")],
    )
    rated = keras.optimizers.SGD(rate)
    model.compile(rated, "binary_crossentropy", metrics=list(metrics), **options)
    return model


def data(samples: int) -> tuple[Any, Any]:
    """Return inputs and labels."""
    inputs = np.random.default_rng(1).normal(size=(samples, 2)).astype("float32")
    return inputs, (inputs.sum(axis=1, keepdims=True) > 0).astype("float32")


def fit(model: Any, *callbacks: object, samples: int = 200, **options: Any) -> Any:  # noqa: ANN401
    """Train on batches of 8 for two epochs, unless told otherwise."""
    inputs, labels = data(samples)
    arguments = {"epochs": 2, "batch_size": 8, "verbose": 0, "shuffle": False}
    chosen = list(callbacks)
    return model.fit(inputs, labels, callbacks=chosen, **{**arguments, **options})


def log(directory: Path) -> list[dict[str, str]]:
    """Return the rows of the record."""
    with (directory / "log.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def steps(directory: Path) -> list[int]:
    """Return the steps in the record; none if it is told in epochs.

    An epoch's end has a row of its own, of no step, where nothing came with it.
    """
    return [int(row["step"]) for row in log(directory) if row.get("steps", "0") != "0"]


def column(directory: Path, name: str) -> list[float]:
    """Return the values of a metric in the record."""
    cells = [row[name] for row in log(directory)]
    return [float(cell) for cell in cells if cell != "NA"]
