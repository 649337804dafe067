"""What a batch costs the training, on the backend that `KERAS_BACKEND` names.

First in Keras's list of callbacks alone, which is driven within a `fit`: microseconds a
batch for `SonifyCallback`, and for others, above a callback that does nothing and may
be called from any thread; and the same with the epoch's end, at which all that has come
is given out. What a run begins with, a tenth of a second, is not in it. Then in whole
fits, to the end of their last epoch. All in one process, in turns; medians.
"""

import importlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from keras_sonify import SonifyCallback

_BATCHES, _TURNS = 5000, 5
_FIRST = (
    8000  # batches of a run that are not counted: what a run begins with comes once
)
_DEAR, _DEAR_BATCHES = "TensorBoard('batch')", 250
_FIT_BATCHES, _FIT_TURNS = 1000, 9
_BASE = "empty, async_safe"

Make = Callable[[str], list[Any]]


class Empty(keras.callbacks.Callback):
    """Does nothing with a batch, in any thread."""

    async_safe = True

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:  # noqa: ANN401
        """Do nothing."""


def _sonify(update_freq: Any, *, files: bool = True) -> Make:  # noqa: ANN401
    return lambda directory: [
        SonifyCallback(
            directory=directory if files else None,
            player=None,
            update_freq=update_freq,
        )
    ]


def kinds() -> dict[str, Make]:
    """Return what is measured: what makes the callbacks of a list."""
    made: dict[str, Make] = {
        _BASE: lambda _: [Empty()],
        "none": lambda _: [],
        "'epoch'": _sonify("epoch"),
        "'auto'": _sonify("auto"),
        "'batch'": _sonify("batch"),
        "'batch', no files": _sonify("batch", files=False),
    }
    try:
        importlib.import_module("tensorflow")  # does TensorBoard's work
    except ImportError:
        return made
    return {
        **made,
        _DEAR: lambda directory: [
            keras.callbacks.TensorBoard(directory, update_freq="batch")
        ],
    }


def network() -> tuple[Any, Any, Any]:
    """Return a small model, and what it is trained on."""
    keras.utils.set_random_seed(1)
    chance = np.random.default_rng(1)
    inputs = chance.normal(size=(_FIT_BATCHES * 4, 8)).astype("float32")
    labels = (inputs[:, :1] > 0).astype("float32")
    model = keras.Sequential(
        [keras.Input((8,)), keras.layers.Dense(1, activation="sigmoid")]
    )
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
    model.fit(inputs[:64], labels[:64], verbose=0)
    return model, inputs, labels


class Until(keras.callbacks.Callback):
    """Notes how long a training takes, to the end of its last epoch."""

    def on_train_begin(self, logs: Any = None) -> None:  # noqa: ANN401
        """Note when it begins."""
        self.begun = self.ended = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:  # noqa: ANN401
        """Note when an epoch has ended."""
        self.ended = time.perf_counter()

    @property
    def seconds(self) -> float:
        """How long that was."""
        return self.ended - self.begun


class Drive(keras.callbacks.Callback):
    """Drives lists of callbacks by hand, in turns, when the `fit` it is in begins."""

    def __init__(self, directory: str, turns: int, names: Collection[str]) -> None:
        super().__init__()
        self.directory = directory
        self.turns = turns
        self.made = {n: m for n, m in kinds().items() if n in (_BASE, *names)}
        self.taken: dict[str, list[tuple[float, float, float]]] = {}
        self.is_async: dict[str, bool] = {}

    def on_train_begin(self, logs: Any = None) -> None:  # noqa: ANN401
        """Measure."""
        chance = np.random.default_rng(2)
        losses = chance.gamma(9.0, 0.1, _BATCHES)
        means = np.cumsum(losses) / np.arange(1, _BATCHES + 1)
        told = [
            {
                "accuracy": keras.ops.convert_to_tensor(np.float32(mean / 2)),
                "loss": keras.ops.convert_to_tensor(np.float32(mean)),
            }
            for mean in means
        ]
        for turn in range(self.turns + 1):
            for name, make in self.made.items():
                count = _DEAR_BATCHES if name == _DEAR else _BATCHES
                taken = self.drive(name, make, told[:count])
                if turn:  # the first one warms up
                    self.taken.setdefault(name, []).append(taken)

    def drive(
        self, name: str, make: Make, told: Sequence[Mapping[str, Any]]
    ) -> tuple[float, float, float]:
        """Return microseconds a batch: of the clock, of CPU, of CPU with its end."""
        made = make(self.directory)
        callbacks = keras.callbacks.CallbackList(
            made, model=self._model, epochs=3, verbose=0
        )
        self.is_async[name] = callbacks._async_train  # noqa: SLF001 - nobody else tells
        callbacks.on_train_begin()
        callbacks.on_epoch_begin(0)
        for number in range(_FIRST if name != _DEAR else 1):
            callbacks.on_train_batch_begin(number)
            callbacks.on_train_batch_end(number, told[number % len(told)])
        callbacks.on_epoch_end(0, told[-1])
        for each in made:
            if isinstance(each, SonifyCallback):
                each.sonifier.flush()  # the first files are made at the beginning
        callbacks.on_epoch_begin(1)
        clock, cpu = time.perf_counter(), time.process_time()
        for number, logs in enumerate(told):
            callbacks.on_train_batch_begin(number)
            callbacks.on_train_batch_end(number, logs)
        if self.is_async[name]:
            callbacks._flush_futures()  # noqa: SLF001
        clock, cpu_then = time.perf_counter() - clock, time.process_time() - cpu
        callbacks.on_epoch_end(1, told[-1])
        cpu_end = time.process_time() - cpu
        callbacks.on_train_end()
        each = 1e6 / len(told)
        return clock * each, cpu_then * each, cpu_end * each


def measure_lists(turns: int = _TURNS, names: Collection[str] = ()) -> None:
    """Print what a batch costs in the list of callbacks.

    Args:
        turns: How often each is measured.
        names: What is measured. Defaults to all.
    """
    model, inputs, labels = network()
    with tempfile.TemporaryDirectory() as directory:
        drive = Drive(directory, turns, names or kinds())
        model.fit(inputs[:8], labels[:8], verbose=0, callbacks=[drive])
    medians = {
        name: [statistics.median(column) for column in zip(*taken, strict=True)]
        for name, taken in drive.taken.items()
    }
    base = medians[_BASE]
    print(f"\nIn the list of callbacks, us a batch: medians of {turns} turns")
    print(f"{'':24}  clock (above)   CPU (above)   CPU with the epoch's end (above)")
    for name, values in medians.items():
        cells = [
            f"{value:7.1f} ({value - least:+6.1f})"
            for value, least in zip(values, base, strict=True)
        ]
        how = "asynchronous" if drive.is_async[name] else "synchronous"
        print(f"{name:24} {'  '.join(cells)}  {how}")


def fits(directory: str) -> None:
    """Print what a batch takes in whole fits."""
    model, inputs, labels = network()
    names = ("none", "'auto'", "'batch'")
    chosen = {name: kinds()[name] for name in names}
    taken: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(_FIT_TURNS + 1):
        for name, make in chosen.items():
            until = Until()
            callbacks = [*make(directory), until]
            fitting: dict[str, Any] = {"batch_size": 4, "epochs": 3, "verbose": 0}
            model.fit(inputs, labels, callbacks=callbacks, **fitting)
            if turn:
                taken[name].append(until.seconds / (3 * _FIT_BATCHES) * 1e6)
    print(f"\nWhole fits of 3000 batches, us a batch: median (least) of {_FIT_TURNS}")
    for name, all_ in taken.items():
        print(f"{name:24} {statistics.median(all_):7.1f} ({min(all_):7.1f})")


def main() -> None:
    """Print the figures."""
    print(f"{keras.backend.backend()}, Keras {keras.__version__}, {sys.platform}")
    measure_lists()
    with tempfile.TemporaryDirectory() as directory:
        fits(directory)


if __name__ == "__main__":
    main()
