"""The learning rate is told in the epoch in which it fell, wherever it comes from."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from programs import run

from keras_sonify import SonifyCallback
from keras_sonify.callback.learning_rate import LearningRate
from keras_sonify.training.events import Event

_BATCHES = 2  # an epoch


class _Drops:
    """Keeps the epochs in which a lower rate was told."""

    def __init__(self) -> None:
        self.epochs: list[int | None] = []

    def __call__(self, event: Event) -> None:
        if event.kind == "learning_rate":
            self.epochs.append(event.epoch)


def _model(rate: Any) -> Any:  # noqa: ANN401 - Keras has no types
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(rate), "mse")
    return model


def _drops(model: Any, tmp_path: Path, *callbacks: Any) -> list[int | None]:  # noqa: ANN401
    """Train for eight epochs, with `ours` where it stands; return when it fell."""
    drops = _Drops()
    ours = SonifyCallback(directory=tmp_path, player=None, on_event=drops)
    inputs = np.ones((8, 2), "float32")
    model.fit(
        inputs,
        inputs[:, :1],
        batch_size=8 // _BATCHES,
        epochs=8,
        verbose=0,
        callbacks=[ours if each == "ours" else each for each in callbacks],
    )
    return drops.epochs


def _rates(directory: Path) -> list[float]:
    with (directory / "log.csv").open(encoding="utf-8", newline="") as file:
        return [float(row["learning_rate"]) for row in csv.DictReader(file)]


def _scheduler() -> Any:  # noqa: ANN401
    return keras.callbacks.LearningRateScheduler(lambda e: 0.1 if e < 5 else 0.01)


def _reducer() -> Any:  # noqa: ANN401
    # Nothing is ever better: after the fifth epoch it has waited long enough, and the
    # sixth, epoch 5, is the first that trains with less.
    return keras.callbacks.ReduceLROnPlateau(
        "loss", factor=0.1, patience=4, min_delta=1e9, cooldown=9
    )


@pytest.mark.parametrize("others", [_scheduler, _reducer])
@pytest.mark.parametrize("is_first", [True, False])
def test_it_does_not_matter_on_which_side_a_scheduler_stands(
    tmp_path: Path, is_first: bool, others: Callable[[], Any]
) -> None:
    """Before or after ours: the same epoch, and the same rates in the log."""
    both = ("ours", others()) if is_first else (others(), "ours")

    assert _drops(_model(0.1), tmp_path, *both) == [5]
    assert _rates(tmp_path) == pytest.approx([0.1] * 5 + [0.01] * 3)


@pytest.mark.parametrize("is_scaled", [False, True])
@pytest.mark.parametrize(
    "schedule",
    [
        keras.optimizers.schedules.ExponentialDecay(
            0.1, 5 * _BATCHES, 0.1, staircase=True
        ),
        # Within epoch 5, after its first batch.
        keras.optimizers.schedules.PiecewiseConstantDecay([5 * _BATCHES], [0.1, 0.01]),
    ],
)
def test_a_schedule_is_told_of_in_the_epoch_in_which_it_falls(
    tmp_path: Path,
    is_scaled: bool,
    schedule: Any,  # noqa: ANN401
) -> None:
    """At an epoch's first batch or within it; also inside a loss-scaling optimizer."""
    model = _model(schedule)
    if is_scaled:  # as with mixed precision
        scaled = keras.optimizers.LossScaleOptimizer(model.optimizer, initial_scale=1.0)
        model.compile(scaled, "mse")

    assert _drops(model, tmp_path, "ours") == [5]


class _OfKeras34:
    """A variable as before Keras 3.5, or under a strategy: without `float`."""

    def __init__(self, value: float) -> None:
        self._value = keras.ops.convert_to_tensor(value)

    def __array__(self, *_: object, **__: object) -> np.ndarray[Any, Any]:
        return np.asarray(self._value)


def test_a_variable_without_a_float_is_read() -> None:
    """It is turned into an array by Keras itself."""
    model = type("Model", (), {})()
    model.optimizer = type("Optimizer", (), {"learning_rate": _OfKeras34(0.5)})()

    assert LearningRate().read(model, {"loss": 1.0}) == 0.5
    assert LearningRate().read(model, {"learning_rate": 1.0}) is None


@pytest.mark.parametrize("model", [None, object()])
def test_what_has_no_rate_has_none(model: object) -> None:
    """A custom loop may have no optimizer, or one of any kind."""
    assert LearningRate().read(model, {}) is None


def test_a_dear_schedule_is_not_asked_each_epoch() -> None:
    """A training of thousands of short epochs spends a hundredth of its time on it."""
    asked = []

    class LearningRateSchedule:
        def __call__(self, step: int) -> float:
            asked.append(step)
            return sum(range(100_000)) * 0.0 + 0.5  # about a millisecond

    optimizer = type("Optimizer", (), {"_learning_rate": None, "iterations": 9})()
    optimizer._learning_rate = LearningRateSchedule()
    model = type("Model", (), {"optimizer": optimizer})()
    rate = LearningRate()

    rates = [rate.read(model, {}) for _ in range(2_000)]

    assert rates[:10] == [0.5] * 10  # a short training misses nothing
    assert asked[:10] == [8] * 10  # the last batch, not the next one
    assert len(asked) < 1_000
    assert rates[-1] is None


_STRATEGY = """
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
split = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, split)
import keras
import numpy as np
from keras_sonify import SonifyCallback

def told(event):
    if event.kind == "learning_rate":
        print("fell in", event.epoch)

schedules = keras.optimizers.schedules
rates = [0.1, schedules.ExponentialDecay(0.1, 5, 0.1, staircase=True)]
for number, rate in enumerate(rates):
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    with strategy.scope():
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        model.compile(keras.optimizers.SGD(rate), "mse")
    callbacks = [SonifyCallback(directory=None, player=None, on_event=told)]
    if number == 0:
        lower = keras.callbacks.LearningRateScheduler(lambda e: 0.1 if e < 5 else 0.01)
        callbacks.append(lower)
    inputs = np.ones((8, 2), "float32")
    model.fit(inputs, inputs[:, :1], 8, epochs=8, verbose=0, callbacks=callbacks)
    print("replicas", strategy.num_replicas_in_sync)
"""


def test_under_a_strategy_it_is_read(tmp_path: Path) -> None:
    """A mirrored variable is no number: a rate that is set, and a schedule."""
    program = run(_STRATEGY, tmp_path)

    told = [line for line in program.lines if line.startswith(("fell", "replicas"))]
    assert told == ["fell in 5", "replicas 2"] * 2
    assert program.warnings == []
