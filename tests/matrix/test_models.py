"""Whatever is trained, and with whatever beside it, on any backend."""

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from any_keras import (
    BACKEND,
    INPUTS,
    IS_LEGACY,
    KERAS,
    TARGETS,
    check,
    fit,
    keras,
    logged,
    mute,
    network,
)

from keras_sonify import SonifyCallback
from keras_sonify.training.events import Event


class _Told(list[tuple[str, int | None]]):
    """The events of a training."""

    def __call__(self, event: Event) -> None:
        self.append((event.kind, event.epoch))


def _drops(directory: Path, model: Any, *callbacks: object) -> list[int | None]:  # noqa: ANN401
    """Train for eight epochs, with ours for `None`; return when the rate fell."""
    told = _Told()
    ours = mute(directory, on_event=told)
    fit(model, *(each or ours for each in callbacks), epochs=8)
    return [epoch for kind, epoch in told if kind == "learning_rate"]


@pytest.mark.parametrize("is_first", [True, False], ids=["ours_first", "ours_last"])
def test_learning_rate_scheduler(tmp_path: Path, is_first: bool) -> None:
    """A lower rate is told in the epoch in which it fell."""
    lower = keras.callbacks.LearningRateScheduler(lambda e: 0.1 if e < 5 else 0.01)
    both = (None, lower) if is_first else (lower, None)

    assert _drops(tmp_path, network(), *both) == [5]


def test_learning_rate_schedule(tmp_path: Path) -> None:
    """A schedule is told in the epoch in which it falls."""
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([4], [0.1, 0.01])

    assert _drops(
        tmp_path, network(optimizer=keras.optimizers.SGD(schedule)), None
    ) == [5]


def test_beside_other_callbacks(tmp_path: Path) -> None:
    """They write and stop as they do without ours."""
    model = network()
    callbacks = [
        keras.callbacks.ModelCheckpoint(
            tmp_path / "best.weights.h5", save_weights_only=True
        ),
        keras.callbacks.CSVLogger(str(tmp_path / "theirs.csv")),
        keras.callbacks.EarlyStopping("loss", patience=1, min_delta=1e9),
    ]

    history = fit(model, mute(tmp_path / "sound"), *callbacks, epochs=9).history

    check(tmp_path / "sound", range(2), history)
    assert (tmp_path / "best.weights.h5").exists()
    assert len((tmp_path / "theirs.csv").read_text().splitlines()) == 3


def test_subclassed_model(tmp_path: Path) -> None:
    """A model that is code."""

    class Network(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = keras.layers.Dense(1, activation="sigmoid")

        def call(self, inputs: Any) -> Any:  # noqa: ANN401
            return self.dense(inputs)

    model = Network()
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])

    check(tmp_path, range(4), fit(model, mute(tmp_path)).history)


def test_two_outputs(tmp_path: Path) -> None:
    """The loss sounds as a whole, and the accuracy of each output."""
    inputs = keras.layers.Input((2,))
    outputs = [
        keras.layers.Dense(1, activation="sigmoid", name=name)(inputs)
        for name in ("a", "b")
    ]
    model = keras.Model(inputs, outputs)
    loss = "binary_crossentropy"
    model.compile("sgd", [loss, loss], metrics=[["accuracy"], ["accuracy"]])
    both = [TARGETS, TARGETS]

    fit(model, mute(tmp_path), y=both, validation_data=(INPUTS, both))

    check(tmp_path, range(4))
    sounds = {path.stem for path in tmp_path.glob("*.wav")}
    accuracies = {f"{side}{name}_accuracy" for side in ("", "val_") for name in "ab"}
    assert sounds == {"training", "loss", "val_loss", *accuracies}


def test_logs_of_a_train_step_of_the_users_own(tmp_path: Path) -> None:
    """A number in any form is heard; what holds several, by their mean."""

    class Network(keras.Sequential):
        def train_step(self, *given: Any) -> Any:  # noqa: ANN401
            told = super().train_step(*given)
            logs, *state = told if isinstance(told, tuple) else (told,)
            loss = logs["loss"]
            logs = {
                **logs,
                "one": keras_ops().reshape(loss, (1,)),
                "two": keras_ops().stack([loss, loss]),
            }
            return (logs, *state) if state else logs

    model = Network([keras.layers.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")

    fit(model, mute(tmp_path, metrics="all"))

    log = logged(tmp_path)
    if KERAS >= (3, 5):  # before, Keras tells only of its own metrics
        assert log["one"] == log["two"] == log["loss"]
    check(tmp_path, range(4))


def keras_ops() -> Any:  # noqa: ANN401
    """Return operations on tensors of the backend."""
    return __import__("tensorflow") if IS_LEGACY else keras.ops


@pytest.mark.skipif(IS_LEGACY, reason="Keras 2 has other metrics")
def test_metric_of_each_class(tmp_path: Path) -> None:
    """It is heard by its mean."""
    model = keras.Sequential(
        [keras.layers.Input((2,)), keras.layers.Dense(2, activation="softmax")]
    )
    model.compile(
        "sgd", "categorical_crossentropy", metrics=[keras.metrics.F1Score(name="f1")]
    )
    targets = np.eye(2, dtype="float32")[TARGETS[:, 0].astype(int)]

    history = fit(
        model,
        mute(tmp_path, metrics="all"),
        y=targets,
        validation_data=(INPUTS, targets),
    ).history

    means = [float(np.mean(value)) for value in history["f1"]]
    assert logged(tmp_path)["f1"] == pytest.approx(means)
    check(tmp_path, range(4))


def test_not_a_number_in_the_data(tmp_path: Path) -> None:
    """It is told, once, and recorded."""
    told = _Told()
    inputs = np.where(np.arange(64).reshape(32, 2) > 60, np.nan, INPUTS)

    # PyTorch's own cross-entropy refuses it.
    model = network(loss="mse")
    fit(model, mute(tmp_path, on_event=told), x=inputs.astype("float32"))

    assert [kind for kind, _ in told].count("nan_loss") == 1
    assert np.isnan(logged(tmp_path)["loss"]).all()
    check(tmp_path, range(4))


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision(tmp_path: Path, policy: str) -> None:
    """Values in half the bits are numbers like any other."""
    mixed = keras.mixed_precision
    set_policy = getattr(mixed, "set_global_policy", None) or mixed.set_dtype_policy
    set_policy(policy)
    try:
        history = fit(network(), mute(tmp_path)).history
    finally:
        set_policy("float32")

    check(tmp_path, range(4), history)


@pytest.mark.skipif(BACKEND == "torch", reason="Keras refuses it with PyTorch")
def test_several_steps_at_once(tmp_path: Path) -> None:
    """`steps_per_execution` is Keras's own business."""
    model = network(steps_per_execution=2)

    check(tmp_path, range(4), fit(model, mute(tmp_path), batch_size=8).history)


@pytest.mark.skipif(IS_LEGACY, reason="Keras 2 is told by epochs")
def test_batches_are_heard_as_steps(tmp_path: Path) -> None:
    """With `update_freq="batch"` each batch is recorded, by its own value, in order."""
    ours = SonifyCallback(directory=tmp_path, player=None, update_freq="batch")

    fit(network(), ours, batch_size=4, epochs=2)

    log = logged(tmp_path)
    assert sum(log["steps"]) == log["step"][-1] == 2 * 32 / 4
    assert log["step"] == sorted(log["step"])


@pytest.mark.skipif(IS_LEGACY or KERAS < (3, 3), reason="it has no PyDataset")
def test_dataset_read_by_other_processes(tmp_path: Path) -> None:
    """They inherit nothing that they would sound or write."""

    class Batches(keras.utils.PyDataset):
        def __len__(self) -> int:
            return 4

        def __getitem__(self, place: int) -> Any:  # noqa: ANN401
            part = slice(8 * place, 8 * place + 8)
            return INPUTS[part], TARGETS[part]

    data = Batches(workers=2, use_multiprocessing=BACKEND == "torch")

    history = fit(network(), mute(tmp_path), x=data, y=None).history

    check(tmp_path, range(4), history)


@pytest.mark.skipif(
    BACKEND != "torch" or importlib.util.find_spec("torch") is None,
    reason="needs PyTorch",
)
def test_data_loader_with_workers(tmp_path: Path) -> None:
    """PyTorch's own way to read in other processes."""
    torch: Any = importlib.import_module("torch")
    data = torch.utils.data.TensorDataset(torch.tensor(INPUTS), torch.tensor(TARGETS))
    loader = torch.utils.data.DataLoader(data, batch_size=8, num_workers=2)

    check(tmp_path, range(4), fit(network(), mute(tmp_path), x=loader, y=None).history)
