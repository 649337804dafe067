"""A run is held against the one before it, a directory or a log, and kept so."""

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from digests import digests
from other_runs import NEW, OLD, heard_of_other, run_against

from keras_sonify import Sonifier
from keras_sonify.cli import commands
from keras_sonify.files.directory import RunDirectory
from keras_sonify.testing import RecordingOutput

_MADE = ("*.wav", "*.csv")  # the page says which run it is, and when it was


def _about(directory: Path) -> Mapping[str, Any]:
    about: dict[str, Any] = json.loads((directory / "run.json").read_text())
    return about


def test_the_run_before_is_read_before_it_is_overwritten(tmp_path: Path) -> None:
    """Its values are the references, past its end the last one; then it is kept."""
    run_against(tmp_path, OLD)
    cues, lines = run_against(tmp_path, NEW, against="last")

    assert heard_of_other(cues) == [*OLD, OLD[-1]]
    assert lines[1] == (
        "Beside last time: 33 percent better than its best, 0.6 at epoch 4"
    )
    kept = (tmp_path / "against.csv").read_text().split()
    assert kept == ["epoch,loss", "0,1.0", "1,0.8", "2,0.7", "3,0.6"]
    assert _about(tmp_path)["against"] == {"name": "last time", "directions": {}}


@pytest.mark.parametrize(
    ("template", "names", "last"),
    [
        ("runs/{run}", ["1", "2", "10", "x"], "10"),
        (
            "runs/{time}",
            ["2026-01-02_03", "2025-12-31_23-59-59"],
            "2026-01-02_03",
        ),
        ("runs/{run}[a]", ["3[a]", "4"], "3[a]"),
        ("runs", ["."], "."),
        ("runs/none/{run}", ["1"], None),
    ],
)
def test_the_last_run_is_the_newest_that_the_template_names(
    tmp_path: Path, template: str, names: Sequence[str], last: str | None
) -> None:
    """By number or time, and only where there is a log."""
    for name in names:
        (tmp_path / "runs" / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "runs" / name / "log.csv").write_text("epoch,loss\n0,1.0\n")
    (tmp_path / "runs" / "11").mkdir()

    found = RunDirectory(str(tmp_path / template)).last
    assert found == (None if last is None else tmp_path / "runs" / last)


def test_numbered_runs_are_held_against_the_one_before(tmp_path: Path) -> None:
    """With `{run}` nothing is overwritten."""
    template = str(tmp_path / "{run}")
    run_against(template, OLD)
    cues, _ = run_against(template, NEW, against="last")

    assert heard_of_other(cues)[:4] == OLD
    assert {path.name for path in tmp_path.iterdir()} == {"1", "2"}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("baseline", "baseline"),
        ("baseline/log.csv", "baseline"),
        ("7", "run 7"),
        ("old.csv", "old"),
    ],
)
def test_any_run_or_log_may_be_the_other_one(
    tmp_path: Path, path: str, name: str
) -> None:
    """It is called by its directory, or by its log."""
    run_against(tmp_path / "baseline", OLD)
    shutil.copytree(tmp_path / "baseline", tmp_path / "7")
    shutil.copy(tmp_path / "baseline" / "log.csv", tmp_path / "old.csv")
    cues, _ = run_against(tmp_path / "new", NEW, against=tmp_path / path)

    assert heard_of_other(cues)[:4] == OLD
    assert cues[0].held is not None
    assert cues[0].held.other.name == name


def test_its_own_directory_is_the_run_before(tmp_path: Path) -> None:
    """Whoever names it means the run that is in it now."""
    run_against(tmp_path, OLD)
    cues, _ = run_against(tmp_path, NEW, against=str(tmp_path))

    assert cues[0].held is not None
    assert cues[0].held.other.name == "last time"


def test_a_run_that_goes_on_is_held_against_the_same_run(tmp_path: Path) -> None:
    """The run before it is itself by then. That is said again, and sounds again."""
    run_against(tmp_path, OLD)
    run_against(tmp_path, NEW[:3], against="last")
    cues, _ = run_against(tmp_path, NEW[3:], first=3, against="last")

    assert heard_of_other(cues) == [0.6, 0.6]
    assert cues[0].held is not None
    assert cues[0].held.is_first
    resumed = digests(tmp_path, *_MADE)
    run_against(tmp_path, OLD)
    run_against(tmp_path, NEW, against="last")
    assert digests(tmp_path, *_MADE) == resumed


def test_it_is_rendered_again_as_it_was(tmp_path: Path) -> None:
    """Wherever the directory is by then, and whatever has become of the other run."""
    run_against(tmp_path / "old", OLD)
    run_against(tmp_path / "new", NEW, against=tmp_path / "old")
    before = digests(tmp_path / "new", *_MADE)
    shutil.rmtree(tmp_path / "old")
    moved = (tmp_path / "new").rename(tmp_path / "moved")
    for made in ("training.wav", "score.csv", "index.html", "loss.wav"):
        (moved / made).unlink()

    done = CliRunner().invoke(commands, ["render", str(moved)])
    assert done.exit_code == 0, done.output
    assert digests(moved, *_MADE) == before


def test_it_is_described_beside_the_other_run(tmp_path: Path) -> None:
    """The last run of a directory: what sounded is what is told."""
    run_against(tmp_path, [1.0 - 0.01 * k for k in range(40)])
    run_against(tmp_path, [1.205 - 0.02 * k for k in range(40)], against="last")

    done = CliRunner().invoke(commands, ["describe", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "Held against last time: references are its values at" in done.output
    assert "Beside last time: 30 percent better than its best, 0.61" in done.output
    assert "ahead of last time since epoch 22" in done.output


def test_steps_are_held_against_the_same_steps(tmp_path: Path) -> None:
    """Also where they are rendered again, from both records."""
    for gain, against in ((1.0, None), (0.5, "last")):
        sonifier = Sonifier(
            directory=tmp_path, player=None, against=against, cue_seconds=1e-9
        )
        cues = [sonifier.step(k, {"loss": gain * 0.99**k}) for k in range(1, 400)]
        sonifier.end()
    assert heard_of_other([cue for cue in cues if cue is not None]) == pytest.approx(
        [0.99**k for k in range(1, 400)]
    )
    made = digests(tmp_path, "*.wav", "index.html")
    done = CliRunner().invoke(commands, ["render", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert digests(tmp_path, "*.wav", "index.html") == made


def test_a_record_that_has_gone_is_told_in_a_sentence(tmp_path: Path) -> None:
    """The run is rendered without, and does not ask for it again."""
    run_against(tmp_path, OLD)
    run_against(tmp_path, NEW, against="last")
    (tmp_path / "against.csv").unlink()

    with pytest.warns(UserWarning, match="the record of last time, is there no more"):
        done = CliRunner().invoke(commands, ["render", str(tmp_path)])
    assert done.exit_code == 0
    assert "last time" not in (tmp_path / "score.csv").read_text()
    assert _about(tmp_path)["against"] is None


def test_a_run_that_is_held_against_none_keeps_none(tmp_path: Path) -> None:
    """What the run before it was held against goes with that run."""
    run_against(tmp_path, OLD)
    run_against(tmp_path, NEW, against="last")
    run_against(tmp_path, NEW)

    assert not (tmp_path / "against.csv").exists()


def test_a_log_is_rendered_against_another(tmp_path: Path) -> None:
    """As a run that was heard live against it sounds."""
    run_against(tmp_path / "old", OLD)
    run_against(tmp_path / "new", NEW, against=tmp_path / "old")
    log, old = str(tmp_path / "new" / "log.csv"), str(tmp_path / "old")
    made = tmp_path / "made"

    done = CliRunner().invoke(
        commands, ["render", log, "-d", str(made), "--against", old]
    )
    assert done.exit_code == 0, done.output
    table = (tmp_path / "new" / "score.csv").read_bytes()
    assert (made / "score.csv").read_bytes() == table
    assert "Beside old: 33 percent better than its best, 0.6 at epoch 4" in done.output


def test_outputs_are_told_of_it_in_words(tmp_path: Path) -> None:
    """The first sentence says what the reference is, and events come as usual."""
    falling = [1.0 - 0.01 * k for k in range(40)]
    crossing = [1.205 - 0.02 * k for k in range(40)]
    run_against(tmp_path, falling)
    output = RecordingOutput()
    sonifier = Sonifier(directory=tmp_path, player=output, against="last")
    cues = [sonifier.epoch(k, {"loss": v}) for k, v in enumerate(crossing)]
    sonifier.end()

    assert output.epochs[0][1].startswith("Held against last time, which has 40 epochs")
    sounded = [cue.sounded for cue in cues if cue is not None]
    ahead = [event for event in sounded if event is not None and event.kind == "ahead"]
    assert [event.text.partition(":")[0] for event in ahead] == [
        "ahead of last time since epoch 22"
    ]
