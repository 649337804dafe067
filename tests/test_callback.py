"""`SonifyCallback` in real, tiny trainings, without live sound."""

import copy
import logging
import os
import pickle
import re
import signal
import wave
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import keras
import numpy as np
import pytest
from ear import listen
from table import Row, read_table

from keras_sonify import SonifyCallback

SLOT = 0.15  # seconds of an epoch in a metric's file


@pytest.fixture(scope="module")
def model() -> Any:  # noqa: ANN401 - Keras has no types
    """A network that learns in milliseconds; all trainings here go on with it."""
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


def mute(directory: Path, **options: Any) -> SonifyCallback:  # noqa: ANN401
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
    heard = {round(note.onset / SLOT) for note in listen(frames, rate)}
    return [slot in heard for slot in range(round(count / rate / SLOT))]


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


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("error", [RuntimeError("mine"), KeyboardInterrupt()])
def test_other_exceptions_pass(
    place: int,
    error: BaseException,
    model: Any,  # noqa: ANN401
    tmp_path: Path,
) -> None:
    """What ends a training ends it; `close` then completes the files."""
    callback = mute(tmp_path)
    callbacks: list[object] = [callback]
    callbacks.insert(place, Raise(error, epoch=2))

    with pytest.raises(type(error)) as caught:
        fit(model, *callbacks, epochs=5)
    callback.close()
    callback.close()

    assert caught.value is error
    assert epochs(tmp_path) == [0, 1, 2][: 2 + place]
    assert slots(tmp_path, "loss") == [True] * (2 + place)


def test_next_training_finishes_the_interrupted_one(
    model: Any,  # noqa: ANN401
    tmp_path: Path,
) -> None:
    """In a notebook a process lives on after Ctrl-C: the next training tidies up."""
    callback = mute(tmp_path / "{run}")
    with pytest.raises(KeyboardInterrupt):
        fit(model, callback, Raise(KeyboardInterrupt(), epoch=2), epochs=5)

    callback.on_train_begin()
    interrupted = epochs(tmp_path / "1")
    fit(model, callback)

    assert interrupted == [0, 1, 2]
    assert epochs(tmp_path / "2") == [0, 1]


def test_ctrl_c_inside_our_own_code_passes(tmp_path: Path) -> None:
    """A KeyboardInterrupt that comes while a hook runs is not swallowed."""

    class Interrupting:
        def __float__(self) -> NoReturn:
            raise KeyboardInterrupt

    callback = mute(tmp_path)
    callback.on_train_begin()

    with pytest.raises(KeyboardInterrupt):
        callback.on_epoch_end(0, {"loss": Interrupting()})
    callback.close()


class Broken:
    """A sonifier that is all faults."""

    def __init__(self) -> None:
        self.calls = 0

    def begin(self, epochs: int | None = None, steps: int | None = None) -> None:
        """Begin well."""

    def __getattr__(self, name: str) -> NoReturn:
        self.calls += 1
        raise RuntimeError("broken")


def test_fault_of_ours_does_not_end_a_training(
    model: Any,  # noqa: ANN401
    tmp_path: Path,
) -> None:
    """A fault in this package is one warning a training; each epoch is tried anew."""
    callback = mute(tmp_path)
    broken = Broken()
    callback.sonifier = broken  # type: ignore[assignment]

    with pytest.warns(UserWarning, match="SonifyCallback.*failed.*broken") as told:
        history = fit(model, callback, epochs=4).history

    assert len(told) == 1
    assert broken.calls > 4
    assert len(history["loss"]) == 4


def test_warnings_as_errors_do_not_end_a_training(
    model: Any,  # noqa: ANN401
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Where a warning is an exception, as with `-W error`, it goes to the log."""
    callback = mute(tmp_path, metrics=["loss", "nope"])

    history = fit(model, callback).history  # pytest makes warnings errors

    assert len(history["loss"]) == 2
    assert "nope" in caplog.text


def test_only_the_primary_process_sounds(
    model: Any,  # noqa: ANN401
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With `primary=False` nothing is played, written or told."""
    callback = SonifyCallback(
        directory=tmp_path / "sound",
        verbose=1,
        primary=False,
        metrics="nope",
    )

    fit(model, callback)

    assert not (tmp_path / "sound").exists()
    assert callback.sonifier.is_silent
    assert capsys.readouterr().out == ""


def test_primary_is_asked_of_tensorflow(tmp_path: Path) -> None:
    """A worker that TensorFlow lets save nothing is silent."""
    callback = mute(tmp_path / "sound")
    extended = SimpleNamespace(should_save_summary=False)
    strategy = SimpleNamespace(extended=extended)

    callback.set_model(SimpleNamespace(distribute_strategy=strategy))
    drive(callback, {"loss": 1.0})

    assert not (tmp_path / "sound").exists()


def duplicates(callback: SonifyCallback) -> Iterator[SonifyCallback]:
    """Yield a deep copy and an unpickled one."""
    yield copy.deepcopy(callback)
    pickled = pickle.dumps(callback)
    assert len(pickled) < 5_000
    yield pickle.loads(pickled)  # noqa: S301 - our own


def test_used_callback_can_be_copied(
    model: Any,  # noqa: ANN401
    tmp_path: Path,
) -> None:
    """keras-tuner copies callbacks, joblib pickles them: without model and run."""
    callback = mute(tmp_path, metrics=["loss"])
    callback.set_model(model)
    callback.on_train_begin()
    callback.on_epoch_end(0, {"loss": 1.0})

    for duplicate in duplicates(callback):
        assert duplicate.model is None
        assert duplicate.sonifier.settings.metrics == ("loss",)
        fit(model, duplicate, epochs=3)
        assert epochs(tmp_path) == [0, 1, 2]

    assert callback.model is model
    callback.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_forked_process_does_nothing(tmp_path: Path) -> None:
    """Data loaders fork in mid-training: hooks called there touch no file."""
    callback = mute(tmp_path)
    callback.on_train_begin()
    callback.on_epoch_end(0, {"loss": 1.0})

    pid = os.fork()
    if pid == 0:
        signal.alarm(10)  # ends it, should it hang
        try:
            callback.on_epoch_end(1, {"loss": 0.5})
            callback.on_train_end()
            callback.close()
        except BaseException:  # noqa: BLE001 - would run the rest of pytest twice
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    callback.on_epoch_end(1, {"loss": 0.25})
    callback.on_train_end()

    assert os.waitstatus_to_exitcode(status) == 0
    values = [row.value for row in live(tmp_path) if row.kind == "tone"]
    assert values == [1.0, 0.25]


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
