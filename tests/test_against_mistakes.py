"""A run that cannot be had to be held against costs a sentence, never the record."""

import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from other_runs import NEW, OLD, heard_of_other, run_against

from keras_sonify import Sonifier
from keras_sonify.cli import commands


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (None, "No such file or directory"),
        ("", "holds no epoch yet"),
        ("epoch,loss\n", "holds no epoch yet"),
        ("nothing to read here\n" * 600, "cannot be read: "),
        ("epoch,loss\n0,NA\n", "holds no value"),
    ],
)
def test_what_cannot_be_read_costs_a_sentence(
    tmp_path: Path, other: str | None, told: str
) -> None:
    """One, before the first epoch; the run is recorded and heard as usual."""
    log = tmp_path / "other.csv"
    if other is not None:
        log.write_text(other)
    sonifier = Sonifier(directory=tmp_path / "run", player=None, against=log)
    with pytest.warns(UserWarning, match="hold this") as warned:
        sonifier.begin()
    (sentence,) = [
        str(each.message) for each in warned if "hold this" in str(each.message)
    ]
    assert told in sentence
    assert sentence.endswith("The references are the best values so far.")
    for epoch, loss in enumerate(NEW):
        sonifier.epoch(epoch, {"loss": loss})
    sonifier.end()
    assert len((tmp_path / "run" / "log.csv").read_text().split()) == 6


def test_without_a_run_before_it_that_is_told(tmp_path: Path) -> None:
    """It is the first one: nothing is lost."""
    with pytest.warns(UserWarning, match="No run has been kept before this one in"):
        cues, _ = run_against(tmp_path / "new", NEW, against="last")
    assert heard_of_other(cues) == [None] * 5
    assert not (tmp_path / "new" / "against.csv").exists()


@pytest.mark.skipif(os.name == "nt", reason="a directory has no such rights there")
def test_the_record_is_kept_where_the_other_run_cannot_be(tmp_path: Path) -> None:
    """Here a directory is in its place: that is told, and costs nothing else."""
    run_against(tmp_path / "old", OLD)
    (tmp_path / "new" / "against.csv").mkdir(parents=True)
    with pytest.warns(UserWarning, match="could not be kept"):
        cues, _ = run_against(tmp_path / "new", NEW, against=tmp_path / "old")

    assert heard_of_other(cues)[:4] == OLD
    assert len((tmp_path / "new" / "log.csv").read_text().split()) == 6
    assert "old" in (tmp_path / "new" / "score.csv").read_text()


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        ({"against": 3}, TypeError, "`against` must be 'last', a path or `None`"),
        ({"against": "last", "directory": None}, ValueError, "needs a `directory`"),
    ],
)
def test_a_mistake_is_told_at_once(
    arguments: dict[str, Any], error: type[Exception], told: str
) -> None:
    """Before any training."""
    with pytest.raises(error, match=told):
        Sonifier(player=None, **arguments)


def test_the_command_line_tells_mistakes_in_a_line(tmp_path: Path) -> None:
    """No traceback, and nothing is written."""
    (tmp_path / "log.csv").write_text("epoch,loss\n0,1.0\n")
    for other, status, told in (("none", 1, "cannot be read"), ("last", 2, "Received")):
        arguments = ["render", str(tmp_path / "log.csv"), "--against", other]
        done = CliRunner().invoke(commands, [*arguments, "-d", str(tmp_path / "made")])
        assert (done.exit_code, told in done.output) == (status, True)
        assert not (tmp_path / "made").exists()
