"""Tiny trainings in Keras: two epochs of a network that learns in milliseconds."""

import copy
import pickle
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
from ear import listen
from table import Row, read_table

from keras_sonify import SonifyCallback

_SLOT = 0.15  # seconds of an epoch in a metric's file


def tiny_network() -> Any:  # noqa: ANN401 - Keras has no types
    """Return a network that learns in milliseconds."""
    keras.utils.set_random_seed(1)
    network = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")],
    )
    network.compile(
        "sgd",
        "binary_crossentropy",
        metrics=[
            "accuracy",
            keras.metrics.AUC(name="quality"),
            keras.metrics.MeanAbsoluteError(name="q2"),
        ],
    )
    return network


def fit(model: Any, *callbacks: object, **options: Any) -> Any:  # noqa: ANN401
    """Train for two epochs, unless told otherwise."""
    chance = np.random.default_rng(1)
    inputs = chance.normal(size=(32, 2)).astype("float32")
    targets = (inputs.sum(axis=1, keepdims=True) > 0).astype("float32")
    return model.fit(
        inputs,
        targets,
        callbacks=list(callbacks),
        **{
            "epochs": 2,
            "validation_data": (inputs, targets),
            "verbose": 0,
            **options,
        },
    )


def mute(directory: Path | None, **options: Any) -> SonifyCallback:  # noqa: ANN401
    """Return a callback that writes but does not play."""
    return SonifyCallback(directory=directory, player=None, **options)


def live(directory: Path) -> list[Row]:
    """Return what would have been played."""
    return read_table(directory, "live")


def epochs(directory: Path) -> list[int]:
    """Return the epochs in the files, in order."""
    return list(dict.fromkeys(row.epoch for row in live(directory)))


def slots(directory: Path, metric: str) -> list[bool]:
    """Return which slots of a metric's file sound."""
    with wave.open(str(directory / f"{metric}.wav")) as file:
        count, rate = file.getnframes(), file.getframerate()
        frames = np.frombuffer(file.readframes(count), "<i2") / 32_768
    heard = {round(note.onset / _SLOT) for note in listen(frames, rate)}
    return [slot in heard for slot in range(round(count / rate / _SLOT))]


def drive(callback: SonifyCallback, *logs: dict[str, object] | None) -> None:
    """Call the hooks of a training by hand."""
    callback.on_train_begin()
    for epoch, values in enumerate(logs):
        callback.on_epoch_end(epoch, values)
    callback.on_train_end()


class Raise(keras.callbacks.Callback):
    """Raises an exception when an epoch ends."""

    def __init__(self, error: BaseException, epoch: int) -> None:
        super().__init__()
        self.error, self.epoch = error, epoch

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        """Raise it."""
        if epoch == self.epoch:
            raise self.error


def duplicates(callback: SonifyCallback) -> Iterator[SonifyCallback]:
    """Yield a deep copy and an unpickled one."""
    yield copy.deepcopy(callback)
    pickled = pickle.dumps(callback)
    assert len(pickled) < 5_000
    yield pickle.loads(pickled)  # noqa: S301 - our own
