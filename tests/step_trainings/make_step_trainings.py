"""Makes the step logs in this folder: real trainings, each step's own loss.

Run it with Keras on any backend: `python tests/step_trainings/make_step_trainings.py`.
All of them go well: small language models over text that a Markov chain writes, from
scratch and fine-tuned from one that knows another chain, and networks that learn the
digits in small batches.
"""

import csv
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from sklearn.datasets import load_digits

FOLDER = Path(__file__).parent
WORDS, CONTEXT = 64, 16
Data = tuple[npt.NDArray[Any], npt.NDArray[Any]]


class Steps(keras.callbacks.Callback):
    """Keeps each step's own loss, out of Keras's running mean, and each validation."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._sum = 0.0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """The mean begins anew."""
        self._sum = 0.0

    def on_train_batch_end(
        self, batch: int, logs: dict[str, float] | None = None
    ) -> None:
        """Keep a step."""
        assert logs is not None
        total = logs["loss"] * (batch + 1)
        loss, self._sum = total - self._sum, total
        self.rows.append([str(len(self.rows) + 1), f"{loss:.5g}", ""])

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Keep a validation beside the last step before it."""
        assert logs is not None
        self.rows[-1][2] = f"{logs['val_loss']:.5g}"


def text(seed: int, count: int) -> Data:
    """Return contexts and the words that follow them, as a Markov chain writes."""
    chance = np.random.default_rng(seed)
    steps = chance.dirichlet(np.full(WORDS, 0.08), size=WORDS).cumsum(axis=1)
    words = [0]
    for draw in chance.random(count + CONTEXT):
        words.append(min(int(np.searchsorted(steps[words[-1]], draw)), WORDS - 1))
    contexts = [words[at : at + CONTEXT] for at in range(count)]
    return np.array(contexts), np.array(words[CONTEXT : CONTEXT + count])


def language_model() -> keras.Model:
    """Return a small one, not trained."""
    return keras.Sequential(
        [
            keras.Input((CONTEXT,)),
            keras.layers.Embedding(WORDS, 32),
            keras.layers.GRU(48),
            keras.layers.Dense(WORDS),
        ]
    )


def fit(  # noqa: PLR0917 - a script
    model: keras.Model,
    data: Data,
    rate: object,
    batch: int,
    epochs: int = 1,
    held_back: int = 1500,
) -> list[list[str]]:
    """Train a model; return its steps."""
    inputs, targets = data
    model.compile(
        keras.optimizers.Adam(rate),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    steps = Steps()
    model.fit(
        inputs[:-held_back],
        targets[:-held_back],
        validation_data=(inputs[-held_back:], targets[-held_back:]),
        epochs=epochs,
        batch_size=batch,
        verbose=0,
        callbacks=[steps],
    )
    return steps.rows


def from_scratch(seed: int, batch: int, rate: float, warm: int) -> list[list[str]]:
    """A language model over one epoch, with a warm-up or without."""
    keras.utils.set_random_seed(seed)
    data = text(seed, 24_000)
    schedule: object = rate
    if warm:
        schedule = keras.optimizers.schedules.CosineDecay(
            1e-5, len(data[0]) // batch, warmup_target=rate, warmup_steps=warm
        )
    return fit(language_model(), data, schedule, batch)


def fine_tuned(seed: int, batch: int, rate: float, epochs: int) -> list[list[str]]:
    """A language model that knows another text, for one to three epochs."""
    keras.utils.set_random_seed(seed)
    model = language_model()
    fit(model, text(100, 24_000), 3e-3, 32, epochs=2)
    return fit(model, text(seed, 12_000), rate, batch, epochs)


def digits(seed: int, batch: int, rate: float, epochs: int) -> list[list[str]]:
    """A small network that learns the digits."""
    keras.utils.set_random_seed(seed)
    images, labels = load_digits(return_X_y=True)
    model = keras.Sequential(
        [
            keras.Input((64,)),
            keras.layers.Dense(64, "relu"),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(10),
        ]
    )
    data = (images / 16.0).astype("float32"), labels
    return fit(model, data, rate, batch, epochs, held_back=400)


TRAININGS: list[Callable[[], list[list[str]]]] = [
    lambda: from_scratch(1, 8, 3e-3, 0),
    lambda: from_scratch(2, 16, 3e-3, 200),
    lambda: from_scratch(3, 8, 1e-3, 500),
    lambda: fine_tuned(4, 8, 1e-3, 1),
    lambda: fine_tuned(5, 8, 3e-4, 1),
    lambda: fine_tuned(6, 16, 1e-3, 3),
    lambda: fine_tuned(7, 4, 2e-4, 1),
    lambda: digits(8, 1, 2e-4, 2),
    lambda: digits(9, 4, 1e-3, 3),
    lambda: digits(10, 2, 3e-4, 1),
]


def main() -> None:
    """Make them all."""
    for number, train in zip(itertools.count(1), TRAININGS, strict=False):
        with (FOLDER / f"healthy_{number:02}.csv").open("w", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(["step", "loss", "val_loss"])
            rows.writerows(train())


if __name__ == "__main__":
    main()
