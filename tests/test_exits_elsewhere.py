"""A training that was left, in a thread, a pool or a loop, is told then or never."""

from pathlib import Path

from programs import run
from table import ending_of, read_table

_ELSEWHERE = """
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import threading
import time
from concurrent.futures import ThreadPoolExecutor
import keras
import numpy as np
from keras_sonify import SonifyCallback

threading.excepthook = lambda arguments: None


class Fail(keras.callbacks.Callback):
    def __init__(self, fails):
        super().__init__()
        self.fails = fails

    def on_epoch_end(self, epoch, logs=None):
        if epoch == self.fails:
            raise RuntimeError("mine")


class Fit(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if epoch == 0:
            fit("nested")


def fit(name, *others, fails=None, epochs=2):
    def told(event):
        print("told", name, event.kind, flush=True)

    sonify = SonifyCallback(directory=name, player=None, on_event=told)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=True)
    inputs = np.ones((8, 2), "float32")
    callbacks = [sonify, *others, Fail(fails)]
    model.fit(inputs, inputs[:, :1], epochs=epochs, verbose=0, callbacks=callbacks)


def caught(*arguments, **options):
    try:
        fit(*arguments, **options)
    except RuntimeError:
        pass


def in_thread(call, *arguments, **options):
    thread = threading.Thread(target=call, args=arguments, kwargs=options)
    thread.start()
    thread.join()


print("# caught")
caught("caught", fails=1)
fit("good")
print("# own loop")
def own_loop(name, fails=None):
    def told(event):
        print("told", name, event.kind, flush=True)

    sonify = SonifyCallback(directory=name, player=None, on_event=told, verbose=1)
    hooks = keras.callbacks.CallbackList([sonify], model=keras.Model(), epochs=2)
    hooks.on_train_begin()
    for epoch in range(2):
        hooks.on_epoch_begin(epoch)
        hooks.on_epoch_end(epoch, {"loss": 1.0 / (epoch + 1)})
        if epoch == fails:
            raise RuntimeError("mine")
    hooks.on_train_end()
try:
    own_loop("own_caught", fails=1)
except RuntimeError:
    pass
own_loop("own_good")
print("# nested")
fit("outer", Fit())
print("# thread")
in_thread(fit, "thread")
print("# crash in a thread")
in_thread(fit, "crash_thread", fails=1)
time.sleep(2.0)
print("# crash in a pool")
with ThreadPoolExecutor(1) as pool:
    result = pool.submit(fit, "crash_pool", fails=1)
    time.sleep(5.0)
    print("# search in a pool")
    pool.submit(caught, "search_1", fails=1).result()
    pool.submit(caught, "search_2", fails=0).result()
    pool.submit(fit, "search_3").result()
print("# list")
def stopped(epoch, logs):
    listed.model.stop_training = epoch == 2
listed = keras.callbacks.CallbackList([
    SonifyCallback(
        directory=None, player=None, on_event=lambda event: print("told", event.kind)
    ),
    keras.callbacks.LambdaCallback(on_epoch_end=stopped),
], add_history=True)
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
listed.set_model(model)
inputs = np.ones((8, 2), "float32")
model.fit(inputs, inputs[:, :1], epochs=9, verbose=0, callbacks=listed)
print("# end")
in_thread(fit, "last", fails=1)
"""


def test_a_training_that_was_left_is_told_then_or_never(tmp_path: Path) -> None:
    """Not at the end of the script, after good ones, and not as interrupted."""
    program = run(_ELSEWHERE, tmp_path)

    told: dict[str, list[str]] = {}
    for line in program.lines:
        if line.startswith("# "):
            told[line[2:]] = []
        elif line.startswith("told "):
            told[list(told)[-1]].append(line[5:])
    assert told == {
        "caught": ["good finished"],
        "own loop": ["own_good finished"],
        "nested": ["nested finished", "outer finished"],
        "thread": ["thread finished"],
        "crash in a thread": ["crash_thread crashed"],
        "crash in a pool": ["crash_pool crashed"],
        "search in a pool": ["search_3 finished"],
        "list": ["stopped_early"],
        "end": ["last crashed"],
    }
    for name in (
        "caught",
        "own_caught",
        "crash_thread",
        "crash_pool",
        "search_1",
        "search_2",
        "last",
    ):
        assert ending_of(tmp_path / name) == "crashed"
    epochs = {"caught": 2, "outer": 2, "search_2": 1, "last": 2}
    for name, count in epochs.items():
        assert len(read_table(tmp_path / name, "loss.wav")) == count
    assert program.warnings == []
