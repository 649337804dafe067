"""Trainings in Keras that are heard within their epochs: `update_freq`."""

import copy
import csv
import gc
import math
import pickle
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from keras_sonify import SonifyCallback
from keras_sonify.testing import RecordingOutput
from keras_sonify.training.events import Event

HOOK = "on_train_batch_end"


class Hasty(SonifyCallback):
    """Finds an epoch long that lasts for a moment."""

    _long_epoch_seconds = 1.5


class Watching(keras.callbacks.Callback):
    """Notes with each batch whether a callback before it has a hook for batches."""

    def __init__(self, watched: SonifyCallback, seconds: float = 0.0) -> None:
        super().__init__()
        self.watched, self.seconds = watched, seconds
        self.bound: list[bool] = []

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        """Note it, and take one's time."""
        self.bound.append(HOOK in vars(self.watched))
        time.sleep(self.seconds)


def network(*metrics: Any, rate: float = 0.0, **options: Any) -> Any:  # noqa: ANN401
    """Return a network; with a rate of 0 it stays as it is."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")],
    )
    rated = keras.optimizers.SGD(rate)
    model.compile(rated, "binary_crossentropy", metrics=list(metrics), **options)
    return model


def data(samples: int) -> tuple[Any, Any]:
    """Return inputs and labels."""
    inputs = np.random.default_rng(1).normal(size=(samples, 2)).astype("float32")
    return inputs, (inputs.sum(axis=1, keepdims=True) > 0).astype("float32")


def fit(model: Any, *callbacks: object, samples: int = 200, **options: Any) -> Any:  # noqa: ANN401
    """Train on batches of 8 for two epochs, unless told otherwise."""
    inputs, labels = data(samples)
    arguments = {"epochs": 2, "batch_size": 8, "verbose": 0, "shuffle": False}
    chosen = list(callbacks)
    return model.fit(inputs, labels, callbacks=chosen, **{**arguments, **options})


def mute(directory: Path | None, **options: Any) -> SonifyCallback:  # noqa: ANN401
    """Return a callback that does not play."""
    return SonifyCallback(directory=directory, player=None, **options)


def log(directory: Path) -> list[dict[str, str]]:
    """Return the rows of the record."""
    with (directory / "log.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def steps(directory: Path) -> list[int]:
    """Return the steps in the record; none if it is told in epochs.

    An epoch's end has a row of its own, of no step, where nothing came with it.
    """
    return [int(row["step"]) for row in log(directory) if row.get("steps", "0") != "0"]


def column(directory: Path, name: str) -> list[float]:
    """Return the values of a metric in the record."""
    cells = [row[name] for row in log(directory)]
    return [float(cell) for cell in cells if cell != "NA"]


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


def copies(callback: SonifyCallback) -> Iterator[SonifyCallback]:
    """Yield a deep copy and an unpickled one."""
    yield copy.deepcopy(callback)
    yield pickle.loads(pickle.dumps(callback))  # noqa: S301 - our own


@pytest.mark.parametrize("frequency", ["batch", "auto"])
def test_a_callback_under_way_can_be_copied(tmp_path: Path, frequency: Any) -> None:  # noqa: ANN401
    """Its hook and its clock stay behind; the copy begins a training of its own."""
    callback = mute(tmp_path / "own", update_freq=frequency)
    made: list[SonifyCallback] = []

    class Copying(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: object = None) -> None:
            if batch == 5:
                made.extend(copies(callback))

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
