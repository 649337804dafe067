"""Whichever way a process ends: the run is complete, and it ends as without us."""

import signal
import textwrap
import time
from pathlib import Path

import pytest
from programs import Program, run, sonify
from table import ending_of, read_table
from virtual_card import SAMPLE_RATE, VirtualCard
from word_ear import name_events

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
    assert ending_of(tmp_path / "sound") == "crashed"
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
