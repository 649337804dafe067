"""Trainings with Keras: which of them die with their program, and which are over."""

from pathlib import Path

import pytest
from alarm import find_alarm
from ear import listen
from programs import Program, children, wait_end
from virtual_card import SAMPLE_RATE, VirtualCard

_FIT = """
import os
import sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
from keras_sonify import SonifyCallback

inputs, targets = np.ones((8, 2), "float32"), np.ones((8, 1), "float32")
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse", run_eagerly=True)


class Do(keras.callbacks.Callback):
    def __init__(self, what):
        super().__init__()
        self.what = what

    def on_epoch_begin(self, epoch, logs=None):
        self.what(epoch)


def fit(sonify, first, last, what=lambda epoch: None):
    model.fit(
        inputs,
        targets,
        initial_epoch=first,
        epochs=last,
        verbose=0,
        callbacks=[sonify, Do(what)],
    )


def ready():
    print("ready")
    input()


def die(epoch):
    if epoch == 2:
        ready()
        os._exit(1)


sonify = SonifyCallback(directory=None, player="speaker")
"""

_OVER = {
    "two fits": "fit(sonify, 0, 3); fit(SonifyCallback(directory=None), 0, 2); ready()",
    "one epoch": "fit(sonify, 0, 1); ready()",
    "a loop": "[fit(sonify, each, each + 1) for each in range(3)]; ready()",
    "a copy": "import copy; fit(sonify, 0, 2); copy.deepcopy(sonify); ready()",
}
_UNDER_WAY = {
    "a fit": "fit(sonify, 0, 5, die)",
    "a second fit": "fit(sonify, 0, 2); fit(sonify, 0, 5, die)",
    "a loop": "[fit(sonify, each, each + 1, die) for each in range(5)]",
}


def _alarm(body: str, card: VirtualCard, directory: Path) -> float | None:
    """Return when the alarm is heard of a program that ends without ceremony."""
    with Program(f"{_FIT}{body}\nos._exit(0)", directory, card.env) as program:
        program.read_until("ready")
        (helper,) = children(program.pid)
        program.go_on()
        program.wait()
        begun = card.frames
        assert wait_end(helper, 5.0)
    card.wait_quiet()
    return find_alarm(listen(card.samples(begun), SAMPLE_RATE))


@pytest.mark.parametrize("body", _OVER.values(), ids=_OVER)
def test_a_fit_that_is_over_cannot_die(
    body: str, card: VirtualCard, tmp_path: Path
) -> None:
    """Nor can a loop between two of its fits."""
    assert _alarm(body, card, tmp_path) is None


@pytest.mark.parametrize("body", _UNDER_WAY.values(), ids=_UNDER_WAY)
def test_a_fit_that_is_under_way_can_die(
    body: str, card: VirtualCard, tmp_path: Path
) -> None:
    """Also the first epoch of one that goes on with another."""
    alarm = _alarm(body, card, tmp_path)

    assert alarm is not None
    assert alarm < 2.0
