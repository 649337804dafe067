"""`keras-sonify compare`: words, files, JSON, and what its users do wrong."""

import csv
import json
from pathlib import Path

import pytest
import soundfile
from click.testing import CliRunner, Result
from programs import Program
from searches import hear_search, write_trials
from virtual_card import SAMPLE_RATE, VirtualCard

from keras_sonify.cli import commands


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two logs of short runs, where the test runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("epoch,loss\n0,3\n1,2\n2,1\n")
    (tmp_path / "b.csv").write_text("epoch,loss\n0,4\n1,1\n2,0.5\n3,0.4\n")
    return ["a.csv", "b.csv"]


def _run(*arguments: str) -> Result:
    result = CliRunner().invoke(commands, ["compare", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_words_alone_write_nothing(logs: list[str], tmp_path: Path) -> None:
    """Who only asks is told, the verdict first."""
    told = _run(*logs)

    assert told.exit_code == 0
    assert told.stdout.startswith("Run 2 is better: its best loss is 0.4, 60 percent")
    assert {path.name for path in tmp_path.iterdir()} == {*logs}


def test_the_files_hold_sound_table_and_values(logs: list[str], tmp_path: Path) -> None:
    """A WAV as long as the table says, a row a tone with its run, and the values."""
    told = _run(*logs, "-d", "both")

    files = tmp_path / "both"
    with (files / "score.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    tones = [row for row in rows if row["kind"] == "tone"]
    end = max(float(row["start"]) + float(row["duration"]) for row in rows)
    assert "score.csv, comparison.json, index.html" in told.stdout
    assert soundfile.info(files / "comparison.wav").duration == pytest.approx(end)
    assert [row["value"] for row in tones if row["run"] == "1"][:3] == [
        *("3.0", "2.0", "1.0")
    ]
    assert rows[-1]["text"] == "better"
    assert json.loads((files / "comparison.json").read_text()) == json.loads(
        _run(*logs, "--json").stdout
    )


def test_json_says_what_the_words_say(logs: list[str]) -> None:
    """For programs: one object, with places by the unit of their axis."""
    told = json.loads(_run(*logs, "--json").stdout)

    assert (told["winner"], told["at_end"]) == (2, {"ahead": 2, "percent": 60.0})
    assert told["leads"] == [{"run": 2, "epoch": 2}]
    assert told["runs"][1]["best"] == {"epoch": 4, "value": 0.4}
    assert told["runs"][1]["epochs"] == 4


def test_a_search_is_played(card: VirtualCard, tmp_path: Path) -> None:
    """`--play` lets it be heard: which trial failed, and which one is best."""
    write_trials(tmp_path / "search", [5.0, 4.0, 9.0, 2.0, *[3.0] * 8], failed=[3])
    source = "from keras_sonify.cli import main; main()"

    arguments = ("compare", "search", "--play")
    with Program(source, tmp_path, card.env, arguments) as program:
        program.finish()
    card.wait_quiet(1.0)

    ear = hear_search(card.samples().mean(axis=1), SAMPLE_RATE)
    assert (ear.count, ear.failed, ear.news) == (12, [3], [2, 4])
    assert ear.said == "run four"
    assert program.status == 0


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["a.csv"], 1, "Error: `runs` must be at least two. Received: 1"),
        (["a.csv", "no.csv"], 1, "Error: no.csv: No such file or directory"),
        (["a.csv", "b.csv", "--metric", "auc"], 1, "must be one that all runs have"),
        (["a.csv", "b.csv", "--mode", "up"], 2, "'up' is not one of"),
        ([], 2, "Missing argument 'LOG...'"),
    ],
)
@pytest.mark.usefixtures("logs")
def test_a_mistake_is_a_sentence(
    arguments: list[str], status: int, message: str
) -> None:
    """With the exit status of its kind."""
    told = _run(*arguments)

    assert (told.exit_code, told.stdout) == (status, "")
    assert message in " ".join(told.stderr.split())
