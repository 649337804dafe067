"""Whatever ends a program: the record is there, the small files, or a word about it."""

import itertools
import math
import re
import shutil
import signal
import time
import wave
from pathlib import Path

import pytest
from command import keras_sonify
from digests import digests
from programs import Program, run
from table import read_table

_MADE = ("*.wav", "score.csv")
_SLOT = 6615  # frames of a tone of 150 ms at 44 100 Hz

_EPOCHS = """
import math
import sys
import time
from keras_sonify import Sonifier

def values(epoch):
    fall = 0.999**epoch
    return {
        "loss": 2.0 * fall + 0.01 * math.sin(epoch),
        "val_loss": math.nan if epoch == 40 else 2.2 * fall,
        "accuracy": 1.0 - 0.9 * fall,
        "val_accuracy": 0.95 - 0.9 * fall,
    }

sonifier = Sonifier(directory=sys.argv[1], player=None)
for epoch in range(int(sys.argv[2])):
    sonifier.epoch(epoch, values(epoch))
    print("epoch", epoch, time.time())
    time.sleep(float(sys.argv[3]))
"""
_ENDED = _EPOCHS + "sonifier.end()\n"
_BROKEN = _EPOCHS + "raise RuntimeError('mine')\n"


def _logged(directory: Path) -> int:
    # A kill may cut the last line short: that is no epoch.
    return (directory / "log.csv").read_bytes().count(b"\n") - 1


@pytest.mark.alone  # it is timed
@pytest.mark.parametrize(("gap", "wait"), [(0.0, 0.8), (0.003, 1.7), (0.05, 2.6)])
def test_a_kill_costs_the_last_moment(tmp_path: Path, gap: float, wait: float) -> None:
    """The log lacks a second at most, and all else can be made again from it."""
    arguments = ("killed", "1000000", str(gap))
    with Program(_EPOCHS, tmp_path, arguments=arguments) as program:
        program.read_until("epoch 0")
        time.sleep(wait)
        killed_at = time.time()
        program.signal(signal.SIGKILL)
        program.finish()
    told = [line.split() for line in program.lines if line.startswith("epoch ")]
    times = [float(words[2]) for words in told if len(words) == 3]
    logged = _logged(tmp_path / "killed")

    done = keras_sonify("render", "killed", directory=tmp_path)
    run(_ENDED, tmp_path, arguments=("whole", str(logged), "0"))

    assert all(at > killed_at - 1.0 for at in times[logged:])
    assert (done.status, done.err) == (0, "")
    assert digests(tmp_path / "killed", *_MADE) == digests(tmp_path / "whole", *_MADE)


@pytest.mark.parametrize("epochs", [500, 1000])
def test_what_breaks_off_leaves_the_small_files(tmp_path: Path, epochs: int) -> None:
    """The exit is soon, the rest is named, and one command completes it."""
    program = run(_BROKEN, tmp_path, arguments=("run", str(epochs), "0.001"))

    directory = tmp_path / "run"
    left = [line for line in program.lines if "Not complete are" in line]
    assert program.status == 1
    assert _logged(directory) == epochs
    assert not list(directory.glob(".*"))
    for file in ("training.wav", "live"):
        assert max(row.epoch for row in read_table(directory, file)) == epochs - 1
    assert f"epoch {epochs}<" in (directory / "index.html").read_text()
    incomplete = {
        path.stem
        for path in directory.glob("*.wav")
        if path.stem != "training" and _frames(path) != epochs * _SLOT
    }
    named = set(re.findall(r"(\w+)\.wav", " ".join(left)))
    assert named == incomplete

    assert keras_sonify("render", "run", directory=tmp_path).status == 0
    shutil.rmtree(tmp_path / "whole", ignore_errors=True)
    run(_ENDED, tmp_path, arguments=("whole", str(epochs), "0"))
    assert digests(directory, *_MADE) == digests(tmp_path / "whole", *_MADE)


def _frames(path: Path) -> int:
    with wave.open(str(path)) as sound:
        frames: int = sound.getnframes()
        return frames


@pytest.mark.alone  # it is timed
def test_a_long_run_ends_soon_and_small(tmp_path: Path) -> None:
    """20 000 epochs of four metrics: all are logged, the rest has bounds."""
    script = _ENDED.replace('    print("epoch", epoch, time.time())\n', "").replace(
        "    time.sleep(float(sys.argv[3]))\n", ""
    )
    script = script.replace(
        "sonifier.end()",
        "begun = time.time(); sonifier.end(); print('ended', time.time() - begun)",
    )

    program = run(script, tmp_path, arguments=("run", "20000"))

    (line,) = (line for line in program.lines if line.startswith("ended "))
    assert float(line.split()[1]) < 5.0
    assert _logged(tmp_path / "run") == 20_000
    size = sum(path.stat().st_size for path in (tmp_path / "run").iterdir())
    assert size < 80e6
    assert math.isclose(_frames(tmp_path / "run" / "loss.wav"), 625 * _SLOT)
    epochs = [row.epoch for row in read_table(tmp_path / "run", "loss.wav")]
    assert all(b - a == 32 for a, b in itertools.pairwise(epochs))
