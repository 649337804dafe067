"""A small real training that first learns and then overfits, to listen to."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from keras_sonify.callback import SonifyCallback

_TRAIN, _VALIDATE = 160, 400  # few enough to be learnt by heart
_FEATURES, _INFORMATIVE = 30, 4
_CUE = 3.0  # seconds that a cue may take at most; the longest lasts 1.2
_OPENING = 10.0  # seconds that the first one may take: the device is opened for it

LISTEN_FOR = """\
What to listen for:
- Each metric is two tones: a short soft one, the best value so far, then the value of
  this epoch. Left is training, right is validation. First the losses, then the
  accuracies.
- At first the second tone of each loss falls below its first: a new best.
- Later the validation loss on the right rises above its best, further and further,
  while the training loss on the left goes on falling: overfitting.
- Three falling tones after an epoch's own: overfitting is noticed, and told in a line.
- Four quick rising tones: finished."""


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


def train(callback: "SonifyCallback", epochs: int) -> dict[str, list[float]]:
    """Train a small network on `data`, one cue after the other.

    Args:
        callback: What makes it heard.
        epochs: How many epochs.

    Returns:
        Keras's history: the values of each metric, epoch by epoch.
    """
    import keras

    class Pace(keras.callbacks.Callback):
        """Waits for each cue: the epochs alone would take a second in all."""

        def on_epoch_end(self, epoch: int, logs: object = None) -> None:
            if not callback.sonifier.is_silent:
                callback.sonifier.drain(_OPENING if epoch == 0 else _CUE)

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


def what_was_heard(history: dict[str, list[float]], tone: float) -> list[str]:
    """Return lines that say which epoch sounded how, and where it is in the files.

    Args:
        history: What `train` returned.
        tone: Length of a tone in the files, in seconds.
    """
    validation = history["val_loss"]
    last = len(validation)
    best = validation.index(min(validation)) + 1
    lines = [
        f"Epochs 1 to {best}: the losses fell, each a new best; the network learnt."
        if best > 1
        else "Epoch 1 had the best validation loss.",
    ]
    if best < last:
        rise = validation[-1] / min(validation) - 1
        lines.append(
            f"Epochs {best + 1} to {last}: the validation loss rose to {rise:.0%} "
            "above its best while the training loss went on falling: overfitting.",
        )
    lines.append(
        f"In val_loss.wav each epoch is a tone of {tone:g} seconds; the lowest, "
        f"epoch {best}, begins at {(best - 1) * tone:.2f} seconds.",
    )
    return lines
