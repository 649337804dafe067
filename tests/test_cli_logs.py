"""Logs on the command line: what is rendered, described and listened to."""

import json
import os
import time
from pathlib import Path

import pytest
from cli_logs import RUNS, VALUES, epochs_in, run, write_logs
from command import keras_sonify
from ear import listen as hear
from programs import Program
from recipe import blog_recipe, read_classic
from table import check_heard, read_table
from virtual_card import SAMPLE_RATE, VirtualCard

from keras_sonify.cli import commands
from keras_sonify.cli.progress import Progress


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory of the test, with a log of `CSVLogger` and one of two runs."""
    monkeypatch.chdir(tmp_path)
    return write_logs(tmp_path)


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


def test_files_that_are_not_complete_are_no_success(tmp_path: Path) -> None:
    """Where one file cannot be written, the status is 1 and no files are promised."""
    (tmp_path / "log.csv").write_text("epoch,loss\n0,1.0\n1,0.5\n")
    (tmp_path / "sound" / "loss.wav").mkdir(parents=True)

    done = keras_sonify("render", "log.csv", "-o", "sound", directory=tmp_path)

    assert done.status == 1
    assert "not complete" in done.err
    assert "Sound files" not in done.out
