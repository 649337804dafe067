"""A line that cannot be printed costs that line, and nothing else."""

import io
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from command import keras_sonify

from keras_sonify.words.terminal import print_lines

_RUN = """
import os, sys
from keras_sonify import Sonifier
from keras_sonify.callback.lines import Lines

def close():
    sys.stdout.close()

def pipe():
    read, write = os.pipe()
    os.dup2(write, 1)
    os.close(read)

def full():
    os.dup2(os.open("/dev/full", os.O_WRONLY), 1)

lines, sonifier = Lines(), Sonifier(directory="sound", player={player!r})
for epoch in range(5):
    if epoch == {first}:
        {how}()
    sonifier.epoch(epoch, {{"loss": 1.0 / (epoch + 1)}})
    lines.tell([f"Epoch {{epoch + 1}}"])
lines.tell(sonifier.end())
"""


@pytest.mark.parametrize("player", [None, "browser"])
@pytest.mark.parametrize("how", ["close", "pipe", "full"])
def test_a_run_goes_on_whose_lines_nobody_gets(
    tmp_path: Path, how: str, player: str | None
) -> None:
    """All epochs are kept, there is no complaint, and the program ends as it would."""
    first = 0 if player == "browser" else 2  # the former tells its address first
    done = subprocess.run(
        [sys.executable, "-c", _RUN.format(how=how, player=player, first=first)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0
    assert not re.search("Traceback|Exception|UserWarning", done.stderr)
    told = [line for line in done.stdout.splitlines() if line.startswith("Epoch")]
    assert told == ["Epoch 1", "Epoch 2"][:first]
    log = (tmp_path / "sound" / "log.csv").read_text(encoding="utf-8")
    assert [row.split(",")[0] for row in log.splitlines()] == ["epoch", *"01234"]


@pytest.mark.parametrize("filters", ["always", "error"])
def test_a_run_goes_on_whose_warnings_nobody_gets(tmp_path: Path, filters: str) -> None:
    """With everything closed that could be printed to."""
    script = """
        import sys
        import warnings
        from keras_sonify import SonifyCallback
        warnings.simplefilter(sys.argv[1])
        sonify = SonifyCallback(["loss", "nope"], "sound", player=None, verbose=1)
        sys.stdout.close()
        sys.stderr.close()
        sonify.on_train_begin()
        for epoch in range(3):
            sonify.on_epoch_begin(epoch)
            sonify.on_epoch_end(epoch, {"loss": 1.0 / (epoch + 1)})
        sonify.on_train_end()
    """

    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), filters],
        cwd=tmp_path,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0
    log = (tmp_path / "sound" / "log.csv").read_text(encoding="utf-8")
    assert len(log.splitlines()) == 4


@pytest.mark.parametrize("command", ["render", "listen"])
@pytest.mark.parametrize("out", ["pipe", "/dev/full"])
def test_a_command_goes_on_whose_lines_nobody_gets(
    tmp_path: Path, command: str, out: str
) -> None:
    """The files are written all the same; only a full disk is a mistake."""
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("epoch,loss\n0,1\n1,0.5\n", encoding="utf-8")
    arguments = {
        "render": ["a.csv", "b.csv", "-d", "sound"],
        "listen": ["b.csv", "-d", "sound/b", "--silent", "--until-idle", "0.1"],
    }[command]
    if out == "pipe":
        read, stream = os.pipe()
        os.close(read)
    else:
        stream = os.open(out, os.O_WRONLY)

    with os.fdopen(stream, "w", encoding="utf-8") as nobody:
        done = keras_sonify(command, *arguments, directory=tmp_path, out=nobody)

    assert (tmp_path / "sound" / "b" / "training.wav").exists()
    full = "Error: [Errno 28] No space left on device\n"
    assert (done.status, done.err) == ((0, "") if out == "pipe" else (1, full))


def test_what_the_encoding_lacks_is_told_by_its_code(tmp_path: Path) -> None:
    """The rest of the line stays as it is; the line after it, too."""
    with (tmp_path / "out").open("w", encoding="latin-1", newline="") as out:
        print("first", file=out)
        assert print_lines(["précision, 精度 🔥", "next"], out) is None
        print("last", file=out)

    told = (tmp_path / "out").read_bytes().decode("latin-1").splitlines()
    assert told == ["first", "précision, \\u7cbe\\u5ea6 \\U0001f525", "next", "last"]


def test_any_stream_is_printed_to() -> None:
    """One of a notebook, or of the user's own, need not be a file."""
    out = io.StringIO()

    assert print_lines(["one", "two\x1b[2J"], out) is None

    assert out.getvalue() == "one\ntwo\\x1b[2J\n"


def test_a_stream_may_raise_anything() -> None:
    """What it is, and what is not, is its owner's."""

    class Odd(io.StringIO):
        def write(self, _text: str) -> int:
            raise RuntimeError("no")

    assert print_lines(["one"], Odd()) is None


def test_there_may_be_no_output_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a program that has only a window."""
    monkeypatch.setattr(sys, "stdout", None)

    assert print_lines(["one"]) is None


def test_a_full_disk_is_returned() -> None:
    """So that a command can say that its output is not whole; nothing is kept back."""
    with Path("/dev/full").open("w", encoding="utf-8") as out:
        error = print_lines(["one"], out)

    assert error is not None
    assert error.strerror == "No space left on device"
