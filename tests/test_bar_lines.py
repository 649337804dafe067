"""Lines of `verbose=1` beside those of Keras: none in its bar, and none empty."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pseudo_terminal import run_on_terminal, run_piped

pytestmark = pytest.mark.slow  # each starts a program, by its fixture

Run = Callable[[Sequence[str | Path], Path], str]

_FIT = """
import os, sys, warnings
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
from keras_sonify import SonifyCallback

class Fail(keras.callbacks.Callback):
    epoch = 0

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if self.epoch == 1 and batch == 2 and self.model.how == "crash":
            raise RuntimeError("mine")
        if self.epoch == 1 and batch == 2 and self.model.how == "exit":
            sys.exit()

def fit(verbose, how="good"):
    print(f"fit verbose={verbose}", flush=True)
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.how = how
    inputs = np.ones((64, 4), "float32")
    sonify = SonifyCallback(["loss", "nope"], player=None, verbose=1)
    model.fit(
        inputs, inputs[:, :1], epochs=2, batch_size=16, verbose=verbose,
        callbacks=[Fail(), sonify],
    )
"""
_CODES = re.compile(r"\x1b\[[0-9;]*m")  # Keras's own colours


@pytest.fixture(params=[run_on_terminal, run_piped], ids=["terminal", "piped"])
def run(request: pytest.FixtureRequest) -> Run:
    """A way to run a program."""
    chosen: Run = request.param
    return chosen


def _lines(told: str) -> list[str]:
    """Return the lines as they stand there: Keras draws its bar over and over."""
    lines = told.removesuffix("\n").split("\n")
    return [_CODES.sub("", line.split("\r")[-1]).strip(" \b") for line in lines]


def _kinds(lines: Sequence[str]) -> list[str]:
    """Return what each line is: "keras", "bar", "warning" with its source, or ours."""
    kinds = {
        "keras": r"Epoch \d/2",
        "bar": r"4/4 (━+ \S+ \S+/step|- \S+ - \S+/step) - loss: [\d.e+-]+",
        "warning": r"\S+: UserWarning: Metrics to sound that are not in .*\.",
        "source": r"\w[\w.]*\(.*\)?",
        "epoch": r"Epoch \d of 2: loss [\d.e-]+(, best so far)?",
        "end": r"Training finished after epoch 2 of 2",
        "best": r"Best loss: .*, the last",
        "files": r"Sound files in .*",
        "more files": r"(\S+\.(wav|csv|html)(, )?)+",  # the line goes on
    }
    return [
        next((kind for kind, form in kinds.items() if re.fullmatch(form, line)), line)
        for line in lines
    ]


def test_lines_stand_beside_those_of_keras(tmp_path: Path, run: Run) -> None:
    """Each on a line of its own, below Keras's for the same epoch, nothing between."""
    script = tmp_path / "fit.py"
    script.write_text(f"{_FIT}for verbose in (1, 2, 0, 'auto'):\n    fit(verbose)\n")

    lines = _lines(run(["-W", "always", script], tmp_path))

    _, *fits = "\n".join(lines).split("fit verbose=")
    assert [told[0] for told in fits] == ["1", "2", "0", "a"]
    for told in fits:
        kinds = _kinds(told.splitlines()[1:])
        kinds = [kind for kind in kinds if kind not in ("source", "more files")]
        ours = ["warning", "epoch", "epoch", "end", "best", "files"]
        keras = ["keras", "bar"] if told[0] != "0" else []
        assert kinds == [*keras, *ours[:2], *keras, *ours[2:]]


_STEPS = """
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
from keras_sonify import SonifyCallback

keras.utils.set_random_seed(1)
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
auc = keras.metrics.RootMeanSquaredError(name="root")
model.compile("sgd", "mse", metrics=[auc])
inputs = np.ones((800, 4), "float32")
sonify = SonifyCallback(player=None, verbose=2, update_freq="batch", cue_seconds=0.01)
model.fit(inputs, inputs[:, :1], epochs=2, batch_size=4, callbacks=[sonify])
"""


def test_lines_within_an_epoch_stand_below_the_bar(tmp_path: Path, run: Run) -> None:
    """Keras draws it anew below them; a warning has lines of its own, too."""
    script = tmp_path / "fit.py"
    script.write_text(_STEPS)

    lines = _lines(run([script], tmp_path))

    ours = [line for line in lines if "Step " in line]
    assert len(ours) > 3
    assert all(re.match(r"Step \d+ of 400, epoch \d of 2: loss", line) for line in ours)
    assert not any("/200" in line or "\u2501" in line for line in ours)
    (told,) = [line for line in lines if "UserWarning" in line]
    assert "/200" not in told
    assert "" not in lines


@pytest.mark.parametrize("how", ["crash", "exit"])
def test_an_end_without_a_word_stands_on_its_own_line(
    tmp_path: Path, run: Run, how: str
) -> None:
    """Below what is left of the bar, or below the traceback, and nothing between."""
    script = tmp_path / "fit.py"
    script.write_text(f"{_FIT}fit(1, {how!r})\n")

    lines = _lines(run([script], tmp_path))

    ends = {"crash": "Training crashed", "exit": "Training was interrupted"}
    assert lines[-1] == f"{ends[how]} after epoch 1"
    before = "RuntimeError: mine" if how == "crash" else " - loss: "
    assert before in lines[-2]
    assert "" not in lines
