"""Faults, interrupts, copies and other processes: none ends a training or is heard."""

import os
import signal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from tiny_training import Raise, drive, duplicates, epochs, fit, live, mute, slots

from keras_sonify import SonifyCallback


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
