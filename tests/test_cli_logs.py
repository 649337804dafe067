"""Logs on the command line: what is rendered, described and listened to."""

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest
import soundfile
from click.testing import CliRunner
from command import keras_sonify
from digests import digest
from ear import listen as hear
from programs import Program
from recipe import blog_recipe, read_classic
from table import check_heard, read_table
from virtual_card import SAMPLE_RATE, VirtualCard

from keras_sonify.cli import commands
from keras_sonify.cli.progress import Progress

VALUES = {
    "accuracy": [0.1 + 0.2, 0.5, 0.625, 0.7500000000000001],
    "loss": [2.302585092994046, 0.9, 1 / 3, 1e-05],
    "val_accuracy": [0.25, 0.5, 0.45, 0.4],
    "val_loss": [2.5, 1.0, 1.1, 1.3],
}
RUNS = "epoch,loss\n0,1.5\n1,0.5\n0,3.0\n1,2.0\n2,1.0\n"

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
    rows = [
        ",".join([str(epoch), *map(repr, values)])
        for epoch, values in enumerate(zip(*VALUES.values(), strict=True))
    ]
    text = "\r\n".join(["epoch," + ",".join(VALUES), *rows, ""])
    (tmp_path / "log.csv").write_text(text, newline="")
    (tmp_path / "runs.csv").write_text(RUNS)
    return tmp_path


def run(arguments: str) -> list[str]:
    """Run a command in this process and return its lines."""
    result = CliRunner().invoke(commands, arguments.split(), catch_exceptions=False)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout.splitlines()


def epochs_in(directory: Path) -> int:
    """Return how many tones a directory's `loss.wav` holds."""
    seconds: float = soundfile.info(directory / "loss.wav").duration
    return round(seconds / 0.15)


def test_the_classic_style_equals_the_blog(directory: Path) -> None:
    """Sample for sample, for each column of the log."""
    run("render log.csv --style classic -o blog")

    for name, values in VALUES.items():
        samples = read_classic(directory / "blog" / f"{name}.wav")
        assert samples.tolist() == blog_recipe(values).tolist()


def test_all_files_are_written_and_told(directory: Path) -> None:
    """Into `sonification`, in the order of a cue."""
    lines = run("render log.csv")

    files = [f"{name}.wav" for name in ("loss", "val_loss", "accuracy", "val_accuracy")]
    told = ", ".join(["training.wav", *files, "score.csv", "index.html", "log.csv"])
    assert lines == [
        "log.csv: Best val_loss: 1 at epoch 2, 2 before the last",
        f"log.csv: Sound files in sonification: {told}",
    ]
    written = {path.name for path in (directory / "sonification").iterdir()}
    assert written >= set(told.split(", "))


def test_only_the_metrics_asked_for_are_rendered(directory: Path) -> None:
    """Blanks around the names do no harm."""
    commands(
        ["render", "log.csv", "--metrics", "val_loss, accuracy"],
        standalone_mode=False,
    )

    names = {path.name for path in (directory / "sonification").glob("*.wav")}
    assert names == {"training.wav", "val_loss.wav", "accuracy.wav"}


@pytest.mark.parametrize(
    ("option", "epochs"),
    [("", 3), ("--run last", 3), ("--run 1", 2), ("--run 02", 3)],
)
def test_one_run_of_several_is_rendered(
    option: str,
    epochs: int,
    directory: Path,
) -> None:
    """The last one unless another is asked for."""
    run(f"render runs.csv {option}")

    assert epochs_in(directory / "sonification") == epochs


def test_all_runs_get_a_directory_each(directory: Path) -> None:
    """They are numbered as `--run` numbers them, and told so."""
    lines = run("render runs.csv --run all -o sound")

    assert [epochs_in(directory / "sound" / f"run{n}") for n in (1, 2)] == [2, 3]
    assert lines[0] == "runs.csv, run 1: Best loss: 0.5 at epoch 2, the last"
    told = run("describe runs.csv --run all")
    assert [told[0], told[2]] == ["Run 1 of 2.", "2 epochs, 1 to 2."]


@pytest.mark.usefixtures("directory")
def test_a_description_says_first_what_it_is_of() -> None:
    """Which run of how many, if there are several."""
    told = json.loads("".join(run("describe runs.csv --json")))

    assert run("describe runs.csv")[0] == "Run 2 of 2."
    assert not run("describe log.csv")[0].startswith("Run")
    assert (told["run"], told["runs"]) == (2, 2)


def test_a_description_names_what_it_does_not_tell_of(directory: Path) -> None:
    """Rates and times aside; who chooses knows what is left."""
    (directory / "more.csv").write_text("epoch,loss,auc,lr\n0,1.5,0.5,0.1\n" * 2)

    assert run("describe more.csv")[-1].startswith("Not told of are: auc. `--metrics`")
    told = json.loads("".join(run("describe more.csv --json")))
    chosen = json.loads("".join(run("describe more.csv --json --metrics loss")))
    assert (told["left_out"], chosen["left_out"]) == (["auc"], [])


def test_where_nothing_can_be_told_the_status_says_so(directory: Path) -> None:
    """Listening in vain is no success, either."""
    (directory / "empty.csv").write_text("")

    told = keras_sonify("describe", "log.csv", "--metrics", "mood", directory=directory)
    assert told.status == 1
    assert "No metric to tell of." in told.out
    for log in ("empty.csv", "missing.csv"):
        arguments = ("listen", log, "--silent", "--until-idle", "0.1")
        heard = keras_sonify(*arguments, directory=directory)
        assert heard.status == 1
        assert heard.err.endswith(
            "Error: Nothing was heard: no epoch with a metric came.\n"
        )


def test_no_end_is_claimed_that_nobody_knows(directory: Path) -> None:
    """A log that is over, or no longer grows, says not how the training ended."""
    lines = run("listen log.csv --silent --until-idle 0.05 -o heard")
    run("render log.csv -o rendered")

    assert not any("finished" in line for line in lines)
    for name in ("heard", "rendered"):
        about = json.loads((directory / name / "run.json").read_text())
        assert about["ending"] is None


def test_an_old_log_says_how_old_it_is(directory: Path) -> None:
    """It may be that of a training that died."""
    long_ago = time.time() - 3 * 3600 - 60
    os.utime(directory / "log.csv", (long_ago, long_ago))

    lines = run("listen log.csv --silent --until-idle 0.05")

    assert "Caught up with 4 epochs; nothing new for 3 hours." in lines


def test_several_logs_get_a_directory_each(directory: Path) -> None:
    """Named after the logs; those of one name are told apart."""
    (directory / "old").mkdir()
    (directory / "old" / "log.csv").write_text(RUNS)

    run("render log.csv runs.csv old/log.csv -o sound")

    sound = directory / "sound"
    assert {path.name for path in sound.iterdir()} == {"log", "runs", "log-2"}
    assert [epochs_in(sound / name) for name in ("log", "runs", "log-2")] == [4, 3, 3]


def test_only_plain_lines_are_printed(directory: Path) -> None:
    """Several logs get their lines one after the other; nothing redraws itself."""
    plain = keras_sonify("render", "log.csv", "runs.csv", directory=directory)

    assert len(plain.out.splitlines()) == 4
    assert all(
        line.startswith(("log.csv: ", "runs.csv: ")) for line in plain.out.splitlines()
    )
    assert not set("\r\b\x1b%#") & set(plain.out)


def test_what_takes_long_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing for three seconds, then a plain line at most every ten."""
    times = iter([0.0, 2.9, 3.1, 12.9, 13.2])
    progress = Progress("big.csv", times.__next__)

    for doing in ("a", "b", "c", "d"):
        progress.step(doing)

    assert capsys.readouterr().err == "big.csv: b\nbig.csv: d\n"


def test_a_log_may_come_from_a_pipe(directory: Path) -> None:
    """As in `keras-sonify describe <(ssh gpu-box cat log.csv)`."""
    told = keras_sonify("describe", "/dev/stdin", directory=directory, given=RUNS)

    told_lines = told.out.splitlines()
    assert [told_lines[0], told_lines[2]] == ["Run 2 of 2.", "3 epochs, 1 to 3."]


def test_the_summary_is_played(
    directory: Path,
    card: VirtualCard,
) -> None:
    """`--play` lets what is in `training.wav` be heard."""
    source = "from keras_sonify.cli import main; main()"

    with Program(
        source, directory, card.env, ("render", "log.csv", "--play")
    ) as program:
        program.finish()
    card.wait_quiet()

    rows = read_table(directory / "sonification", "training.wav")
    check_heard(hear(card.samples(), SAMPLE_RATE), rows)
    assert program.status == 0


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

    But for `run.json`, which knows that what was rendered stands elsewhere, too.
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
        assert digest(directory / "piped" / name) == expected


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


def test_files_that_are_not_complete_are_no_success(tmp_path: Path) -> None:
    """Where one file cannot be written, the status is 1 and no files are promised."""
    (tmp_path / "log.csv").write_text("epoch,loss\n0,1.0\n1,0.5\n")
    (tmp_path / "sound" / "loss.wav").mkdir(parents=True)

    done = keras_sonify("render", "log.csv", "-o", "sound", directory=tmp_path)

    assert done.status == 1
    assert "not complete" in done.err
    assert "Sound files" not in done.out


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
