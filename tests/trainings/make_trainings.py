"""Trains small networks and writes their logs: what the blind listener is tried on.

`python tests/trainings/make_trainings.py [NAME]...` writes `<kind>_<nn>.csv` beside
itself, as Keras's own CSVLogger does. Each log must deserve its kind by its values:

- converging: the loss ends at least 30 % below its first value, and val_loss ends
  within 3 % of its best or has its best in one of the last three epochs.
- overfitting: val_loss ends at least 20 % above its best, and from that best on the
  loss falls by at least a tenth.
- diverged: all values are finite, and the loss ends at least three times its first.
- stuck: no epoch is 2 % better than the first.
- nan: loss or val_loss turns NaN or infinite, but not in the first epoch.

Where a series ends is the median of its last three values.
"""

import csv
import math
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Arrays = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]
Log = dict[str, list[float]]

_HERE = Path(__file__).parent
_VALIDATION_ROWS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One training.

    Attributes:
        seed: Of all chance in it.
        data: The task; see `_task`.
        rows: Rows to train on.
        epochs: How long it trains.
        hidden: Widths of the hidden layers.
        activation: Of the hidden layers.
        optimizer: Name of a Keras optimizer.
        rate: Its learning rate.
        growth: Factor of the learning rate from each epoch to the next.
        batch: Rows in a batch.
        wrong: Share of the training labels (or of the targets' variance) that is
            chance.
        dropout: Share of each hidden layer that is dropped.
        scale: Factor of the first weights of the hidden layers.
        bias: First value of their biases.
    """

    seed: int
    data: Literal["digits", "spirals", "waves", "line"]
    rows: int = 400
    epochs: int = 30
    hidden: Sequence[int] = (32,)
    activation: str = "relu"
    optimizer: str = "Adam"
    rate: float = 1e-3
    growth: float = 1.0
    batch: int = 32
    wrong: float = 0.0
    dropout: float = 0.0
    scale: float = 1.0
    bias: float = 0.0


def recipes() -> dict[str, Recipe]:
    """Return all recipes, by the names of their logs."""
    kinds = tomllib.loads((_HERE / "recipes.toml").read_text(encoding="utf-8"))
    return {
        f"{kind}_{number:02}": Recipe(seed=100 * place + number, **fields)
        for place, (kind, entries) in enumerate(kinds.items(), start=1)
        for number, fields in enumerate(entries, start=1)
    }


def read_log(path: Path) -> Log:
    """Return the columns of a log."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: [float(row[name]) for row in rows] for name in rows[0]}


def check(kind: str, log: Log) -> None:
    """Assert that the values of a log are those of its kind; see the file's head."""
    loss, val_loss = log["loss"], log["val_loss"]
    bad = [not math.isfinite(a + b) for a, b in zip(loss, val_loss, strict=True)]
    if kind == "nan":
        assert any(bad)
        assert not bad[0]
        return
    assert not any(bad)
    end, val_end, best = median(loss[-3:]), median(val_loss[-3:]), min(val_loss)
    match kind:
        case "converging":
            late = val_loss.index(best) >= len(loss) - 3
            assert end <= 0.7 * loss[0]
            assert late or val_end <= 1.03 * best
        case "overfitting":
            onset = val_loss.index(best)
            assert val_end >= 1.2 * best
            assert end <= 0.9 * loss[onset]
        case "diverged":
            assert end >= 3 * loss[0]
        case "stuck":
            assert min(loss) > 0.98 * loss[0]


def _rows(recipe: Recipe, chance: np.random.Generator) -> Iterator[Arrays]:
    """Yield the rows to train on, then those to validate on."""
    count = recipe.rows + _VALIDATION_ROWS
    x, y = _task(recipe.data, count, chance)
    train, validate = np.split(chance.permutation(len(x))[:count], [recipe.rows])
    targets = y[train]
    if recipe.data in ("digits", "spirals"):
        wrong = chance.random(len(targets)) < recipe.wrong
        targets = np.where(wrong, chance.permutation(targets), targets)
    else:
        noise = chance.standard_normal(targets.shape)
        targets = targets + noise * math.sqrt(recipe.wrong) * targets.std()
    yield x[train].astype(np.float32), targets.astype(np.float32)
    yield x[validate].astype(np.float32), y[validate].astype(np.float32)


def _task(name: str, count: int, chance: np.random.Generator) -> Any:  # noqa: ANN401
    """Return inputs and targets of one of the tasks."""
    if name == "digits":
        from sklearn.datasets import load_digits

        digits, labels = load_digits(return_X_y=True)
        return digits / 16.0, labels
    if name == "spirals":
        side = chance.integers(0, 2, count)
        turn = chance.uniform(0.5, 3.5, count)
        angle = turn * np.pi / 1.5 + side * np.pi
        points = np.stack([turn * np.cos(angle), turn * np.sin(angle)], axis=1) / 2
        return points + 0.1 * chance.standard_normal((count, 2)), side
    x = chance.standard_normal((count, 6))
    if name == "waves":
        return x, np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + np.cos(x[:, 3])
    return x * [0.5, 0.8, 1.0, 1.2, 1.5, 3.0], x @ [1.0, -2.0, 0.5, 3.0, -1.0, 2.0]


def train(recipe: Recipe, path: Path) -> None:
    """Train a network and log its epochs."""
    import keras

    keras.utils.set_random_seed(recipe.seed)
    fit, validate = _rows(recipe, np.random.default_rng(recipe.seed))
    kernel = keras.initializers.VarianceScaling(max(recipe.scale, 1e-30))
    model = keras.Sequential([keras.Input(fit[0].shape[1:])])
    for width in recipe.hidden:
        model.add(
            keras.layers.Dense(
                width,
                recipe.activation,
                kernel_initializer=kernel,
                bias_initializer=keras.initializers.Constant(recipe.bias),
            )
        )
        if recipe.dropout:
            model.add(keras.layers.Dropout(recipe.dropout))
    units, activation, loss = {
        "digits": (10, "softmax", "sparse_categorical_crossentropy"),
        "spirals": (1, "sigmoid", "binary_crossentropy"),
    }.get(recipe.data, (1, "linear", "mse"))
    model.add(keras.layers.Dense(units, activation))
    model.compile(
        keras.optimizers.get(
            {"class_name": recipe.optimizer, "config": {"learning_rate": recipe.rate}}
        ),
        loss=loss,
        metrics=["accuracy"] if recipe.data in ("digits", "spirals") else None,
    )
    model.fit(
        *fit,
        batch_size=recipe.batch,
        epochs=recipe.epochs,
        validation_data=validate,
        callbacks=[
            keras.callbacks.CSVLogger(str(path)),
            keras.callbacks.LearningRateScheduler(
                lambda epoch: recipe.rate * recipe.growth**epoch
            ),
        ],
        verbose=0,
    )


def make(
    networks: Mapping[str, Recipe],
    names: Sequence[str],
    check: Callable[[str, Log], None],
) -> None:
    """Train all networks, or those of the given names, and check what came out."""
    for name, recipe in networks.items():
        if names and name not in names:
            continue
        path = _HERE / f"{name}.csv"
        train(recipe, path)
        log = read_log(path)
        check(name.split("_")[0], log)
        ends = ", ".join(f"{key} {log[key][-1]:.3g}" for key in ("loss", "val_loss"))
        sys.stdout.write(f"{name}: {len(log['loss'])} epochs, {ends}\n")


if __name__ == "__main__":
    make(recipes(), sys.argv[1:], check)
