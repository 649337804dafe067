"""The Keras of this environment, and trainings that last a moment on any backend."""

import csv
import importlib
import math
import os
import time
import wave
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from keras_sonify import SonifyCallback

IS_LEGACY = os.environ.get("TF_USE_LEGACY_KERAS") == "1"
keras: Any = importlib.import_module("tf_keras" if IS_LEGACY else "keras")
BACKEND: str = "tensorflow" if IS_LEGACY else keras.backend.backend()
KERAS: tuple[int, ...] = tuple(int(n) for n in keras.__version__.split(".")[:2])

INPUTS = np.random.default_rng(1).normal(size=(32, 2)).astype("float32")
TARGETS = (INPUTS.sum(axis=1, keepdims=True) > 0).astype("float32")
_SLOT = 0.15  # seconds of an epoch in a metric's file


def network(**compiled: Any) -> Any:  # noqa: ANN401 - Keras has no types
    """Return a network that learns in milliseconds."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [keras.layers.Input((2,)), keras.layers.Dense(1, activation="sigmoid")]
    )
    given = {"optimizer": "sgd", "loss": "binary_crossentropy", "metrics": ["accuracy"]}
    model.compile(**{**given, **compiled})
    return model


def fit(model: Any, *callbacks: object, **options: Any) -> Any:  # noqa: ANN401
    """Train for four epochs with validation, unless told otherwise."""
    given = {
        "x": INPUTS,
        "y": TARGETS,
        "epochs": 4,
        "validation_data": (INPUTS, TARGETS),
        "verbose": 0,
        "callbacks": list(callbacks),
    }
    return model.fit(**{**given, **options})


def mute(directory: Path | None, **options: Any) -> SonifyCallback:  # noqa: ANN401
    """Return a callback that writes but does not play."""
    return SonifyCallback(directory=directory, player=None, **options)


def break_off(callback: SonifyCallback) -> None:
    """End a training that broke off, with whole files also on a busy machine."""
    end = time.monotonic() + 120.0
    callback.sonifier.flush()
    while callback.sonifier.file_trouble and time.monotonic() < end:
        callback.sonifier.flush()
    callback.close()


def logged(directory: Path) -> dict[str, list[float]]:
    """Return the record of a run: each column of `log.csv`, but for text."""
    with (directory / "log.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        name: [float("nan" if row[name] == "NA" else row[name]) for row in rows]
        for name in rows[0]
        if name != "spikes"
    }


def check(
    directory: Path,
    epochs: Iterable[int],
    history: Mapping[str, Sequence[float]] | None = None,
) -> None:
    """Assert that the files of a run are right.

    Args:
        directory: Where they are.
        epochs: The zero-based numbers of its epochs.
        history: The values that Keras tells, of each metric in each epoch that has
            them. Defaults to none known.
    """
    epochs, log = [*epochs], logged(directory)
    assert log["epoch"] == epochs
    for name, values in (history or {}).items():
        is_rare = len(values) < len(epochs)  # as with `validation_freq`
        kept = [v for v in log[name] if not (is_rare and math.isnan(v))]
        assert kept == [*map(float, values)]
    with (directory / "score.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["metric"]]
    heard = [int(row["epoch"]) for row in rows if row["file"] == "live"]
    assert [*dict.fromkeys(heard)] == epochs
    sounds = {row["file"] for row in rows} - {"live"}
    assert {"training.wav", "loss.wav"} <= sounds
    for sound in sounds:
        with wave.open(str(directory / sound)) as file_:
            seconds = file_.getnframes() / file_.getframerate()
        if sound == "training.wav":
            assert 1 < seconds < 8
        else:
            assert round(seconds / _SLOT, 6) == len(epochs)
    assert (directory / "index.html").stat().st_size > 10_000
