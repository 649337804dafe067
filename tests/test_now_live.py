"""`keras-sonify now` beside a training: what it says is true as the run goes on."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from programs import Program, sonify, wait_end
from standing import age, now, run_of_three

from keras_sonify import Sonifier
from keras_sonify.files.running import RUNNING

_PATIENCE = 30.0  # seconds; what is waited for takes a second


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The directory of a run that has ended."""
    return run_of_three(tmp_path / "run")


def test_a_run_that_has_no_epoch_yet_is_told_of_instead_of_the_one_before(
    run: Path,
) -> None:
    """Its first epoch may take hours."""
    age(run, 60.0)
    sonifier = Sonifier(directory=run, player=None)
    sonifier.begin(7)
    _wait_until((run / RUNNING).exists)

    assert re.fullmatch(
        r"Training its first epoch for \d+ seconds?, 7 are planned.", now(run)
    )
    sonifier.epoch(0, {"loss": 0.5})
    _wait_until(lambda: now(run).startswith("Training epoch 2 of 7 for "))
    sonifier.end()
    assert not (run / RUNNING).exists()


def test_a_run_that_never_has_an_epoch_leaves_nothing(run: Path) -> None:
    """What was there before it is as it was."""
    before = {path.name: path.read_bytes() for path in run.iterdir()}

    sonifier = Sonifier(directory=run, player=None)
    sonifier.begin(7)
    sonifier.end()

    assert {path.name: path.read_bytes() for path in run.iterdir()} == before


def test_a_run_that_was_only_closed_is_not_said_to_train(run: Path) -> None:
    """Nor that it died: its program has not told how it ended."""
    sonifier = Sonifier(directory=run, player=None)
    sonifier.epoch(0, {"loss": 0.5})
    sonifier.close()

    assert re.fullmatch(r"Epoch 1 ended \d+ seconds? ago, best loss 0.5.", now(run))
    assert not (run / RUNNING).exists()


def test_no_run_takes_away_what_another_one_says(run: Path) -> None:
    """Two runs may have one directory: the last one that wrote is told."""
    first, second = (Sonifier(directory=run, player=None) for _ in range(2))
    for sonifier in (first, second):
        sonifier.epoch(0, {"loss": 0.5})
        sonifier.flush()
    said = json.loads((run / RUNNING).read_text())["run"]

    first.close()

    assert json.loads((run / RUNNING).read_text())["run"] == said
    second.close()
    assert not (run / RUNNING).exists()


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


_TRAINING = """
    import time
    sonifier.begin(50)
    for epoch in range(4):
        time.sleep(0.2)
        sonifier.epoch(epoch, logs(epoch))
        sonifier.flush()
    print("four")
    input()
    sonifier.end("stopped_early")
"""


def test_a_real_training_is_told_as_it_is(tmp_path: Path) -> None:
    """Under way, standing still, and going on; killed, it has died."""
    source = sonify(_TRAINING, player=None)
    with Program(source, tmp_path) as program:
        program.read_until("four")
        _wait_until(lambda: "left" in now(tmp_path / "sound"))
        under_way = json.loads(now(tmp_path / "sound", "--json"))
        program.signal(signal.SIGSTOP)
        _wait_until(lambda: now(tmp_path / "sound").startswith("Paused in epoch 5"))
        program.signal(signal.SIGCONT)
        _wait_until(lambda: now(tmp_path / "sound").startswith("Training epoch 5"))
        os.utime(tmp_path / "sound" / "log.csv", (0, time.time() - 240))
        silent = now(tmp_path / "sound")
        program.signal(signal.SIGKILL)
        wait_end(program.pid, _PATIENCE)
        died = now(tmp_path / "sound")

    assert (under_way["epoch"], under_way["planned"]) == (4, 50)
    assert 0.2 <= under_way["usual_epoch_seconds"] < 5.0
    assert under_way["best"]["epoch"] == 4
    assert silent.startswith("No epoch for 4 minutes, usually ")
    assert died.startswith("Died in epoch 5 of 50; last epoch 4 minutes ago, ")


def test_a_real_training_that_ends_is_told_as_ended(tmp_path: Path) -> None:
    """In the way that it told itself."""
    with Program(sonify(_TRAINING, player=None), tmp_path) as program:
        program.read_until("four")
        program.go_on()
        program.finish()

    told = now(tmp_path / "sound")

    assert told.startswith("Training stopped early after epoch 4 of 50, ")


def test_it_loads_neither_arrays_nor_sound(tmp_path: Path) -> None:
    """It answers in a fraction of the half second that is promised."""
    Sonifier.from_history({"loss": [1.0, 0.5]}, directory=tmp_path)
    code = f"""
import sys
from keras_sonify.cli import commands
commands(["now", {str(tmp_path)!r}], standalone_mode=False)
print(sorted({{"numpy", "soundfile", "sounddevice", "keras"}} & set(sys.modules)))
"""

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[1] == "[]"
