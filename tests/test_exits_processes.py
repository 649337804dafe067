"""However another process of a training ends, it is told, and of that one only."""

import signal
from pathlib import Path

import pytest
from programs import Program, run
from table import ending_of, read_table
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
        assert ending_of(tmp_path / way) == kind
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
    assert ending_of(tmp_path / "worker") == "finished"


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
