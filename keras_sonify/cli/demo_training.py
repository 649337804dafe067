"""A small real training that first learns and then overfits, to listen to.

`demo.csv` is the `log.csv` that `keras-sonify demo --train --silent` wrote of it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from keras_sonify.callback import SonifyCallback
    from keras_sonify.sonifier import Sonifier

_TRAIN, _VALIDATE = 160, 400  # few enough to be learnt by heart
_FEATURES, _INFORMATIVE = 30, 4


def data(seed: int = 7) -> tuple[tuple[npt.NDArray[np.float32], ...], ...]:
    """Return training and validation data, each as inputs and labels.

    Two classes, told apart by a few of the features and hidden by noise and by some
    wrong labels, so that a network which learns them by heart gets worse on others.
    """
    chance = np.random.default_rng(seed)
    weights = np.zeros(_FEATURES)
    weights[:_INFORMATIVE] = 1.0

    def draw(count: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        inputs = chance.normal(size=(count, _FEATURES))
        labels = inputs @ weights + 0.5 * chance.normal(size=count) > 0
        wrong = chance.random(count) < 0.1  # noqa: PLR2004
        return inputs.astype(np.float32), (labels ^ wrong).astype(np.float32)

    return draw(_TRAIN), draw(_VALIDATE)


def train(
    callback: "SonifyCallback", epochs: int, wait: "Callable[[Sonifier, int], None]"
) -> dict[str, list[float]]:
    """Train a small network on `data`, one cue after the other.

    Args:
        callback: What makes it heard.
        epochs: How many epochs.
        wait: Waits for the cue of an epoch; without it the whole training would be
            over in a second.

    Returns:
        Keras's history: the values of each metric, epoch by epoch.
    """
    import keras

    class Pace(keras.callbacks.Callback):
        """Waits for each cue."""

        def on_epoch_end(self, epoch: int, logs: object = None) -> None:
            wait(callback.sonifier, epoch)

    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((_FEATURES,)),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ],
    )
    model.compile(
        optimizer=keras.optimizers.Adam(0.001),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )
    (inputs, labels), validation_data = data()
    history = model.fit(
        inputs,
        labels,
        validation_data=validation_data,
        epochs=epochs,
        batch_size=16,
        verbose=0,
        callbacks=[callback, Pace()],
    )
    values: dict[str, list[float]] = history.history
    return values
