"""A run goes on with the one that is in its directory, or begins anew."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from digests import digests
from records import log_epochs, log_rows, mute, train

from keras_sonify import Sonifier
from keras_sonify.files.past import read_past


def test_a_resumed_run_goes_on(tmp_path: Path) -> None:
    """Where the first epoch follows the last one, all files are those of one run.

    Only the page and `run.json` say which run it is, and when it began: at first.
    """
    train(tmp_path / "parts", range(6))
    began = _began(tmp_path / "parts")
    train(tmp_path / "parts", range(6, 10))
    train(tmp_path / "whole", range(10))

    made = ("*.wav", "*.csv")
    assert digests(tmp_path / "parts", *made) == digests(tmp_path / "whole", *made)
    assert _began(tmp_path / "parts") == began < _began(tmp_path / "whole")


def _began(directory: Path) -> float:
    about = json.loads((directory / "run.json").read_text())
    return float(about["origin"]["began"])


def test_the_first_cue_of_a_resumed_run_has_its_reference(tmp_path: Path) -> None:
    """It is held against the best of what came before, on the same range."""
    train(tmp_path, range(6))
    sonifier = mute(tmp_path)

    cue = sonifier.epoch(6, {"loss": 0.5, "val_loss": 2.0})

    assert cue is not None
    assert [reading.best for reading in cue.readings] == [1 / 6, 1.0]
    assert [note.kind for note in cue.notes] == ["reference", "tone"] * 2
    sonifier.close()


def test_a_run_without_files_goes_on_in_its_sonifier() -> None:
    """What one sonifier has heard it remembers, where the numbers follow."""
    sonifier = Sonifier(directory=None, player=None)
    for epoch in range(3):
        sonifier.epoch(epoch, {"loss": 1.0 / (epoch + 1)})
    sonifier.end()

    follows = sonifier.epoch(3, {"loss": 0.2})
    sonifier.end()
    anew = sonifier.epoch(0, {"loss": 0.2})

    assert follows is not None
    assert follows.readings[0].best == 1 / 3
    assert anew is not None
    assert anew.readings[0].best is None


def test_a_run_that_begins_at_zero_overwrites(tmp_path: Path) -> None:
    """As `CSVLogger(append=False)` does."""
    train(tmp_path, range(6))
    train(tmp_path, range(2))

    assert log_epochs(tmp_path) == [0, 1]


def test_append_false_overwrites_in_any_case(tmp_path: Path) -> None:
    """Also where the numbers follow."""
    train(tmp_path, range(6))
    train(tmp_path, range(6, 8), append=False)

    assert log_epochs(tmp_path) == [6, 7]


def test_append_true_keeps_the_log_in_any_case(tmp_path: Path) -> None:
    """A run that begins anew is another one in the same log; the files are its own."""
    train(tmp_path, range(3))
    train(tmp_path, range(2), append=True)
    train(tmp_path, range(2, 4), append=True)

    assert log_epochs(tmp_path) == [0, 1, 2, 0, 1, 2, 3]
    past = read_past(tmp_path)
    assert past is not None
    assert [epoch for epoch, _ in past.history.rows(len(past.history))] == [0, 1, 2, 3]
    assert past.places == [3, 4, 5, 6]
    train(tmp_path / "alone", range(4))
    assert digests(tmp_path)["score.csv"] == digests(tmp_path / "alone")["score.csv"]


def test_a_killed_run_is_resumed_where_it_was_saved(tmp_path: Path) -> None:
    """What it had logged beyond is done again, and stands in the log once."""
    sonifier = mute(tmp_path)
    for epoch in range(8):
        sonifier.epoch(epoch, {"loss": 1.0})
    sonifier.close()  # as after a kill: nobody said how it ended

    train(tmp_path, range(6, 9))

    assert log_epochs(tmp_path) == list(range(9))


def test_a_line_that_a_kill_cut_short_is_no_epoch(tmp_path: Path) -> None:
    """Half a number is not read as a number; the next run goes on before it."""
    train(tmp_path, range(4))
    with (tmp_path / "log.csv").open("rb+") as log:
        log.seek(-3, os.SEEK_END)
        log.truncate()

    past = read_past(tmp_path)
    assert past is not None
    assert [epoch for epoch, _ in past.history.rows(len(past.history))] == [0, 1, 2]
    train(tmp_path, range(3, 5))
    assert log_epochs(tmp_path) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    "damage", ["", "epoch", "no,log\n1,2\n", "\0\0", "epoch,loss\n"]
)
def test_a_log_that_is_none_is_no_past(tmp_path: Path, damage: str) -> None:
    """A run that should go on begins anew there, without a word of Python."""
    (tmp_path / "log.csv").write_text(damage)

    train(tmp_path, range(3, 5))

    assert log_epochs(tmp_path) == [3, 4]


def test_numbered_runs_go_on_in_the_newest_directory(tmp_path: Path) -> None:
    """With `{run}` in its path a resumed run does not open another directory."""
    template = tmp_path / "{run}"
    train(template, range(3))
    train(template, range(2))
    train(template, range(2, 5))

    assert {path.name for path in tmp_path.iterdir()} == {"1", "2"}
    assert log_epochs(tmp_path / "2") == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("append", ["auto", True])
def test_a_log_that_is_not_ours_is_kept_aside(tmp_path: Path, append: Any) -> None:  # noqa: ANN401
    """Whoever wrote it loses nothing: it is told where it is."""
    foreign = "epoch,loss\n0,1\n" if append == "auto" else "time;loss\n0;1\n"
    (tmp_path / "log.csv").write_text(foreign)

    with pytest.warns(UserWarning, match=r"it is kept as log-1\.csv"):
        train(tmp_path, range(3), append=append)
    train(tmp_path, range(2))

    assert (tmp_path / "log-1.csv").read_text() == foreign
    assert not (tmp_path / "log-2.csv").exists()
    assert log_epochs(tmp_path) == [0, 1]


def test_odd_cells_cost_no_row(tmp_path: Path) -> None:
    """A log that was edited in a spreadsheet: a mark, text, a short row, 0.0."""
    train(tmp_path, range(2), append=False)
    (tmp_path / "log.csv").write_text(
        "\ufeffepoch,loss,val_loss\n0.0,1.0,oops\n1,0.5\nx,1,1\n2,0.25,1.0\n",
        encoding="utf-8",
    )

    train(tmp_path, range(3, 5), append=True)

    assert [row[0] for row in log_rows(tmp_path)[1:]] == [
        "0.0",
        "1",
        "x",
        "2",
        "3",
        "4",
    ]
    past = read_past(tmp_path)
    assert past is not None
    assert list(past.history.rows(3)) == [
        (0, {"loss": 1.0}),
        (1, {"loss": 0.5}),
        (2, {"loss": 0.25, "val_loss": 1.0}),
    ]
