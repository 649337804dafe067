"""Whichever way a process ends: the run is complete, and it ends as without us."""

import signal
import textwrap
import time
from pathlib import Path

import pytest
from programs import Program, run, sonify
from table import read_table
from virtual_card import SAMPLE_RATE, VirtualCard
from word_ear import name_events

# A module, for a process that is not forked imports what it is to run. The hooks are
# called as Keras calls them.
_PROCESSES = """
import multiprocessing
import os
import sys
import time
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
from keras_sonify import SonifyCallback


def train(way, directory, player):
    def told(event):
        print(f"told {directory} {event.kind}\\n", end="", flush=True)  # in one piece

    sonify = SonifyCallback(
        "loss", directory=directory, player=player, on_event=told, verbose=1
    )
    count = 1 if way == "short" else 3
    hooks = keras.callbacks.CallbackList([sonify], model=keras.Model(), epochs=count)
    hooks.on_train_begin()
    for epoch in range(count):
        hooks.on_epoch_begin(epoch)
        hooks.on_epoch_end(epoch, {"loss": 1.0 / (epoch + 1)})
    if way == "error":
        raise RuntimeError("mine")
    if way == "exit":
        sys.exit(3)
    hooks.on_train_end()


def main(method, player, *ways):
    context = multiprocessing.get_context(method)
    context.set_forkserver_preload(["processes"])
    running = []
    for way in ways:
        process = context.Process(target=train, args=(way, way, player))
        process.start()
        running.append((way, process))
        if player:
            process.join()
            time.sleep(3.0)  # another process plays the last word to its end
    for way, process in running:
        process.join()
        print("status", way, process.exitcode)


def pool(player):
    with multiprocessing.get_context("fork").Pool(1) as workers:
        workers.apply(train, ("well", "pool", player))
    time.sleep(1.0)


def worker(has_trained):
    train("short", "worker", None)
    has_trained.set()
    time.sleep(600)


def kill():
    context = multiprocessing.get_context("fork")
    has_trained = context.Event()
    process = context.Process(target=worker, args=(has_trained,), daemon=True)
    process.start()
    has_trained.wait()
    process.terminate()
    process.join()
    print("status", process.exitcode)
"""


def _run(call: str, directory: Path, env: dict[str, str] | None = None) -> Program:
    """Run a call in a program that has the module above."""
    (directory / "processes.py").write_text(_PROCESSES)
    call = f"import processes\nif __name__ == '__main__':\n    processes.{call}"
    return run(call, directory, env)


def _ending(directory: Path) -> str:
    about = (directory / "run.json").read_text()
    (line,) = (line for line in about.splitlines() if '"ending"' in line)
    return line.split('"')[3]


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_the_end_of_another_process_is_told(tmp_path: Path, method: str) -> None:
    """However `multiprocessing` starts it: each end, once, and the last epoch."""
    program = _run(f"main({method!r}, None, 'well', 'error', 'exit')", tmp_path)

    ends = {"well": "finished", "error": "crashed", "exit": "interrupted"}
    told = [line for line in program.lines if line.startswith("told ")]
    assert sorted(told) == sorted(f"told {way} {kind}" for way, kind in ends.items())
    statuses = [line for line in program.lines if line.startswith("status ")]
    assert statuses == ["status well 0", "status error 1", "status exit 3"]
    for way, kind in ends.items():
        assert [r.epoch for r in read_table(tmp_path / way, "loss.wav")] == [0, 1, 2]
        assert _ending(tmp_path / way) == kind
    sentences = [line for line in program.lines if line.startswith("Training ")]
    assert len(sentences) == 3


def test_the_end_of_another_process_is_heard(card: VirtualCard, tmp_path: Path) -> None:
    """A forked process ends without `atexit`, and has its end heard all the same."""
    _run("main('fork', 'speaker', 'well', 'error', 'exit')", tmp_path, card.env)
    card.wait_quiet(0.5)

    heard = name_events(card.samples(), SAMPLE_RATE)
    assert heard == [
        *(("end", "finished"), ("alarm", "crashed"), ("end", "interrupted"))
    ]


def test_the_end_in_a_pool_is_heard(card: VirtualCard, tmp_path: Path) -> None:
    """A pool kills its processes as soon as they have given their results."""
    _run("pool('speaker')", tmp_path, card.env)
    card.wait_quiet(0.5)

    assert name_events(card.samples(), SAMPLE_RATE) == [("end", "finished")]


def test_a_worker_that_is_no_longer_needed_has_not_crashed(tmp_path: Path) -> None:
    """A single epoch waits for the next one when its pool kills the process."""
    program = _run("kill()", tmp_path)

    told = [line for line in program.lines if line.startswith(("told ", "Training "))]
    assert told == ["told worker finished", "Training finished after epoch 1 of 1"]
    assert f"status {-signal.SIGTERM}" in program.lines
    assert _ending(tmp_path / "worker") == "finished"


_FORKED = """
import os
import sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
from keras_sonify import SonifyCallback

def told(event):
    print("told", event.kind, flush=True)

def hooks(directory, epochs):
    sonify = SonifyCallback(
        directory=directory, player=None, on_event=told, verbose=1
    )
    return keras.callbacks.CallbackList([sonify], model=keras.Model(), epochs=epochs)

def epoch(number):
    under_way.on_epoch_begin(number)
    under_way.on_epoch_end(number, {"loss": 1.0})

waiting = hooks("waiting", 1)
for _ in range(2):  # a loop, which may go on within a minute
    waiting.on_train_begin()
    waiting.on_epoch_begin(0)
    waiting.on_epoch_end(0, {"loss": 1.0})
    waiting.on_train_end()
under_way = hooks("under_way", 3)
under_way.on_train_begin()
epoch(0)
print("fork")
for end in ("exit", "error", "goes on", "another"):
    pid = os.fork()
    if pid == 0:
        if end == "goes on":
            epoch(1)
            epoch(2)
            under_way.on_train_end()
        if end == "another":
            other = hooks("waiting", 3)
            other.on_train_begin()
        if end == "error":
            sys.stderr = open(os.devnull, "w")
            raise RuntimeError("mine")
        sys.exit(3)
    print("status", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
print("parent")
epoch(1)
epoch(2)
under_way.on_train_end()
"""


def test_a_forked_process_tells_nothing_of_its_parents_run(tmp_path: Path) -> None:
    """Whether it exits, fails, calls the hooks, or trains itself."""
    program = run(_FORKED, tmp_path)

    lines = program.lines[program.lines.index("fork") : program.lines.index("parent")]
    assert lines == ["fork", "status 3", "status 1", "status 3", "status 3"]
    assert "Training finished after epoch 3 of 3" in program.lines
    assert program.lines.count("told finished") == 2
    assert len(read_table(tmp_path / "under_way", "loss.wav")) == 3


_TRAINS = """
    import os
    import signal
    import sys
    def handler():
        known = {signal.SIG_DFL: "default", signal.SIG_IGN: "ignored"}
        return known.get(signal.getsignal(signal.SIGTERM), "somebody's")
"""


def _training(body: str) -> str:
    return sonify(textwrap.dedent(_TRAINS) + textwrap.dedent(body), player=None)


def test_sigterm_completes_the_files(tmp_path: Path) -> None:
    """Also of epochs that have just come; the process dies of it all the same."""
    script = _training("""
        for epoch in range(200):
            sonifier.epoch(epoch, logs(epoch % 20))
        print("ready")
        while True:
            pass
    """)

    with Program(script, tmp_path) as program:
        program.read_until("ready")
        sent = time.monotonic()
        program.signal(signal.SIGTERM)
        program.finish()

    assert time.monotonic() - sent < 4.0
    assert program.status == -signal.SIGTERM
    assert len(read_table(tmp_path / "sound", "loss.wav")) == 200
    assert program.warnings == []


@pytest.mark.parametrize("is_hard", [True, False])
def test_sigterm_kills_whatever_the_end_waits_for(
    tmp_path: Path, is_hard: bool
) -> None:
    """A second one at once; the first one after some seconds."""
    script = _training("""
        class Hangs:
            trouble = None
            def epoch(self, cue, sentence, *, play): pass
            def event(self, event, notes, sentence): pass
            def close(self, timeout):
                print("closing", flush=True)
                time.sleep(600)

        sonifier = Sonifier(directory=None, player=Hangs())
        sonifier.epoch(0, logs(0))
        print("ready")
        time.sleep(600)
    """)

    with Program(script, tmp_path) as program:
        program.read_until("ready")
        program.signal(signal.SIGTERM)
        program.read_until("closing")
        sent = time.monotonic()
        if is_hard:
            program.signal(signal.SIGTERM)
        program.finish()

    assert program.status == -signal.SIGTERM
    assert time.monotonic() - sent < (3.0 if is_hard else 15.0)


_SIGTERM_TOLD = """
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import time
import keras
from keras_sonify import SonifyCallback

sonify = SonifyCallback("loss", directory="sound", player="speaker", verbose=1)
hooks = keras.callbacks.CallbackList([sonify], model=keras.Model(), epochs=9)
hooks.on_train_begin()
for epoch in range(2):
    hooks.on_epoch_begin(epoch)
    hooks.on_epoch_end(epoch, {"loss": 1.0 / (epoch + 1)})
sonify.sonifier.drain(20.0)
print("ready")
while True:  # it trains on while its end is told
    time.sleep(0.1)
    epoch += 1
    hooks.on_epoch_begin(epoch)
    hooks.on_epoch_end(epoch, {"loss": 1.0 / (epoch + 1)})
"""


def test_sigterm_is_told_as_a_crash(card: VirtualCard, tmp_path: Path) -> None:
    """`docker stop` and a cluster's time limit: a line, the alarm, and complete files.

    What the training still does meanwhile begins no run that would overwrite this one.
    """
    with Program(_SIGTERM_TOLD, tmp_path, card.env) as program:
        program.read_until("ready")
        time.sleep(0.25)
        program.signal(signal.SIGTERM)
        program.finish()
    card.wait_quiet(0.5)

    assert program.status == -signal.SIGTERM
    lines = [line for line in program.lines if line.startswith("Training ")]
    assert len(lines) == 1
    assert lines[0].startswith("Training crashed after epoch ")
    count = int(lines[0].split()[4])
    assert len(read_table(tmp_path / "sound", "loss.wav")) == count > 2
    assert _ending(tmp_path / "sound") == "crashed"
    assert name_events(card.samples(), SAMPLE_RATE) == [("alarm", "crashed")]


def test_sigterm_is_caught_only_while_a_run_is_under_way(tmp_path: Path) -> None:
    """Before and after it is the system's; a handler of the user's stays."""
    program = run(
        _training("""
            print("before", handler())
            sonifier.epoch(0, logs(0))
            print("during", handler())
            sonifier.end()
            print("after", handler())

            signal.signal(signal.SIGTERM, lambda *_: print("mine"))
            mine = signal.getsignal(signal.SIGTERM)
            sonifier.epoch(0, logs(0))
            os.kill(os.getpid(), signal.SIGTERM)
            sonifier.end()
            print("still", signal.getsignal(signal.SIGTERM) is mine)

            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            sonifier.epoch(0, logs(0))
            signal.signal(signal.SIGTERM, mine)  # in the midst of it
            sonifier.end()
            print("still", signal.getsignal(signal.SIGTERM) is mine)

            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            sonifier.epoch(0, logs(0))
            print("ignored", handler())
            sonifier.end()

            import faulthandler
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            faulthandler.register(signal.SIGTERM)  # as libraries in C do
            sonifier.epoch(0, logs(0))
            print("foreign", handler())
        """),
        tmp_path,
    )

    assert program.lines[:-1] == [
        *("before default", "during somebody's", "after default"),
        *("mine", "still True", "still True"),
        *("ignored ignored", "foreign default"),
    ]


def test_sigterm_kills_a_forked_process_at_once(tmp_path: Path) -> None:
    """A data loader's worker is ended as always, and tells nothing of the run."""
    program = run(
        _training("""
            sonifier.epoch(0, logs(0))
            reading, writing = os.pipe()
            pid = os.fork()
            if pid == 0:
                os.write(writing, b"ready")
                time.sleep(600)
            os.read(reading, 5)
            os.kill(pid, signal.SIGTERM)
            print("status", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            sonifier.epoch(1, logs(1))
            sonifier.end()
        """),
        tmp_path,
    )

    assert program.lines[:-1] == [f"status {-signal.SIGTERM}"]
    assert len(read_table(tmp_path / "sound", "loss.wav")) == 2


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
        assert _ending(tmp_path / name) == "crashed"
    epochs = {"caught": 2, "outer": 2, "search_2": 1, "last": 2}
    for name, count in epochs.items():
        assert len(read_table(tmp_path / name, "loss.wav")) == count
    assert program.warnings == []
