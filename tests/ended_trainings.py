"""Trainings that are ended, each in a way of its own, in processes of one program."""

import os
from pathlib import Path

from browser import until
from programs import Program

WAYS = ("SIGKILL", "SIGTERM", "SIGINT", "before", "after")
# TensorFlow takes seconds to load: it is loaded once, then a process for each way to
# end is forked off, which trains in a directory of its own.
TRAININGS = """
import os
import signal
import sys
import time
import keras
import numpy as np
from keras_sonify import SonifyCallback


class Report(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        print("finished", epoch, time.monotonic())
        time.sleep(0.2)


class Fail(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if epoch == 4:
            raise RuntimeError("mine")


# Whoever runs in the background ignores Ctrl-C, and so do those whom it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
running = {}
for way in sys.argv[1:]:
    pid = os.fork()
    if pid == 0:
        os.mkdir(way)
        os.chdir(way)
        output = os.open("output.txt", os.O_WRONLY | os.O_CREAT)
        os.dup2(output, 1)
        os.dup2(output, 2)
        break
    running[pid] = way
    print("pid", way, pid)
else:
    while running:
        pid, status = os.wait()
        print("status", running.pop(pid), os.waitstatus_to_exitcode(status))
    os._exit(0)

callbacks = [SonifyCallback(directory="sound", player=None), Report()]
if way == "before":
    callbacks.insert(0, Fail())
if way == "after":
    callbacks.append(Fail())
inputs, targets = np.ones((8, 2), "float32"), np.ones((8, 1), "float32")
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
data = (inputs, targets)
model.fit(*data, validation_data=data, epochs=500, verbose=0, callbacks=callbacks)
"""


class Training:
    """One of the trainings that are under way."""

    def __init__(self, program: Program, way: str, directory: Path) -> None:
        self._program = program
        self._way = way
        self._output = directory / way / "output.txt"
        self.directory = directory / way / "sound"

    @property
    def lines(self) -> list[str]:
        """What it has printed so far."""
        return self._output.read_text().splitlines() if self._output.exists() else []

    @property
    def finish_times(self) -> list[float]:
        """When each epoch was finished, as far as its line is complete."""
        lines = [line.split() for line in self.lines if line.startswith("finished ")]
        return [float(words[2]) for words in lines if len(words) == 3]

    def wait_epochs(self, count: int) -> None:
        """Wait until so many epochs are finished."""
        until(lambda: len(self.finish_times) >= count, 100.0)

    def signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(int(self._told("pid")), number)

    def wait_status(self) -> int:
        """Wait for its end and return its exit status."""
        return int(self._told("status"))

    def _told(self, what: str) -> str:
        start = f"{what} {self._way} "
        if not any(line.startswith(start) for line in self._program.lines):
            self._program.read_until(start)
        (line,) = (line for line in self._program.lines if line.startswith(start))
        return line.removeprefix(start)
