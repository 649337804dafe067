"""What `keras-sonify listen` tells and writes of a log."""

import signal
import threading
import time
from pathlib import Path

import pytest
from cli_logs import epochs_in, run, write_logs
from command import keras_sonify
from digests import digest
from programs import Program

COMMAND = """
import signal
from keras_sonify.cli import main

# Whoever runs in the background ignores Ctrl-C, and so do those whom it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory of the test, with a log of `CSVLogger` and one of two runs."""
    monkeypatch.chdir(tmp_path)
    return write_logs(tmp_path)


@pytest.mark.usefixtures("directory")
def test_listening_catches_up_in_silence() -> None:
    """Of what is there only the newest epoch is told, or all of it with the option."""
    quiet = run("listen log.csv --silent --until-idle 0.05")
    whole = run("listen log.csv --silent --until-idle 0.05 --from-start")

    assert [line[:8] for line in quiet if line.startswith("Epoch")] == ["Epoch 4:"]
    assert "Caught up with 4 epochs." in quiet
    told = [line[:8] for line in whole if line.startswith("Epoch")]
    assert told == ["Epoch 1:", "Epoch 2:", "Epoch 3:", "Epoch 4:"]


def test_listening_writes_what_rendering_writes(directory: Path) -> None:
    """The files are the same, byte by byte, also from standard input.

    But for `run.json`, which knows that what was rendered stands elsewhere, too, and
    for the page, which calls a run by its log, or by its directory where it has none.
    """
    run("render log.csv -o rendered")

    run("listen log.csv --silent --until-idle 0.05 -o followed")
    log = (directory / "log.csv").read_bytes()
    arguments = ["listen", "-", "--silent", "-o", "piped"]
    done = keras_sonify(*arguments, directory=directory, given=log.decode())

    assert done.status == 0
    names = {path.name for path in (directory / "rendered").glob("*.*")}
    for name in names - {"run.json"}:
        expected = digest(directory / "rendered" / name)
        assert digest(directory / "followed" / name) == expected
        if name != "index.html":
            assert digest(directory / "piped" / name) == expected
    page = (directory / "piped" / "index.html").read_text()
    assert "/piped: " in page.partition("<title>")[2].partition("</title>")[0]


def test_ctrl_c_ends_listening(directory: Path) -> None:
    """Quietly, with status 0, with the files and with what only the end completes."""
    text = "epoch,step,train_loss\n0,9,1.0\n1,19,0.5\n"
    (directory / "metrics.csv").write_text(text)
    arguments = ("listen", "metrics.csv", "--silent", "-o", "sound")

    with Program(COMMAND, directory, arguments=arguments) as program:
        program.read_until("Caught up")
        time.sleep(0.2)  # now it waits for more
        program.signal(signal.SIGINT)
        program.finish()

    assert program.status == 0
    assert program.lines[-1].startswith("Sound files in sound: ")
    assert not any("Traceback" in line for line in program.lines)
    assert epochs_in(directory / "sound") == 2


@pytest.mark.slow
@pytest.mark.parametrize("changed", ["", "0,9.0,NA\n"])
def test_a_column_that_comes_late_begins_no_new_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    """A log that is put in its own place with more in it goes on; another does not."""
    monkeypatch.chdir(tmp_path)
    Path("log.csv").write_text("epoch,loss\n0,1.0\n1,0.5\n")
    Path("more.csv").write_text(
        f"epoch,loss,val_loss\n{changed or '0,1.0,NA' + chr(10)}1,0.5,NA\n2,0.25,0.5\n"
    )
    timer = threading.Timer(0.6, lambda: Path("more.csv").replace("log.csv"))
    timer.start()

    lines = run("listen log.csv --silent --from-start --until-idle 1.5")

    timer.join()
    assert ("A new run begins." in lines) == bool(changed)
    assert len([line for line in lines if line.startswith("Epoch 3: loss 0.25")]) == 1
    assert len([line for line in lines if line.startswith("Epoch 2")]) == 1 + bool(
        changed
    )
