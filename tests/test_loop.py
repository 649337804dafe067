"""`fit` in a loop, resumed, or cut short: one run, all epochs, one end."""

import time
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from programs import run
from table import read_table

from keras_sonify import SonifyCallback
from keras_sonify.training.events import Event


def _model() -> Any:  # noqa: ANN401 - Keras has no types
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


def _fit(model: Any, callback: SonifyCallback, **options: Any) -> None:  # noqa: ANN401
    inputs = np.ones((8, 2), "float32")
    model.fit(inputs, inputs[:, :1], verbose=0, callbacks=[callback], **options)


class _Ends:
    """Keeps the ends of runs."""

    def __init__(self) -> None:
        self.kinds: list[str] = []

    def __call__(self, event: Event) -> None:
        self.kinds.append(event.kind)


def _epochs(directory: Path) -> list[int]:
    return [row.epoch or 0 for row in read_table(directory, "loss.wav")]


@pytest.mark.parametrize("counts_on", [True, False])
def test_a_loop_of_single_epochs_is_one_run(tmp_path: Path, counts_on: bool) -> None:
    """Whether each `fit` counts on or from 0: references, files, and one end."""
    ends, model = _Ends(), _model()
    callback = SonifyCallback(directory=tmp_path, player=None, on_event=ends)

    for epoch in range(4):
        first = epoch if counts_on else 0
        _fit(model, callback, initial_epoch=first, epochs=first + 1)
    callback.close()

    assert _epochs(tmp_path) == [0, 1, 2, 3]
    live = read_table(tmp_path, "live")
    assert [r.kind for r in live if r.epoch] == ["reference", "tone"] * 3
    assert ends.kinds == ["finished"]


def test_a_single_epoch_leaves_its_files_at_once(tmp_path: Path) -> None:
    """They are there when `fit` returns, and the end is told soon by itself."""
    ends = _Ends()
    callback = SonifyCallback(directory=tmp_path, player=None, on_event=ends)

    _fit(_model(), callback, epochs=1)

    assert _epochs(tmp_path) == [0]
    assert ends.kinds == []
    deadline = time.monotonic() + 15.0
    while not ends.kinds and time.monotonic() < deadline:
        time.sleep(0.1)
    assert ends.kinds == ["finished"]


def test_another_model_is_another_run(tmp_path: Path) -> None:
    """What was left open is ended before it."""
    ends = _Ends()
    callback = SonifyCallback(directory=tmp_path, player=None, on_event=ends)

    _fit(_model(), callback, epochs=1)
    _fit(_model(), callback, epochs=1)
    callback.close()

    assert _epochs(tmp_path) == [0]
    assert ends.kinds == ["finished", "finished"]


def test_append_false_makes_each_fit_a_run_of_its_own(tmp_path: Path) -> None:
    """Nothing waits for a next one."""
    ends, model = _Ends(), _model()
    settings: dict[str, Any] = {"player": None, "append": False, "on_event": ends}
    callback = SonifyCallback(directory=tmp_path, **settings)

    for _ in range(2):
        _fit(model, callback, epochs=1)

    assert _epochs(tmp_path) == [0]
    assert ends.kinds == ["finished", "finished"]


@pytest.mark.parametrize("is_new", [True, False])
def test_initial_epoch_goes_on(tmp_path: Path, is_new: bool) -> None:
    """On the same callback or a new one: all epochs, and the best of those before."""
    model, callback = _model(), SonifyCallback(directory=tmp_path, player=None)
    _fit(model, callback, epochs=3)
    if is_new:
        callback = SonifyCallback(directory=tmp_path, player=None)

    _fit(model, callback, initial_epoch=3, epochs=5)

    assert _epochs(tmp_path) == [0, 1, 2, 3, 4]
    resumed = [row.kind for row in read_table(tmp_path, "live") if row.epoch == 3]
    assert resumed == ["reference", "tone"]


def test_the_same_callback_may_begin_anew(tmp_path: Path) -> None:
    """Several epochs from 0 are a new training, also of the same model."""
    model, callback = _model(), SonifyCallback(directory=tmp_path, player=None)

    _fit(model, callback, epochs=3)
    _fit(model, callback, epochs=2)

    assert _epochs(tmp_path) == [0, 1]


_RESUMED = """
import os, sys, time
import keras
import numpy as np
from keras_sonify import SonifyCallback

class Kill(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if sys.argv[1:] == ["kill"] and epoch == 6:
            time.sleep(1.0)  # what is promised to be written down by then
            os._exit(9)

model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
inputs = np.ones((8, 2), "float32")
def told(event):
    print("event", event.kind)
sonify = SonifyCallback(player=None, on_event=told)
callbacks = [keras.callbacks.BackupAndRestore("backup"), sonify, Kill()]
model.fit(inputs, inputs[:, :1], epochs=10, verbose=0, callbacks=callbacks)
"""

_LOOP = """
import keras
import numpy as np
from keras_sonify import SonifyCallback

model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
inputs = np.ones((8, 2), "float32")
sonify = SonifyCallback(player=None, verbose=1)
for _ in range(3):
    model.fit(inputs, inputs[:, :1], epochs=1, verbose=0, callbacks=[sonify])
print("end of the script")
"""


def test_a_killed_training_is_resumed_in_a_new_process(tmp_path: Path) -> None:
    """With `BackupAndRestore`: the files hold all ten epochs, and one end is told."""
    killed = run(_RESUMED, tmp_path, arguments=("kill",))
    resumed = run(_RESUMED, tmp_path)

    assert killed.status == 9
    assert "event finished" not in killed.output
    assert (resumed.status, resumed.lines.count("event finished")) == (0, 1)
    assert _epochs(tmp_path / "sonification") == list(range(10))
    first = [r for r in read_table(tmp_path / "sonification", "live") if r.epoch == 6]
    assert [row.kind for row in first] == ["reference", "tone"]


def test_the_end_of_a_loop_is_told_at_the_end_of_the_script(tmp_path: Path) -> None:
    """Once, after what the script itself says, with epochs counted over all fits."""
    program = run(_LOOP, tmp_path)

    ours = ("Epoch", "end of", "Training")
    starts = [line.split(":")[0] for line in program.lines if line.startswith(ours)]
    assert starts == [
        "Epoch 1 of 1",
        "Epoch 2",
        "Epoch 3",
        "end of the script",
        "Training finished after epoch 3",
    ]
    assert _epochs(tmp_path / "sonification") == [0, 1, 2]


_CRASHED = """
import keras
import numpy as np
from keras_sonify import SonifyCallback

class Fail(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 3:
            raise RuntimeError("mine")

model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
inputs = np.ones((8, 2), "float32")
def told(event):
    print("event", event.kind)
sonify = SonifyCallback(player=None, on_event=told, verbose=1)
model.fit(inputs, inputs[:, :1], epochs=9, verbose=0, callbacks=[sonify, Fail()])
"""


def test_a_crash_is_told_before_the_files_are_closed(tmp_path: Path) -> None:
    """The page, `run.json` and `on_event` know how it ended, not only the terminal."""
    program = run(_CRASHED, tmp_path)

    directory = tmp_path / "sonification"
    assert program.status == 1
    assert "event crashed" in program.lines
    assert "Training crashed after epoch 3" in program.lines
    assert '"ending": "crashed"' in (directory / "run.json").read_text()
    assert "Training crashed after epoch 3" in (directory / "index.html").read_text()
    assert _epochs(directory) == [0, 1, 2]


def test_another_callback_in_the_directory_ends_what_waits(tmp_path: Path) -> None:
    """The run that was left open is ended, and told, before the new one begins."""
    ends = _Ends()
    for _ in range(2):
        callback = SonifyCallback(directory=tmp_path, player=None, on_event=ends)
        _fit(_model(), callback, epochs=1)
    callback.close()

    assert ends.kinds == ["finished", "finished"]
    assert _epochs(tmp_path) == [0]
