"""A notebook's training that ends without a word is told of when its cell ends."""

import json
import os
from pathlib import Path

from programs import run
from table import read_table
from virtual_card import SAMPLE_RATE, VirtualCard
from word_ear import name_events

_IN_SHELL = """
import json
import os
import signal
import threading
import time
from IPython.core.interactiveshell import InteractiveShell
from keras_sonify import Sonifier
from keras_sonify.callback import aftermath

signal.signal(signal.SIGINT, signal.default_int_handler)
shell = InteractiveShell.instance()
handlers = shell.events.callbacks["post_run_cell"]
before = list(handlers)


class Training:
    is_waiting = False

    def __init__(self):
        self.sonifier = Sonifier(directory="sound/{run}", player=None)
        self.ended = []
        aftermath.watch(self)
        for epoch in range(3):
            self.sonifier.epoch(epoch, {"loss": 1.0 - epoch / 5})

    def ended_by(self, kind, **how):
        self.ended.append(kind)
        self.sonifier.close()


def run_cell(code):
    shell.user_ns.update(Training=Training, aftermath=aftermath, os=os, time=time)
    error = shell.run_cell(code).error_in_exec
    training = shell.user_ns["training"]
    is_clean = handlers == before
    return [type(error).__name__, str(error), list(training.ended), is_clean]


told = [
    run_cell(f"training = Training(); {end}")
    for end in (
        "raise ValueError('mine')",
        "os.kill(os.getpid(), 2); time.sleep(5)",
        "raise SystemExit(3)",
        "aftermath.forget(training); raise ValueError('later')",
        "pass",
    )
]
told.append(run_cell("raise ValueError('nothing is under way')"))
has_begun, may_end = threading.Event(), threading.Event()


def elsewhere():
    shell.user_ns.update(training=Training())
    has_begun.set()
    may_end.wait()


thread = threading.Thread(target=elsewhere)
shell.user_ns.update(thread=thread, has_begun=has_begun)
told.append(run_cell("thread.start(); has_begun.wait(); 1 / 0"))
may_end.set()
print("told", json.dumps(told))
"""


def test_in_ipython_the_end_of_the_cell_tells(tmp_path: Path) -> None:
    """An exception or Ctrl-C in a cell is told at once, once, and stays as it is."""
    env = {**os.environ, "IPYTHONDIR": str(tmp_path / "ipython")}

    program = run(_IN_SHELL, tmp_path, env)

    assert program.told("told") == [
        ["ValueError", "mine", ["crashed"], True],
        ["KeyboardInterrupt", "", ["interrupted"], True],
        ["SystemExit", "3", ["interrupted"], True],
        ["ValueError", "later", [], True],
        # An exception that the cell has caught.
        ["NoneType", "None", ["interrupted"], True],
        ["ValueError", "nothing is under way", ["interrupted"], True],
        # In another thread it goes on.
        ["ZeroDivisionError", "division by zero", [], False],
    ]
    for number in ("1", "2", "3", "5"):
        assert len(read_table(tmp_path / "sound" / number, "loss.wav")) == 3


_CELLS = [
    """
    import os, signal, threading, warnings
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras
    import numpy as np
    from keras_sonify import SonifyCallback

    inputs, targets = np.ones((8, 2), "float32"), np.ones((8, 1), "float32")
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")

    def fail(epoch, logs):
        if epoch == 2:
            raise RuntimeError("mine")

    def fit(directory, *others, epochs=3):
        sonify = SonifyCallback("loss", directory=directory, player="speaker")
        callbacks = [sonify, *others]
        model.fit(inputs, targets, epochs=epochs, verbose=0, callbacks=callbacks)

    def handlers():
        return len(get_ipython().events.callbacks["post_run_cell"])

    print(handlers())
    """,
    'fit("crashed", keras.callbacks.LambdaCallback(on_epoch_end=fail))',
    "import time; time.sleep(1.5); print(handlers())",
    """
    threading.Timer(2.0, os.kill, (os.getpid(), signal.SIGINT)).start()
    fit("interrupted", epochs=10**9)
    """,
    "time.sleep(2.5); print(handlers())",
    'fit("finished")',
    "time.sleep(1.5); print(handlers())",
]

_IN_KERNEL = f"""
import json
import textwrap
import nbclient
import nbformat

cells = [nbformat.v4.new_code_cell(textwrap.dedent(c)) for c in {_CELLS!r}]
book = nbformat.v4.new_notebook(cells=cells)
nbclient.NotebookClient(book, timeout=100, allow_errors=True).execute()
outputs = [
    [o.get("ename", o.get("text", "")), o.get("evalue", "")]
    for cell in book.cells
    for o in cell.outputs
    if o.get("name") != "stderr"
]
print("outputs", json.dumps(outputs))
"""


def test_in_a_kernel_the_sound_comes(card: VirtualCard, tmp_path: Path) -> None:
    """A cell that fails and one that is interrupted are heard; no handler is left."""
    env = {**card.env, "IPYTHONDIR": str(tmp_path / "ipython")}

    program = run(_IN_KERNEL, tmp_path, env)
    card.wait_quiet(0.5)

    before = program.told("outputs")[0]
    assert program.told("outputs") == [
        before,
        ["RuntimeError", "mine"],
        before,
        ["KeyboardInterrupt", ""],
        before,
        before,
    ]
    endings = [
        word for _, word in name_events(card.samples(), SAMPLE_RATE) if word != "stuck"
    ]
    assert endings == ["crashed", "interrupted", "finished"]
    assert len(read_table(tmp_path / "crashed", "loss.wav")) == 3
    assert len(read_table(tmp_path / "interrupted", "loss.wav")) > 3
    assert json.loads(before[0]) >= 0
