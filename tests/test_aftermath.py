"""A script whose training ends without a word: told, and ended as without us."""

import signal
from dataclasses import dataclass
from pathlib import Path

import pytest
from programs import run
from table import read_table
from virtual_card import SAMPLE_RATE, VirtualCard
from word_ear import name_events

# Keras loads once; for each way to end a process is forked off, one after the other,
# with our callback or without it. What it prints goes to a file.
_SCRIPT = """
import os
import signal
import sys
import time
from contextlib import suppress
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
from keras_sonify import SonifyCallback


class End(keras.callbacks.Callback):
    def __init__(self, way):
        super().__init__()
        self.way = way

    def on_train_begin(self, logs=None):
        if self.way == "at once":
            raise RuntimeError("mine")

    def on_epoch_end(self, epoch, logs=None):
        if epoch == 1 and self.way in ("before", "after"):
            raise RuntimeError("mine")
        if epoch == 1 and self.way == "exit":
            sys.exit(3)
        if epoch == 1 and self.way == "ctrl_c":
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)
        if epoch == 1 and self.way == "early":
            self.model.stop_training = True


def fit(way, **options):
    callbacks = [End(way)]
    if who == "heard":
        sonify = SonifyCallback("loss", directory="sound", **options)
        callbacks.insert(way == "before", sonify)
    inputs, targets = np.ones((8, 2), "float32"), np.ones((8, 1), "float32")
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=True)
    model.fit(inputs, targets, epochs=3, verbose=0, callbacks=callbacks)
    time.sleep(1.0)


# Whoever runs in the background ignores Ctrl-C, and so do those whom it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
for name in sys.argv[1:]:
    pid = os.fork()
    if pid == 0:
        os.mkdir(name)
        os.chdir(name)
        output = os.open("output.txt", os.O_WRONLY | os.O_CREAT)
        os.dup2(output, 1)
        os.dup2(output, 2)
        break
    print("status", name, os.waitstatus_to_exitcode(os.wait()[1]))
    if name.endswith("heard"):
        time.sleep(2.5)  # the last sound is played to its end by another process
else:
    os._exit(0)

way, who = name.split("-")
if way == "others":
    fit("by itself")
    fit("early")
    with suppress(RuntimeError):
        fit("at once")
    fit("after", earcons=False)
if way == "caught":
    with suppress(KeyboardInterrupt):
        fit("ctrl_c")
    sys.exit()
fit(way, verbose=int(way == "before"))
"""

# How a script ends, with its exit status and the words that are heard.
_WAYS: dict[str, tuple[int, list[str]]] = {
    "after": (1, ["crashed"]),
    "before": (1, ["crashed"]),
    "exit": (3, ["interrupted"]),
    "ctrl_c": (-signal.SIGINT, ["interrupted"]),
    "caught": (0, ["interrupted"]),
    "others": (1, ["finished", "stopped early"]),
}
_WITHOUT_US = ["after-bare", "before-bare", "ctrl_c-bare"]


@dataclass(frozen=True)
class _Endings:
    directory: Path
    statuses: dict[str, int]
    heard: list[str]

    def traceback(self, name: str) -> str:
        output = (self.directory / name / "output.txt").read_text()
        return output[output.index("Traceback") :]


@pytest.fixture(scope="module")
def endings(
    card_parts: None,  # noqa: ARG001 - must come first
    tmp_path_factory: pytest.TempPathFactory,
) -> _Endings:
    """All scripts, ended in each way, with us and without."""
    directory = tmp_path_factory.mktemp("endings")
    with VirtualCard() as card:
        names = [*(f"{way}-heard" for way in _WAYS), *_WITHOUT_US]
        program = run(_SCRIPT, directory, card.env, tuple(names))
        lines = [line.split() for line in program.lines]
        statuses = {line[1]: int(line[2]) for line in lines if line[0] == "status"}
        card.wait_quiet(0.5)
        heard = [word for _, word in name_events(card.samples(), SAMPLE_RATE)]
    return _Endings(directory, statuses, heard)


def test_each_ending_is_heard(endings: _Endings) -> None:
    """Crashed, interrupted, finished, once each; nothing after a normal end."""
    assert endings.heard == [name for _, names in _WAYS.values() for name in names]


def test_the_exit_status_is_unchanged(endings: _Endings) -> None:
    """A script ends with the status with which it ends without us."""
    for way, (status, _) in _WAYS.items():
        assert endings.statuses[f"{way}-heard"] == status
    for name in _WITHOUT_US:
        assert endings.statuses[name] == _WAYS[name.split("-")[0]][0]


def test_the_exception_is_unchanged(endings: _Endings) -> None:
    """What is printed is the same traceback, and only with `verbose` a line of ours."""
    after, before, ctrl_c = (endings.traceback(name) for name in _WITHOUT_US)

    assert endings.traceback("after-heard") == after
    assert endings.traceback("ctrl_c-heard") == ctrl_c
    assert endings.traceback("before-heard") == (
        f"{before}Training crashed after epoch 1\n"
    )


@pytest.mark.parametrize(
    ("way", "epochs"),
    [("after", 2), ("before", 1), ("exit", 2), ("ctrl_c", 2), ("caught", 2)],
)
def test_the_files_are_complete(way: str, epochs: int, endings: _Endings) -> None:
    """All epochs that we were shown are in the table of what was heard."""
    rows = read_table(endings.directory / f"{way}-heard" / "sound", "loss.wav")

    assert [row.epoch for row in rows] == list(range(epochs))
