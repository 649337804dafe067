"""The command line and what its users do wrong: a sentence, an exit status."""

import gzip
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from command import keras_sonify

from keras_sonify.cli import commands

LOG = "epoch,loss\r\n0,1.5\r\n1,0.5\r\n"


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory of the test, with a log, and with files that are none."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "log.csv").write_text(LOG)
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "header.csv").write_text("epoch,loss\n")
    (tmp_path / "names.csv").write_text("epoch,time\n0,1.0\n")
    (tmp_path / "words.csv").write_text("epoch,loss\n0,low\n")
    (tmp_path / "no_header.csv").write_text("0,1.5\n1,0.5\n")
    (tmp_path / "prose.txt").write_text("Dear reader,\nthis is no log.\n")
    (tmp_path / "damaged.json").write_text('{"loss": [1.5, 0.5')
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 40)
    (tmp_path / "zip.csv.gz").write_bytes(gzip.compress(LOG.encode() * 99, mtime=1))
    (tmp_path / "folder").mkdir()
    return tmp_path


def run(arguments: str) -> Result:
    """Run a command in this process; what it raises fails the test."""
    result = CliRunner().invoke(commands, arguments.split())
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("", r"Usage: .+\n\n  Hear a Keras model train"),
        ("sonify", "No such command 'sonify'"),
        ("render", "Missing argument 'LOG...'"),
        ("render log.csv --volume 3", "No such option '?--volume"),
        ("render log.csv --style loud", "'loud' is not one of 'clear', 'classic'"),
        ("render log.csv --run 0", "--run takes last, all or a number from 1"),
        ("describe log.csv --run first", "Received: first"),
        ("describe log.csv --metrics ,", "--metrics takes names"),
        ("describe log.csv other.csv", "unexpected extra argument"),
        ("listen log.csv --until-idle 0", "must be above 0"),
        ("listen log.csv --until-idle nan", "must be above 0"),
        ("listen log.csv --until-idle soon", "'soon' is not a valid float"),
        ("demo --epochs 0", "0 is not in the range"),
        ("demo --epochs 9", "add --train"),
    ],
)
def test_wrong_use_is_status_2(arguments: str, message: str, directory: Path) -> None:
    """Click's usage, then what is wrong; nothing is written."""
    before = sorted(directory.iterdir())

    result = run(arguments)

    assert result.exit_code == 2
    assert re.search(message, result.stderr)
    assert result.stdout == ""
    assert sorted(directory.iterdir()) == before


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("describe missing.csv", "missing.csv: No such file or directory"),
        ("describe folder", "folder holds no log: there is no TensorBoard event file"),
        ("describe empty.csv", "empty.csv holds no epoch yet"),
        ("describe header.csv", "header.csv holds no epoch yet"),
        ("describe words.csv", "words.csv holds no value of a metric"),
        ("describe no_header.csv", "no_header.csv, line 1: the first line must hold"),
        ("describe prose.txt", "prose.txt holds no"),
        ("describe damaged.json", "damaged JSON"),
        ("describe picture.png", "picture.png is no text"),
        ("describe zip.csv.gz", "zip.csv.gz is compressed: gunzip it first"),
        ("describe log.csv --run 2", r"log.csv holds 1 run\. Received: --run 2"),
        ("render log.csv -o log.csv/deep", "log.csv/deep: Not a directory"),
        ("render names.csv", r"nothing was written\. Metrics in it: time"),
        ("render log.csv --metrics mood", "nothing was written"),
        ("listen folder --silent --until-idle 0.1", "Nothing was heard: no epoch "),
        ("listen no_header.csv --silent", "no_header.csv, line 1: "),
        ("listen picture.png --silent", "picture.png is no text"),
    ],
)
def test_a_bad_file_is_status_1(arguments: str, message: str) -> None:
    """The last line says what is wrong with which file."""
    result = run(arguments)

    assert result.exit_code == 1
    last_line = result.stderr.splitlines()[-1]
    assert last_line.startswith("Error: ")
    assert re.search(message, last_line)


def test_metrics_that_are_not_there_are_told_with_those_that_are(
    directory: Path,
) -> None:
    """Who mistypes a name sees the names."""
    done = keras_sonify(*("render", "log.csv", "--metrics", "los"), directory=directory)

    told = "Metrics to sound that are not in `logs`: los. Available are: loss."
    assert done.err.splitlines()[0] == told


def test_one_bad_log_keeps_no_other_from_being_rendered(directory: Path) -> None:
    """All that can be done is done; the status tells that not all could."""
    logs = ("empty.csv", "log.csv", "missing.csv")

    done = keras_sonify("render", *logs, "-o", "sound", directory=directory)

    assert done.status == 1
    assert [path.name for path in (directory / "sound").iterdir()] == ["log"]
    assert done.out.splitlines()[-1].startswith("log.csv: Sound files in sound/log: ")
    assert done.err.splitlines() == [
        "Error: empty.csv holds no epoch yet.",
        "Error: missing.csv: No such file or directory",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        "describe log.csv",
        "render log.csv",
        "listen log.csv --silent --from-start --until-idle 0.1",
        "--help",
    ],
)
def test_a_closed_pipe_is_quiet(arguments: str, directory: Path) -> None:
    """As in `keras-sonify describe log.csv | head -1`, once head has gone."""
    read, write = os.pipe()
    os.close(read)

    with open(write, "w", encoding="utf-8") as pipe:  # noqa: PTH123 - no Path
        done = keras_sonify(*arguments.split(), directory=directory, out=pipe)

    assert (done.status, done.err) == (0, "")


def test_a_full_disk_is_told(directory: Path) -> None:
    """Output that cannot be written is a mistake, and no traceback."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = keras_sonify("describe", "log.csv", directory=directory, out=full)

    assert done.status == 1
    assert done.err == "Error: [Errno 28] No space left on device\n"


def test_names_that_the_terminal_cannot_show(directory: Path) -> None:
    """They are told in escapes; the files have their names."""
    (directory / "log.csv").write_text("epoch,损失_accuracy\n0,0.5\n", "utf-8")

    done = keras_sonify("render", "log.csv", directory=directory, encoding="cp1252")

    assert done.status == 0
    assert r"\u635f\u5931_accuracy.wav" in done.out
    assert (directory / "sonification" / "损失_accuracy.wav").exists()
