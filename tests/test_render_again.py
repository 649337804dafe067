"""A run's directory is made again from its log, a long one in bounded work."""

import json
import math
import shutil
import wave
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from digests import digests
from table import read_table

from keras_sonify import Rules, Sonifier, Style, read_log
from keras_sonify.cli import commands

_SLOT = 6615  # frames of a tone of 150 ms at 44 100 Hz


def _run(directory: Path, epochs: int, **settings: Any) -> None:  # noqa: ANN401
    sonifier = Sonifier(directory=directory, player=None, **settings)
    for epoch in range(epochs):
        values = {
            "loss": 2.0 * 0.99**epoch if epoch != 7 else math.nan,
            "val_loss": 2.0 + 0.01 * epoch,
            "gain": float(epoch),
        }
        rate = 0.1 if epoch < 20 else 0.01
        sonifier.epoch(epoch, values, learning_rate=rate, directions={"gain": "max"})
    assert sonifier.end("stopped_early")


def _render(*arguments: str) -> str:
    done = CliRunner().invoke(commands, ["render", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


_HEARINGS: dict[str, dict[str, Any]] = {
    "plain": {},
    "classic": {"style": "classic"},
    "own": {
        "style": Style(low_hz=300.0),
        "metrics": ["gain", "loss"],
        "monitor": "gain",
        "earcons": ["nan_loss", "best"],
        "rules": Rules(best_pause=3),
    },
    "without words": {"words": False},
}


@pytest.mark.parametrize("hearing", _HEARINGS)
def test_all_files_are_made_again_as_they_were(tmp_path: Path, hearing: str) -> None:
    """To the byte, as it was heard: with its style, names, directions and end."""
    _run(tmp_path / "run", 40, **_HEARINGS[hearing])
    before = digests(tmp_path / "run")
    for path in (tmp_path / "run").iterdir():
        if path.name not in ("log.csv", "run.json"):
            path.unlink()

    _render(str(tmp_path / "run"))

    assert digests(tmp_path / "run") == before


def test_another_style_may_be_asked_for(tmp_path: Path) -> None:
    """Elsewhere, where the log goes, too; what it came from stays as it is."""
    _run(tmp_path / "run", 5)
    before = digests(tmp_path / "run")

    _render(str(tmp_path / "run"), "--style", "classic", "-o", str(tmp_path / "blog"))

    assert digests(tmp_path / "run") == before
    with wave.open(str(tmp_path / "blog" / "loss.wav")) as sound:
        assert sound.getframerate() == 22_050
    assert digests(tmp_path / "blog")["log.csv"] == before["log.csv"]


def test_words_may_be_left_away(tmp_path: Path) -> None:
    """`--no-words` keeps the figures; rendered once more, it is the same."""
    _run(tmp_path / "run", 9)

    _render(str(tmp_path / "run"), "--no-words", "-o", str(tmp_path / "silent"))
    without = digests(tmp_path / "silent")
    _render(str(tmp_path / "silent"))

    again = digests(tmp_path / "silent")
    assert {**again, "run.json": ""} == {**without, "run.json": ""}
    for name, said in (("run", 1), ("silent", 0)):
        alarm = [
            row for row in read_table(tmp_path / name, "live") if row.kind == "nan_loss"
        ]
        assert len(alarm) == 5 + said
        assert sum(math.isnan(row.frequency_hz) for row in alarm) == said


def test_a_directory_with_a_bare_log_is_rendered(tmp_path: Path) -> None:
    """Also without `run.json`, or with one that is damaged: then as by default."""
    _run(tmp_path / "run", 5)
    shutil.copytree(tmp_path / "run", tmp_path / "damaged")
    (tmp_path / "run" / "run.json").unlink()
    (tmp_path / "damaged" / "run.json").write_text("{")

    for name in ("run", "damaged"):
        log = (tmp_path / name / "log.csv").read_bytes()
        _render(str(tmp_path / name))
        assert (tmp_path / name / "log.csv").read_bytes() == log
        assert len(read_table(tmp_path / name, "loss.wav")) == 5


def test_a_wrong_word_in_run_json_is_a_sentence(tmp_path: Path) -> None:
    """What somebody has changed by hand is refused as an argument would be."""
    _run(tmp_path / "run", 2)
    about = json.loads((tmp_path / "run" / "run.json").read_text())
    about["mode"] = "sideways"
    (tmp_path / "run" / "run.json").write_text(json.dumps(about))

    done = CliRunner().invoke(commands, ["render", str(tmp_path / "run")])

    assert done.exit_code == 1
    assert "Unrecognized mode" in done.output
    assert "Traceback" not in done.output


def _tones(directory: Path) -> int:
    with wave.open(str(directory / "loss.wav")) as sound:
        assert sound.getnframes() % _SLOT == 0
        frames: int = sound.getnframes()
        return frames // _SLOT


@pytest.mark.slow
def test_a_long_run_is_bounded_unless_asked_for_in_full(tmp_path: Path) -> None:
    """Of 2500 epochs, four share a tone; `--full` gives each its own."""
    _run(tmp_path / "run", 2500)
    assert _tones(tmp_path / "run") == 625

    _render(str(tmp_path / "run"), "-o", str(tmp_path / "full"), "--full")

    assert _tones(tmp_path / "full") == 2500
    live = read_table(tmp_path / "full", "live")
    assert sorted({row.epoch for row in live}) == list(range(2500))


def test_a_spike_survives_where_tones_are_shared(tmp_path: Path) -> None:
    """The summary of 3000 epochs sounds the one that was far above the rest."""
    sonifier = Sonifier(directory=tmp_path, player=None)
    for epoch in range(3000):
        sonifier.epoch(epoch, {"loss": 1.0 if epoch != 1234 else 3.0})
    sonifier.end()

    rows = read_table(tmp_path, "training.wav")
    assert [row.epoch for row in rows if row.value == 3.0] == [1234]
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "of 3000: loss 1" in page


def test_a_run_s_directory_is_a_log_like_any_other(tmp_path: Path) -> None:
    """`read_log` and `describe` take it, too."""
    _run(tmp_path / "run", 5)

    done = CliRunner().invoke(commands, ["describe", str(tmp_path / "run")])

    assert done.exit_code == 0
    assert "5 epochs, 1 to 5." in done.output
    assert [epoch for epoch, _ in read_log(tmp_path / "run")] == [0, 1, 2, 3, 4]


def test_a_log_of_several_runs_survives_its_rendering(tmp_path: Path) -> None:
    """Whichever run is asked for, and however the directory is named."""
    for _ in range(2):
        sonifier = Sonifier(directory=tmp_path / "run", player=None, append=True)
        for epoch in range(3):
            sonifier.epoch(epoch, {"loss": 1.0 / (epoch + 1)})
        sonifier.end()
    log = tmp_path / "run" / "log.csv"
    before = log.read_bytes()
    (tmp_path / "link").symlink_to(tmp_path / "run")

    _render(str(tmp_path / "run"), "--run", "1")
    _render(str(log), "-o", str(tmp_path / "link"))
    _render(str(log), "-o", str(tmp_path / "run" / ".." / "run"))
    _render(str(tmp_path / "run"), "--run", "all")

    assert log.read_bytes() == before
    assert len(before.splitlines()) == 1 + 6


def test_rendering_takes_no_other_run_s_log(tmp_path: Path) -> None:
    """Into the directory of a run it goes, but the run's own log is kept aside."""
    _run(tmp_path / "run", 4)
    before = (tmp_path / "run" / "log.csv").read_bytes()
    (tmp_path / "other.csv").write_text("epoch,loss\n0,1\n1,0.5\n")

    with pytest.warns(UserWarning, match="is kept as"):
        _render(str(tmp_path / "other.csv"), "-o", str(tmp_path / "run"))
    _render(str(tmp_path / "other.csv"), "-o", str(tmp_path / "run"))

    assert (tmp_path / "run" / "log-1.csv").read_bytes() == before
    assert not (tmp_path / "run" / "log-2.csv").exists()


@pytest.mark.parametrize(
    "about",
    [{"ending": "best"}, {"ending": ["x"]}, {"planned": "ten"}, {"ending": "unknown"}],
)
def test_what_run_json_cannot_mean_is_passed_over(tmp_path: Path, about: Any) -> None:  # noqa: ANN401
    """An end that is none, or a number that is none."""
    _run(tmp_path / "run", 2)
    known = json.loads((tmp_path / "run" / "run.json").read_text())
    (tmp_path / "run" / "run.json").write_text(json.dumps({**known, **about}))

    _render(str(tmp_path / "run"))

    page = (tmp_path / "run" / "index.html").read_text(encoding="utf-8")
    assert "epoch 2" in page


def test_a_log_is_not_listened_to_in_its_own_directory(tmp_path: Path) -> None:
    """What is followed would be overwritten; the message says what to do."""
    _run(tmp_path / "run", 2)
    before = (tmp_path / "run" / "log.csv").read_bytes()

    log, directory = str(tmp_path / "run" / "log.csv"), str(tmp_path / "run")
    done = CliRunner().invoke(commands, ["listen", log, "-d", directory, "--silent"])

    assert done.exit_code == 2
    assert "name another directory with -d" in done.output
    assert (tmp_path / "run" / "log.csv").read_bytes() == before
