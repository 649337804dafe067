"""What a training tells, in lines and in warnings, beside what it sounds."""

import logging
import re
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from tiny_training import drive, fit, live, mute


@pytest.mark.parametrize("value", [np.eye(2), "text", None, [], 1j])
def test_what_is_no_number_is_warned_of_once(value: object, tmp_path: Path) -> None:
    """A metric that cannot be one tone is left out, and told once a training."""
    callback = mute(tmp_path, metrics=["loss", "odd"])

    with pytest.warns(UserWarning, match="`odd` is no single number") as told:
        drive(callback, *[{"loss": 1.0, "odd": value}] * 3)

    assert len(told) == 1
    assert {row.metric for row in live(tmp_path)} == {"loss"}


# NumPy's word on how Keras fetches a variable from TensorFlow.
def test_metric_that_is_not_there(model: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """A metric that was asked for in vain is told once, with those that are there."""
    callback = mute(tmp_path, metrics=["loss", "nope", "val_nope"])

    with pytest.warns(UserWarning, match="not in `logs`: nope") as told:
        fit(model, callback, epochs=3)

    (message,) = (str(w.message) for w in told if w.category is UserWarning)
    available = message.partition("Available are: ")[2]
    names = {"loss", "accuracy", "quality", "q2"}
    assert set(re.findall(r"\w+", available)) == {
        "learning_rate",
        *names,
        *(f"val_{name}" for name in names),
    }
    assert {row.metric for row in live(tmp_path)} == {"loss"}


def test_verbose_tells_in_plain_lines(
    model: Any,  # noqa: ANN401
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With `verbose=1` each epoch is a line, and so are the best one and the files."""
    callback = mute(tmp_path, verbose=1)

    history = fit(model, callback).history

    printed = capsys.readouterr().out.splitlines()
    loss, val_loss = history["loss"], history["val_loss"]
    assert printed[0].startswith(f"Epoch 1 of 2: loss {loss[0]:.4g}; val_loss")
    assert printed[1].startswith(f"Epoch 2 of 2: loss {loss[1]:.4g}, best so far; ")
    assert printed[2] == "Training finished after epoch 2 of 2"
    assert printed[3].startswith(f"Best val_loss: {min(val_loss):.4g} at epoch 2")
    assert printed[4].startswith(f"Sound files in {tmp_path}: ")
    assert len(printed) == 5
    assert all(line.isprintable() for line in printed)


def test_verbose_stands_below_the_progress_bar(
    model: Any,  # noqa: ANN401
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Keras's bar is not ended yet: a line of ours must not be written into it."""
    callback = mute(tmp_path, verbose=1)

    fit(model, callback, epochs=1, verbose=1)
    callback.close()  # else its end is told when no other `fit` has come for a while

    printed = capsys.readouterr().out.splitlines()
    assert [line.startswith("Epoch 1 of 1: loss") for line in printed].count(True) == 1


def test_verbose_obeys_the_switch_of_keras(
    model: Any,  # noqa: ANN401
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without interactive logging the lines go to the log."""
    callback = mute(tmp_path, verbose=1)
    caplog.set_level(logging.INFO, "keras_sonify")

    keras.config.disable_interactive_logging()
    try:
        fit(model, callback, epochs=1)
        callback.close()  # else its end is printed into a later test
    finally:
        keras.config.enable_interactive_logging()

    assert capsys.readouterr().out == ""
    assert any(line.startswith("Epoch 1 of 1: ") for line in caplog.messages)


def test_silent_by_default(
    model: Any,  # noqa: ANN401
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With `verbose=0` nothing is printed."""
    fit(model, mute(tmp_path))

    assert capsys.readouterr() == ("", "")


def test_a_lower_learning_rate_is_told(
    model: Any,  # noqa: ANN401
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The optimizer is asked for its rate, which `logs` need not hold."""
    callback = mute(tmp_path, verbose=1)
    lower = keras.callbacks.LearningRateScheduler(
        lambda epoch, _: 0.01 if epoch < 4 else 0.001,
    )

    fit(model, callback, lower, epochs=7)

    assert (
        "Epoch 5: learning rate lowered from 0.01 to 0.001" in capsys.readouterr().out
    )
