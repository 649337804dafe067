"""`log.csv`, the record: all values, soon, whole, and gone on with."""

import csv
import json
import math
import os
import shutil
import threading
import time
import wave
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from digests import digests

from keras_sonify import Sonifier, read_log
from keras_sonify.files.past import read_past

_PATIENCE = 10.0  # seconds; a second is promised


def _sonifier(directory: Path, **settings: Any) -> Sonifier:  # noqa: ANN401
    return Sonifier(directory=directory, player=None, **settings)


def _rows(directory: Path) -> list[list[str]]:
    with (directory / "log.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def _epochs(directory: Path) -> list[int]:
    return [int(row[0]) for row in _rows(directory)[1:]]


def _wait(until: Callable[[], object]) -> float:
    """Return how long it took until something was so."""
    begun = time.monotonic()
    while not until():
        assert time.monotonic() - begun < _PATIENCE
        time.sleep(0.01)
    return time.monotonic() - begun


def test_all_values_are_written_as_csvlogger_does(tmp_path: Path) -> None:
    """Also those that do not sound, NaN, absent ones, and the learning rate."""
    sonifier = _sonifier(tmp_path)
    sonifier.epoch(
        0, {"val_loss": 0.1 + 0.2, "loss": 1, "odd": math.nan}, learning_rate=0.5
    )
    sonifier.epoch(1, {"loss": -math.inf, "name": "text"}, learning_rate=0.5)
    sonifier.end()

    assert _rows(tmp_path) == [
        ["epoch", "learning_rate", "loss", "odd", "val_loss"],
        ["0", "0.5", "1.0", "nan", "0.30000000000000004"],
        ["1", "0.5", "-inf", "NA", "NA"],
    ]
    assert [epoch for epoch, _ in read_log(tmp_path / "log.csv")] == [0, 1]


def test_an_epoch_is_on_disk_within_a_second(tmp_path: Path) -> None:
    """Each of them, while the run goes on."""
    sonifier = _sonifier(tmp_path)

    def is_there(epoch: int) -> bool:
        return (tmp_path / "log.csv").exists() and _epochs(tmp_path)[-1:] == [epoch]

    for epoch in range(5):
        sonifier.epoch(epoch, {"loss": 1.0})
        waited = _wait(partial(is_there, epoch))
        assert waited < 1.0

    sonifier.end()


def test_a_late_metric_gets_a_column(tmp_path: Path) -> None:
    """Rows before it have no value of it, and none of them is lost."""
    sonifier = _sonifier(tmp_path)
    sonifier.epoch(0, {"loss": 1.0})
    _wait((tmp_path / "log.csv").exists)
    sonifier.epoch(1, {"loss": 0.5, "auc": 0.7})
    sonifier.end()

    assert _rows(tmp_path) == [
        ["epoch", "loss", "auc"],
        ["0", "1.0", "NA"],
        ["1", "0.5", "0.7"],
    ]


def test_a_fault_in_judging_costs_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does one in composing: each is told once, and the files hold all epochs."""
    sonifier = _sonifier(tmp_path)

    class Faulty:
        """Judges and composes nothing."""

        def check(self, epoch: int, values: object) -> None:
            raise KeyError("gap")

        def cue(self, *_: object, **__: object) -> None:
            raise ValueError("no figure")

    sonifier.epoch(0, {"loss": 1.0})
    run = sonifier._run
    assert run is not None
    assert run._interpreter is not None
    monkeypatch.setattr(run._interpreter, "_watch", Faulty())
    monkeypatch.setattr(run._interpreter, "composer", Faulty())

    def go_on() -> None:
        for epoch in (1, 2, 3):
            sonifier.epoch(epoch, {"loss": 1.0 / epoch})
        sonifier.end()

    with pytest.warns(UserWarning, match="ing an epoch failed") as told:
        go_on()

    messages = [str(warning.message) for warning in told]
    assert len(messages) == 2
    assert "Judging an epoch failed: KeyError('gap')" in messages[0]
    assert "Composing an epoch failed: ValueError('no figure')" in messages[1]
    assert _epochs(tmp_path) == [0, 1, 2, 3]
    assert sonifier.files is not None
    assert sonifier.files.written["loss.wav"] == 4


def test_the_directory_is_where_it_was_when_the_run_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the program changes to afterwards."""
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path)
    sonifier = Sonifier(player=None)
    sonifier.epoch(0, {"loss": 1.0})
    monkeypatch.chdir(tmp_path / "other")
    sonifier.epoch(1, {"loss": 0.5})
    lines = sonifier.end()

    assert sonifier.file_trouble is None
    assert _epochs(tmp_path / "sonification") == [0, 1]
    assert list((tmp_path / "other").iterdir()) == []
    assert lines[-1].startswith(f"Sound files in {tmp_path}/sonification: ")


def test_a_directory_that_has_gone_is_made_again(tmp_path: Path) -> None:
    """With all epochs in it, also those from before."""
    sonifier = _sonifier(tmp_path / "sound")
    sonifier.epoch(0, {"loss": 1.0})
    _wait((tmp_path / "sound" / "loss.wav").exists)
    shutil.rmtree(tmp_path / "sound")
    sonifier.epoch(1, {"loss": 0.5})
    sonifier.end()

    assert sonifier.file_trouble is None
    assert _epochs(tmp_path / "sound") == [0, 1]
    assert (tmp_path / "sound" / "loss.wav").exists()


def test_two_runs_in_one_directory_are_told_once(tmp_path: Path) -> None:
    """One warning in all; each file is whole, and no part is left."""
    first, second = _sonifier(tmp_path), _sonifier(tmp_path, style="classic")
    first.epoch(0, {"loss": 1.0})
    _wait((tmp_path / "log.csv").exists)

    def go_on() -> None:
        for epoch in range(8):
            first.epoch(epoch + 1, {"loss": 0.5})
            second.epoch(epoch, {"loss": 1.0})
            time.sleep(0.05)
        first.end()
        second.end()

    with pytest.warns(UserWarning, match="Another run writes into") as told:
        go_on()

    assert len(told) == 1
    assert (first.file_trouble, second.file_trouble) == (None, None)
    # All are those of one of the two: of 9 epochs in style "clear", of 8 in "classic".
    with wave.open(str(tmp_path / "loss.wav")) as sound:
        whole = sound.getnframes(), len(_epochs(tmp_path))
    assert whole in {(9 * 6615, 9), (8 * 3308, 8)}
    assert not list(tmp_path.glob(".*"))


def test_two_runs_that_begin_together_are_told_once(tmp_path: Path) -> None:
    """Also where neither found the other's file when it began."""
    runs = [_sonifier(tmp_path), _sonifier(tmp_path)]

    def train(sonifier: Sonifier) -> None:
        for epoch in range(10):
            sonifier.epoch(epoch, {"loss": 1.0})
            time.sleep(0.05)
        sonifier.end()

    def train_both() -> None:
        threads = [threading.Thread(target=train, args=(each,)) for each in runs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    with pytest.warns(UserWarning, match="Another run writes into") as told:
        train_both()

    assert len(told) == 1
    assert _epochs(tmp_path) == list(range(10))
    assert not list(tmp_path.glob(".*"))


def test_sounds_of_a_former_run_go(tmp_path: Path) -> None:
    """Those that its table names and this one does not write; nothing else."""
    (tmp_path / "mine.wav").write_text("mine")
    former = _sonifier(tmp_path)
    former.epoch(0, {"loss": 1.0, "val_loss": 1.0, "accuracy": 0.5})
    former.end()

    latter = _sonifier(tmp_path)
    latter.epoch(0, {"loss": 1.0})
    latter.end()

    sounds = {path.name for path in tmp_path.glob("*.wav")}
    assert sounds == {"training.wav", "loss.wav", "mine.wav"}
    assert _rows(tmp_path)[0] == ["epoch", "loss"]


def _train(directory: Path, epochs: range, **settings: Any) -> list[str]:  # noqa: ANN401
    sonifier = _sonifier(directory, **settings)
    for epoch in epochs:
        sonifier.epoch(epoch, {"loss": 1.0 / (epoch + 1), "val_loss": 1.0})
    return sonifier.end()


def test_a_resumed_run_goes_on(tmp_path: Path) -> None:
    """Where the first epoch follows the last one, all files are those of one run.

    Only the page and `run.json` say which run it is, and when it began: at first.
    """
    _train(tmp_path / "parts", range(6))
    began = _began(tmp_path / "parts")
    _train(tmp_path / "parts", range(6, 10))
    _train(tmp_path / "whole", range(10))

    made = ("*.wav", "*.csv")
    assert digests(tmp_path / "parts", *made) == digests(tmp_path / "whole", *made)
    assert _began(tmp_path / "parts") == began < _began(tmp_path / "whole")


def _began(directory: Path) -> float:
    about = json.loads((directory / "run.json").read_text())
    return float(about["origin"]["began"])


def test_the_first_cue_of_a_resumed_run_has_its_reference(tmp_path: Path) -> None:
    """It is held against the best of what came before, on the same range."""
    _train(tmp_path, range(6))
    sonifier = _sonifier(tmp_path)

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
    _train(tmp_path, range(6))
    _train(tmp_path, range(2))

    assert _epochs(tmp_path) == [0, 1]


def test_append_false_overwrites_in_any_case(tmp_path: Path) -> None:
    """Also where the numbers follow."""
    _train(tmp_path, range(6))
    _train(tmp_path, range(6, 8), append=False)

    assert _epochs(tmp_path) == [6, 7]


def test_append_true_keeps_the_log_in_any_case(tmp_path: Path) -> None:
    """A run that begins anew is another one in the same log; the files are its own."""
    _train(tmp_path, range(3))
    _train(tmp_path, range(2), append=True)
    _train(tmp_path, range(2, 4), append=True)

    assert _epochs(tmp_path) == [0, 1, 2, 0, 1, 2, 3]
    past = read_past(tmp_path)
    assert past is not None
    assert [epoch for epoch, _ in past.history.rows(len(past.history))] == [0, 1, 2, 3]
    assert past.places == [3, 4, 5, 6]
    _train(tmp_path / "alone", range(4))
    assert digests(tmp_path)["score.csv"] == digests(tmp_path / "alone")["score.csv"]


def test_a_killed_run_is_resumed_where_it_was_saved(tmp_path: Path) -> None:
    """What it had logged beyond is done again, and stands in the log once."""
    sonifier = _sonifier(tmp_path)
    for epoch in range(8):
        sonifier.epoch(epoch, {"loss": 1.0})
    sonifier.close()  # as after a kill: nobody said how it ended

    _train(tmp_path, range(6, 9))

    assert _epochs(tmp_path) == list(range(9))


def test_a_line_that_a_kill_cut_short_is_no_epoch(tmp_path: Path) -> None:
    """Half a number is not read as a number; the next run goes on before it."""
    _train(tmp_path, range(4))
    with (tmp_path / "log.csv").open("rb+") as log:
        log.seek(-3, os.SEEK_END)
        log.truncate()

    past = read_past(tmp_path)
    assert past is not None
    assert [epoch for epoch, _ in past.history.rows(len(past.history))] == [0, 1, 2]
    _train(tmp_path, range(3, 5))
    assert _epochs(tmp_path) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    "damage", ["", "epoch", "no,log\n1,2\n", "\0\0", "epoch,loss\n"]
)
def test_a_log_that_is_none_is_no_past(tmp_path: Path, damage: str) -> None:
    """A run that should go on begins anew there, without a word of Python."""
    (tmp_path / "log.csv").write_text(damage)

    _train(tmp_path, range(3, 5))

    assert _epochs(tmp_path) == [3, 4]


def test_numbered_runs_go_on_in_the_newest_directory(tmp_path: Path) -> None:
    """With `{run}` in its path a resumed run does not open another directory."""
    template = tmp_path / "{run}"
    _train(template, range(3))
    _train(template, range(2))
    _train(template, range(2, 5))

    assert {path.name for path in tmp_path.iterdir()} == {"1", "2"}
    assert _epochs(tmp_path / "2") == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("name", ["a\nb", "epoch", 'qu"o,te', "half\ud800", "名前"])
def test_any_name_can_be_written(tmp_path: Path, name: str) -> None:
    """Whatever a metric is called, the log has a line a row, and its values."""
    sonifier = _sonifier(tmp_path, metrics=[name])
    sonifier.epoch(0, {name: 0.25, "loss": 1.0})
    sonifier.epoch(1, {name: 0.5, "loss": 1.0})
    sonifier.end()

    rows = _rows(tmp_path)
    assert len(rows) == 3
    assert len((tmp_path / "log.csv").read_bytes().splitlines()) == 3
    assert {"0.25", "1.0"} <= set(rows[1])


def test_a_run_that_was_left_open_gives_the_directory_back(tmp_path: Path) -> None:
    """What another run has written there since is not taken away at its end."""
    left_open = _sonifier(tmp_path)
    left_open.epoch(0, {"loss": 1.0})
    _wait((tmp_path / "index.html").exists)

    _train(tmp_path, range(6))
    left_open.close()

    assert _epochs(tmp_path) == list(range(6))
    with wave.open(str(tmp_path / "loss.wav")) as sound:
        assert sound.getnframes() == 6 * 6615


@pytest.mark.parametrize("append", ["auto", True])
def test_a_log_that_is_not_ours_is_kept_aside(tmp_path: Path, append: Any) -> None:  # noqa: ANN401
    """Whoever wrote it loses nothing: it is told where it is."""
    foreign = "epoch,loss\n0,1\n" if append == "auto" else "time;loss\n0;1\n"
    (tmp_path / "log.csv").write_text(foreign)

    with pytest.warns(UserWarning, match=r"it is kept as log-1\.csv"):
        _train(tmp_path, range(3), append=append)
    _train(tmp_path, range(2))

    assert (tmp_path / "log-1.csv").read_text() == foreign
    assert not (tmp_path / "log-2.csv").exists()
    assert _epochs(tmp_path) == [0, 1]


def test_odd_cells_cost_no_row(tmp_path: Path) -> None:
    """A log that was edited in a spreadsheet: a mark, text, a short row, 0.0."""
    _train(tmp_path, range(2), append=False)
    (tmp_path / "log.csv").write_text(
        "\ufeffepoch,loss,val_loss\n0.0,1.0,oops\n1,0.5\nx,1,1\n2,0.25,1.0\n",
        encoding="utf-8",
    )

    _train(tmp_path, range(3, 5), append=True)

    assert [row[0] for row in _rows(tmp_path)[1:]] == ["0.0", "1", "x", "2", "3", "4"]
    past = read_past(tmp_path)
    assert past is not None
    assert list(past.history.rows(3)) == [
        (0, {"loss": 1.0}),
        (1, {"loss": 0.5}),
        (2, {"loss": 0.25, "val_loss": 1.0}),
    ]


def test_an_edited_log_keeps_its_earlier_runs(tmp_path: Path) -> None:
    """Where an editor has put another file in its place, rows from before stay."""
    _train(tmp_path, range(3))
    sonifier = _sonifier(tmp_path, append=True)
    sonifier.epoch(0, {"loss": 1.0})
    _wait(lambda: _epochs(tmp_path) == [0, 1, 2, 0])
    text = (tmp_path / "log.csv").read_text()
    (tmp_path / "edited").write_text(text)
    (tmp_path / "edited").replace(tmp_path / "log.csv")

    sonifier.epoch(1, {"loss": 0.5})
    sonifier.end()

    assert _epochs(tmp_path) == [0, 1, 2, 0, 1]


def test_a_flush_has_the_record_hold_all(tmp_path: Path) -> None:
    """Beside all other files, while the run goes on: also between two looks at it."""
    sonifier = _sonifier(tmp_path)
    for epoch in range(100):
        sonifier.epoch(epoch, {"loss": 1 / (1 + epoch)})
        if epoch % 10 == 9:
            sonifier.flush()
            assert _epochs(tmp_path) == [*range(epoch + 1)]
    sonifier.end()
