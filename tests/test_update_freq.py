"""Trainings in Keras that are heard within their epochs: `update_freq`."""

import math
import threading
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from step_training import HOOK, Hasty, Watching, column, data, fit, log, network, steps
from tiny_training import mute

from keras_sonify import SonifyCallback
from keras_sonify.testing import RecordingOutput
from keras_sonify.training.events import Event


@pytest.mark.parametrize("is_validated", [True, False])
@pytest.mark.parametrize("per_execution", [1, 4])
def test_each_batch_is_told_by_its_own_value(
    tmp_path: Path, per_execution: int, *, is_validated: bool
) -> None:
    """Not by the mean of the epoch so far: also the last one, which is smaller."""
    model = network("accuracy", steps_per_execution=per_execution)
    inputs, labels = data(203)
    told = model.predict(inputs, verbose=0).clip(1e-7, 1 - 1e-7)
    losses = -(labels * np.log(told) + (1 - labels) * np.log(1 - told))
    right = (told > 0.5) == labels
    validation = data(50) if is_validated else None

    callback = mute(tmp_path, update_freq="batch")
    fit(model, callback, samples=203, validation_data=validation)

    size, ends = 8 * per_execution, [*range(per_execution, 26, per_execution), 26]
    starts = range(0, 203, size)
    assert steps(tmp_path) == [*ends, *(26 + end for end in ends)]
    for name, of_each in (("loss", losses), ("accuracy", right)):
        own = [of_each[start : start + size].mean() for start in starts]
        assert column(tmp_path, name) == pytest.approx(own * 2, abs=1e-5)
    assert {row["epoch"] for row in log(tmp_path)} == {"0", "1"}
    assert len(column(tmp_path, "epoch_loss")) == 2


def test_what_is_no_mean_is_named_once(tmp_path: Path) -> None:
    """An AUC is known for the epoch so far only; so is the root of a mean."""
    rooted = keras.metrics.RootMeanSquaredError(name="root")
    model = network("accuracy", keras.metrics.AUC(name="auc"), rooted)

    with pytest.warns(UserWarning, match="`auc`, `root` are heard") as told:
        history = fit(model, mute(tmp_path, update_freq="batch"), epochs=3).history

    assert len(told) == 1
    assert column(tmp_path, "auc")[24] == pytest.approx(history["auc"][0])
    assert len(column(tmp_path, "auc")) == 75


def test_a_row_may_stand_for_several_steps(tmp_path: Path) -> None:
    """With a number, as `TensorBoard(update_freq=10)` writes each tenth batch."""
    fit(
        network(),
        mute(tmp_path, update_freq=10, cue_seconds=1e3),
        samples=1600,
        epochs=1,
    )

    # A row ends with a cue, too: the first step is heard at once.
    counts = [int(row["steps"]) for row in log(tmp_path)]
    assert counts.count(10) >= 18
    assert sum(counts) == 200


def test_epochs_alone_bind_no_hook(tmp_path: Path) -> None:
    """Nor does `"auto"` where epochs are short: it costs nothing."""
    for callback in (mute(tmp_path, update_freq="epoch"), mute(tmp_path)):
        watching = Watching(callback)

        fit(network(), callback, watching, epochs=3)

        assert not any(watching.bound)
        assert steps(tmp_path) == []
        names = {thread.name for thread in threading.enumerate()}
        assert not any(name.startswith("Timer") for name in names)


def test_a_long_epoch_is_told_in_steps(tmp_path: Path) -> None:
    """From then on; its first row is the mean of all batches before."""
    callback, model = Hasty(directory=tmp_path, player=None), network()
    watching = Watching(callback, seconds=0.15)
    fit(model)  # the first one takes its time

    fit(model, callback, watching)

    first = log(tmp_path)[0]
    assert watching.bound[:2] == [False, False]
    assert all(watching.bound[25:])  # in the second epoch from its beginning
    assert HOOK not in vars(callback)
    assert int(first["step"]) == int(first["steps"]) > 1
    assert steps(tmp_path)[-1] == 50
    assert sum(int(row["steps"]) for row in log(tmp_path)) == 50


def test_no_run_changes_from_epochs_to_steps(tmp_path: Path) -> None:
    """Where the first epoch was short, a long one that follows is told as an epoch."""

    class Slower(Watching):
        def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
            self.seconds = 0.2 * epoch

    callback, model = Hasty(directory=tmp_path, player=None), network()
    fit(model)  # the first one takes its time

    fit(model, callback, Slower(callback))

    assert [row["epoch"] for row in log(tmp_path)] == ["0", "1"]
    assert steps(tmp_path) == []


@pytest.mark.parametrize(("epochs", "count"), [(1, 1), (2, 1), (3, 0)])
def test_few_epochs_are_told_of_at_the_beginning(epochs: int, count: int) -> None:
    """Of `"epoch"` little will be heard then; `"auto"` says nothing."""
    told: list[str] = []
    for frequency in ("epoch", "auto"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("warnings.warn", lambda text, **_: told.append(text))
            fit(network(), mute(None, update_freq=frequency), epochs=epochs)

    assert len(told) == count
    assert all("`update_freq='auto'`" in line for line in told)


class _Poisoned(keras.utils.PyDataset):
    """Batches of which one is NaN, and after which the next one takes its time."""

    def __init__(self, poisoned: int, batches: int, goes_on: threading.Event) -> None:
        super().__init__()
        self.poisoned, self.batches, self.goes_on = poisoned, batches, goes_on

    def __len__(self) -> int:
        return self.batches

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        if index > self.poisoned + 20:  # Keras fetches some batches ahead
            assert self.goes_on.wait(60)
        inputs = np.full((4, 2), math.nan if index == self.poisoned else 1.0)
        return inputs, np.ones((4, 1))


def test_nan_in_a_batch_is_told_at_once(tmp_path: Path) -> None:
    """Not when the epoch ends, an hour later: it goes on only when it has been told."""
    goes_on = threading.Event()
    told: list[Event] = []

    def tell(event: Event) -> None:
        told.append(event)
        goes_on.set()

    callback = mute(tmp_path, update_freq="batch", on_event=tell)
    training = _Poisoned(33, 200, goes_on)

    network().fit(training, epochs=1, verbose=0, shuffle=False, callbacks=[callback])

    assert (told[0].kind, told[0].step) == ("nan_loss", 34)
    assert steps(tmp_path)[-1] == 200


def test_cues_come_at_most_so_often() -> None:
    """Each stands for all steps since the last one; an epoch's end has its own."""
    output = RecordingOutput()
    callback = SonifyCallback(
        directory=None, player=output, update_freq="batch", cue_seconds=3600.0
    )

    fit(network(), callback, epochs=3)

    assert [cue.epoch for cue, _, _ in output.epochs] == [0, 0, 1, 2]


def test_keras_2_asks_for_batches_at_the_beginning() -> None:
    """tf_keras calls no hook of a callback that did not ask for it then."""
    asked = [
        mute(None, update_freq=frequency)._implements_train_batch_hooks()
        for frequency in ("auto", "epoch", "batch", 5)
    ]

    assert asked == [False, False, True, True]


def test_any_thread_may_call_the_hook() -> None:
    """Keras asks for that before it dispatches batches asynchronously."""
    assert mute(None, update_freq="batch").async_safe is True


def test_a_fault_with_a_batch_is_told_where_no_epoch_ends(tmp_path: Path) -> None:
    """A loop of one's own may consist of batches only: then its end tells of it."""
    callback = mute(tmp_path, update_freq="batch")
    callbacks = keras.callbacks.CallbackList([callback], model=network())
    callbacks.on_train_begin()
    callbacks.on_train_batch_end(0, {"loss": 1.0})
    callbacks.on_train_batch_end("five", {"loss": 1.0})

    with pytest.warns(UserWarning, match="on_train_end failed: ValueError"):
        callbacks.on_train_end()

    assert steps(tmp_path) == [1]
