"""`SonifyCallback` in real, tiny trainings, without live sound."""

import re
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from table import Row
from tiny_training import drive, epochs, fit, live, mute, slots

from keras_sonify import SonifyCallback


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"metrics": 3}, TypeError),
        ({"metrics": ["loss", 1]}, TypeError),
        ({"directory": 3}, TypeError),
        ({"style": "loud"}, ValueError),
        ({"style": 3}, ValueError),
        ({"player": "radio"}, ValueError),
        ({"update_freq": "step"}, ValueError),
        ({"update_freq": 0}, ValueError),
        ({"update_freq": True}, ValueError),
        ({"update_freq": 1.5}, ValueError),
        ({"update_freq": None}, ValueError),
        ({"cue_seconds": 0}, ValueError),
        ({"cue_seconds": "4"}, ValueError),
        ({"monitor": 3}, TypeError),
        ({"mode": "up"}, ValueError),
        ({"earcons": "yes"}, TypeError),
        ({"verbose": 3}, ValueError),
        ({"verbose": True}, ValueError),
        ({"append": "yes"}, ValueError),
        ({"append": 1}, ValueError),
        ({"on_event": "print"}, TypeError),
        ({"player": 3}, TypeError),
        ({"player": ["speaker", object]}, TypeError),
        ({"primary": "yes"}, ValueError),
        ({"primary": []}, ValueError),
    ],
)
def test_wrong_arguments_are_refused(
    options: dict[str, Any],
    error: type[Exception],
) -> None:
    """A mistake shows when the callback is made, and tells what was received."""
    ((name, value),) = options.items()

    with pytest.raises(error, match=re.escape(f"Received: {name}={value!r}")):
        SonifyCallback(**options)


def test_no_batch_hook_is_overridden() -> None:
    """One batch hook would make every callback synchronous on JAX and PyTorch."""
    hooks = [name for name in dir(keras.callbacks.Callback) if "batch" in name]
    hooks = [name for name in hooks if name.startswith("on_")]

    assert len(hooks) == 8
    for hook in hooks:
        base = getattr(keras.callbacks.Callback, hook)
        assert getattr(SonifyCallback, hook) is base


def test_each_training_starts_anew(model: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """A callback that is used a second time has forgotten the first training."""
    callback = mute(tmp_path)
    fit(model, callback, epochs=4)

    history = fit(model, callback, epochs=2).history

    tones = [row.value for row in live(tmp_path) if row.metric == "loss"]
    assert epochs(tmp_path) == [0, 1]
    assert tones == [history["loss"][0], history["loss"][0], history["loss"][1]]
    assert slots(tmp_path, "loss") == [True, True]


def test_resumed_training_counts_on(model: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """With `initial_epoch` the epochs are those that Keras counts."""
    callback = mute(tmp_path)

    fit(model, callback, initial_epoch=3, epochs=5)

    assert epochs(tmp_path) == [3, 4]
    assert slots(tmp_path, "val_loss") == [True, True]


def test_epochs_without_validation_are_silent(
    model: Any,  # noqa: ANN401
    tmp_path: Path,
) -> None:
    """With `validation_freq=2` every other slot of a validation metric is empty."""
    callback = mute(tmp_path)

    fit(model, callback, epochs=5, validation_freq=2)

    assert slots(tmp_path, "loss") == [True] * 5
    assert slots(tmp_path, "val_loss") == [False, True, False, True, False]


@pytest.mark.parametrize("epochs_asked", [0, 2])
def test_training_of_no_epoch(
    epochs_asked: int,
    model: Any,  # noqa: ANN401
    tmp_path: Path,
) -> None:
    """A training without an epoch is no trouble and leaves nothing."""
    callback = mute(tmp_path / "sound", verbose=1)

    fit(model, callback, initial_epoch=2, epochs=epochs_asked)

    assert not (tmp_path / "sound").exists()


def test_listed_twice(model: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """A callback that stands in the list twice sounds each epoch once."""
    callback = mute(tmp_path)

    fit(model, callback, callback, epochs=3)

    assert epochs(tmp_path) == [0, 1, 2]
    assert slots(tmp_path, "loss") == [True] * 3


def test_two_callbacks_in_one_training(
    model: Any,  # noqa: ANN401
    tmp_path: Path,
) -> None:
    """Two callbacks do not disturb one another."""
    callbacks = mute(tmp_path / "a"), mute(tmp_path / "b", style="classic")

    fit(model, *callbacks)

    assert epochs(tmp_path / "a") == epochs(tmp_path / "b") == [0, 1]


def test_evaluate_and_predict_are_not_heard(
    model: Any,  # noqa: ANN401
    tmp_path: Path,
) -> None:
    """Only a training sounds, whatever else the callback is given to."""
    callback = mute(tmp_path / "sound")
    inputs = np.ones((4, 2))

    model.evaluate(inputs, np.ones((4, 1)), callbacks=[callback], verbose=0)
    model.predict(inputs, callbacks=[callback], verbose=0)

    assert not (tmp_path / "sound").exists()


def test_hooks_without_keras(tmp_path: Path) -> None:
    """The hooks can be called by hand, without a model, parameters or `logs`."""
    callback = mute(tmp_path, verbose=1)

    drive(callback, {"loss": 1.0}, None, {}, {"loss": 0.5})
    callback.on_train_end()

    assert slots(tmp_path, "loss") == [True, False, False, True]


def test_epoch_without_a_beginning(tmp_path: Path) -> None:
    """An epoch that no `on_train_begin` came before is heard all the same."""
    callback = mute(tmp_path)

    callback.on_epoch_end(0, {"loss": 1.0})
    callback.on_train_end({})

    assert epochs(tmp_path) == [0]


def test_logs_are_left_as_they_are(tmp_path: Path) -> None:
    """All callbacks are given the same `logs`: nothing in them is changed."""
    callback = mute(tmp_path)
    vector = np.array([1.0, 2.0])
    logs = {"loss": 1.0, "vector": vector, "note": "text", "none": None}
    before = dict(logs)

    callback.on_epoch_end(0, logs)
    callback.close()

    assert list(logs.items()) == list(before.items())
    assert vector.tolist() == [1.0, 2.0]


def test_keras_knows_the_direction(model: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """Of a metric whose name tells nothing, Keras tells which way it improves."""
    callback = mute(tmp_path, metrics=["quality", "val_quality", "q2", "val_q2"])

    history = fit(model, callback, epochs=6).history

    for metric, best in (("quality", max), ("q2", min)):
        for name in (metric, f"val_{metric}"):
            heard = [row.value for row in live(tmp_path) if _is_reference(row, name)]
            values = history[name]
            assert heard == [best(values[:count]) for count in range(1, 6)]


def _is_reference(row: Row, metric: str) -> bool:
    return row.metric == metric and row.kind == "reference"
