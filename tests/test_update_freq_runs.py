"""Trainings told in steps that go on, break off, nest, or are copied."""

import gc
import weakref
from pathlib import Path
from typing import Any

import keras
import pytest
from step_training import HOOK, Watching, column, data, fit, log, network, steps
from tiny_training import duplicates, mute

from keras_sonify import SonifyCallback


def test_an_exception_leaves_the_batches_so_far(tmp_path: Path) -> None:
    """All of them are in the record, though the epoch never ended."""

    class Fail(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch: int, logs: object = None) -> None:
            if batch == 17:
                raise RuntimeError("mine")

    callback = mute(tmp_path, update_freq="batch")

    with pytest.raises(RuntimeError, match="mine"):
        fit(network(), callback, Fail())
    callback.close()

    assert steps(tmp_path) == list(range(1, 18))
    assert HOOK not in vars(callback)


@pytest.mark.parametrize("ends", [True, False])
def test_a_loop_of_ones_own_is_heard(tmp_path: Path, *, ends: bool) -> None:
    """With a list of callbacks made by hand, by step; epochs may end or not."""
    model = network("accuracy", rate=0.1)
    callback = mute(tmp_path, update_freq="batch")
    callbacks = keras.callbacks.CallbackList([callback], model=model)
    inputs, labels = data(80)
    losses: list[float] = []

    callbacks.on_train_begin()
    for epoch in range(2):
        for number in range(10):
            batch = slice(8 * number, 8 * number + 8)
            logs = model.train_on_batch(inputs[batch], labels[batch], return_dict=True)
            losses.append(float(logs["loss"]))
            callbacks.on_train_batch_end(10 * epoch + number, logs)
        if ends:
            callbacks.on_epoch_end(epoch, {"loss": sum(losses[-10:]) / 10})
    callbacks.on_train_end()

    assert steps(tmp_path) == list(range(1, 21))
    assert column(tmp_path, "loss") == pytest.approx(losses)
    assert {row["epoch"] for row in log(tmp_path)} == ({"0", "1"} if ends else {"0"})


def test_a_resumed_training_counts_steps_on(tmp_path: Path) -> None:
    """With `initial_epoch`, on a new callback: one record, from step 1 on."""
    model = network()
    fit(model, mute(tmp_path, update_freq="batch"), epochs=2)

    fit(model, mute(tmp_path, update_freq="batch"), initial_epoch=2, epochs=4)

    assert steps(tmp_path) == list(range(1, 101))
    assert [row["epoch"] for row in log(tmp_path)][-1] == "3"


def test_fits_of_one_epoch_each_are_one_run(tmp_path: Path) -> None:
    """In a loop, as in epochs: the steps count on."""
    model, callback = network(), mute(tmp_path, update_freq="batch")

    for _ in range(3):
        fit(model, callback, epochs=1)
    callback.close()

    assert steps(tmp_path) == list(range(1, 76))


def test_a_callback_may_be_used_again(tmp_path: Path) -> None:
    """A training of several epochs begins anew, at step 1."""
    model, callback = network(), mute(tmp_path, update_freq="batch")

    for _ in range(2):
        fit(model, callback)

    assert steps(tmp_path) == list(range(1, 51))


def test_a_fit_within_another_does_no_harm(tmp_path: Path) -> None:
    """With the same callback: both go on, and nothing raises."""
    callback = mute(tmp_path, update_freq="batch")

    class Inner(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: object = None) -> None:
            if batch == 10:
                fit(network(), callback)

    history = fit(network(), callback, Inner()).history

    assert len(history["loss"]) == 2


@pytest.mark.parametrize("frequency", ["batch", "auto"])
def test_a_callback_under_way_can_be_copied(tmp_path: Path, frequency: Any) -> None:  # noqa: ANN401
    """Its hook and its clock stay behind; the copy begins a training of its own."""
    callback = mute(tmp_path / "own", update_freq=frequency)
    made: list[SonifyCallback] = []

    class Copying(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: object = None) -> None:
            if batch == 5:
                made.extend(duplicates(callback))

    fit(network(), callback, Copying(), epochs=1)
    callback.close()

    for each in made:
        assert HOOK not in vars(each)
        fit(network(), each)
    assert len(made) == 2
    assert len(steps(tmp_path / "own")) == (50 if frequency == "batch" else 0)


def test_a_timer_keeps_no_model_alive() -> None:
    """A training that broke off within its first minute can be forgotten."""

    class Fail(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch: int, logs: object = None) -> None:
            raise RuntimeError("mine")

    model = network()
    callback = mute(None)
    with pytest.raises(RuntimeError, match="mine"):
        fit(model, callback, Fail())
    known = weakref.ref(callback)

    del model, callback
    gc.collect()

    assert known() is None


def test_no_process_but_the_primary_has_a_hook() -> None:
    """The others of a distributed training hear nothing, and pay nothing."""
    callback = mute(None, update_freq="batch", primary=False)
    watching = Watching(callback)

    fit(network(), callback, watching)

    assert not any(watching.bound)
