"""What a system refuses for a while is asked for again, and harms nothing."""

import textwrap
from pathlib import Path

import pytest
from programs import Program, run, sonify
from table import read_table

# What is loaded late by us is loaded here before: only threads or files are to fail.
_LIMITS = """
    import contextlib
    import os
    import resource
    import threading
    import soundfile
    import keras_sonify.sound.wav
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    taken = []

    def refuse(what):
        if what == "threads":  # there is no room for the stack of a new one
            threading.stack_size(2**30)
            with open("/proc/self/statm") as file:
                used = int(file.read().split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (used + 2**29, -1))
            with contextlib.suppress(RuntimeError):
                threading.Thread(target=print, args=("not refused",)).start()
        if what == "files":
            with contextlib.suppress(OSError):
                while True:
                    taken.append(os.open(os.devnull, os.O_RDONLY))

    def give():
        threading.stack_size(0)
        resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
        while taken:
            os.close(taken.pop())
"""


def _refused(body: str, directory: Path, *arguments: str) -> Program:
    limits, rest = textwrap.dedent(_LIMITS), textwrap.dedent(body)
    script = sonify(f"import sys\n{limits}\n{rest}", player=None)
    return run(script, directory, arguments=arguments)


def _check_complete(program: Program, directory: Path, epochs: int) -> None:
    assert program.status == 0, program.output
    assert "Traceback" not in program.output
    assert "not refused" not in program.output
    rows = read_table(directory / "sound", "loss.wav")
    assert [row.epoch for row in rows] == list(range(epochs))
    log = (directory / "sound" / "log.csv").read_text().splitlines()
    assert len(log) == 1 + epochs


@pytest.mark.parametrize("what", ["threads", "files"])
@pytest.mark.parametrize("first", ["0", "2"])
def test_what_is_refused_for_a_while_is_asked_for_again(
    tmp_path: Path, what: str, first: str
) -> None:
    """From the first epoch on, or later: when it is there again, all is written."""
    program = _refused(
        """
        for epoch in range(6):
            if epoch == int(sys.argv[2]):
                refuse(sys.argv[1])
            sonifier.epoch(epoch, logs(epoch))
            time.sleep(0.3)
            if epoch == int(sys.argv[2]) + 2:
                give()
        sonifier.end()
        print("trouble", sonifier.file_trouble)
        """,
        tmp_path,
        what,
        first,
    )

    _check_complete(program, tmp_path, 6)
    assert "trouble None" in program.lines
    assert len(program.warnings) <= (1 if what == "files" else 0)


@pytest.mark.parametrize("end", ["sonifier.end()", "pass"])
def test_files_are_written_where_no_thread_is_ever_given(
    tmp_path: Path, end: str
) -> None:
    """At the end there is time: of the run, or of a script that does not end it."""
    program = _refused(
        f"""
        refuse("threads")
        for epoch in range(6):
            sonifier.epoch(epoch, logs(epoch))
        {end}
        """,
        tmp_path,
    )

    _check_complete(program, tmp_path, 6)
    assert program.warnings == []


_SEARCH = """
import atexit
import json
import os
import threading
import time
atexit.register(lambda: print("exit", time.monotonic()))  # the last that is called
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
from keras_sonify import SonifyCallback
from keras_sonify.run import run


class Fail(keras.callbacks.Callback):
    def __init__(self, trial):
        super().__init__()
        self.trial = trial

    def on_train_begin(self, logs=None):
        if self.trial % 4 == 0:
            raise MemoryError("mine")

    def on_epoch_end(self, epoch, logs=None):
        if epoch == self.trial % 4 - 1:
            raise MemoryError("mine")


inputs = np.ones((8, 2), "float32")
held = []
for trial in range(24):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=True)
    callbacks = [SonifyCallback(directory="{run}", player=None), Fail(trial)]
    try:
        model.fit(inputs, inputs[:, :1], epochs=4, verbose=0, callbacks=callbacks)
    except MemoryError:
        pass
    held.append([threading.active_count(), len(run._unfinished)])
print("held", json.dumps(held))
"""


@pytest.mark.alone  # it is timed
def test_failing_trials_of_a_search_leave_nothing_behind(tmp_path: Path) -> None:
    """Each ends the one before: no threads, no runs, and the exit is quick."""
    program = run(_SEARCH, tmp_path)

    held = program.told("held")
    assert (
        max(threads for threads, _ in held) <= min(threads for threads, _ in held) + 2
    )
    assert max(runs for _, runs in held) == 1
    (last,) = (line for line in program.lines if line.startswith("last line"))
    (ended,) = (line for line in program.lines if line.startswith("exit"))
    assert float(ended.split()[-1]) - float(last.split()[-1]) < 1.5
    assert program.warnings == []
    # A trial without an epoch has no directory.
    counts = [len(read_table(tmp_path / str(n), "loss.wav")) for n in range(1, 19)]
    assert counts == [1, 2, 3] * 6
