"""How long the training waits for sound at an epoch's end, and whether dispatch stays.

Prints the time that `SonifyCallback.on_epoch_end` takes with live sound on (play it
into a real or a virtual device), the time of whole `fit` runs with and without the
callback in turns, and whether Keras goes on dispatching batches asynchronously.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from keras_sonify import SonifyCallback

_EPOCHS, _ROUNDS = 400, 5


class Timed(SonifyCallback):
    """Measures its own hook."""

    def __init__(self, **arguments: Any) -> None:  # noqa: ANN401
        super().__init__(**arguments)
        self.taken: list[float] = []
        self.taken_before: list[float] = []

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:  # noqa: ANN401
        """Sound the epoch and note how long that took."""
        begun = time.perf_counter()
        super().on_epoch_end(epoch, logs)
        self.taken.append(time.perf_counter() - begun)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:  # noqa: ANN401
        """Note how long that took."""
        begun = time.perf_counter()
        super().on_epoch_begin(epoch, logs)
        self.taken_before.append(time.perf_counter() - begun)


def warm_fit() -> Callable[..., float]:
    """Return what trains a small network and tells how long an epoch took."""
    chance = np.random.default_rng(1)
    inputs = chance.normal(size=(256, 16)).astype("float32")
    labels = (inputs[:, 0] > 0).astype("float32")
    model = keras.Sequential(
        [keras.Input((16,)), keras.layers.Dense(8), keras.layers.Dense(1)]
    )
    model.compile("sgd", "mse", metrics=["accuracy"])

    def fit(callbacks: list[Any], epochs: int) -> float:
        """Return how long an epoch takes, in seconds."""
        begun = time.perf_counter()
        model.fit(
            inputs,
            labels,
            validation_data=(inputs, labels),
            epochs=epochs,
            verbose=0,
            callbacks=callbacks,
        )
        return (time.perf_counter() - begun) / epochs

    fit([], 3)
    return fit


def print_hook(what: str, taken: Sequence[float]) -> None:
    """Print how long a hook takes."""
    times_ms = np.array(taken) * 1e3
    median, high = np.percentile(times_ms, [50, 99])
    print(
        f"{what}: median {median:.2f} ms, 99th percentile {high:.2f} ms, "
        f"maximum {times_ms.max():.2f} ms",
    )


def main() -> None:
    """Print the figures."""
    fit = warm_fit()
    with tempfile.TemporaryDirectory() as directory:
        timed = Timed(directory=directory)
        fit([timed], _EPOCHS)
        print_hook(f"on_epoch_end, {_EPOCHS} epochs", timed.taken)
        print_hook(f"on_epoch_begin, {_EPOCHS} epochs", timed.taken_before)

        without, having = [], []
        for _ in range(_ROUNDS):
            without.append(fit([], 60))
            having.append(fit([SonifyCallback(directory=directory)], 60))
        ratio = statistics.median(having) / statistics.median(without)
        print(
            f"epoch without the callback: {statistics.median(without) * 1e3:.1f} ms, "
            f"with it: {statistics.median(having) * 1e3:.1f} ms, ratio {ratio:.2f} "
            f"(medians of {_ROUNDS} turns)",
        )
    batch_hooks = [
        name
        for name in dir(keras.callbacks.Callback)
        if "batch" in name and name.startswith("on_")
        if getattr(SonifyCallback, name) is not getattr(keras.callbacks.Callback, name)
    ]
    print(f"batch hooks overridden: {len(batch_hooks)}; dispatch stays as Keras has it")


if __name__ == "__main__":
    main()
