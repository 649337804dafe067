"""`log.csv`, the record: all values, soon, whole, and gone on with."""

import math
import shutil
import threading
import time
import wave
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from records import log_epochs, log_rows, mute, train

from keras_sonify import Sonifier, read_log

_PATIENCE = 10.0  # seconds; a second is promised


def _wait(until: Callable[[], object]) -> float:
    """Return how long it took until something was so."""
    begun = time.monotonic()
    while not until():
        assert time.monotonic() - begun < _PATIENCE
        time.sleep(0.01)
    return time.monotonic() - begun


def test_all_values_are_written_as_csvlogger_does(tmp_path: Path) -> None:
    """Also those that do not sound, NaN, absent ones, and the learning rate."""
    sonifier = mute(tmp_path)
    sonifier.epoch(
        0, {"val_loss": 0.1 + 0.2, "loss": 1, "odd": math.nan}, learning_rate=0.5
    )
    sonifier.epoch(1, {"loss": -math.inf, "name": "text"}, learning_rate=0.5)
    sonifier.end()

    assert log_rows(tmp_path) == [
        ["epoch", "learning_rate", "loss", "odd", "val_loss"],
        ["0", "0.5", "1.0", "nan", "0.30000000000000004"],
        ["1", "0.5", "-inf", "NA", "NA"],
    ]
    assert [epoch for epoch, _ in read_log(tmp_path / "log.csv")] == [0, 1]


def test_an_epoch_is_on_disk_within_a_second(tmp_path: Path) -> None:
    """Each of them, while the run goes on."""
    sonifier = mute(tmp_path)

    def is_there(epoch: int) -> bool:
        return (tmp_path / "log.csv").exists() and log_epochs(tmp_path)[-1:] == [epoch]

    for epoch in range(5):
        sonifier.epoch(epoch, {"loss": 1.0})
        waited = _wait(partial(is_there, epoch))
        assert waited < 1.0

    sonifier.end()


def test_a_late_metric_gets_a_column(tmp_path: Path) -> None:
    """Rows before it have no value of it, and none of them is lost."""
    sonifier = mute(tmp_path)
    sonifier.epoch(0, {"loss": 1.0})
    _wait((tmp_path / "log.csv").exists)
    sonifier.epoch(1, {"loss": 0.5, "auc": 0.7})
    sonifier.end()

    assert log_rows(tmp_path) == [
        ["epoch", "loss", "auc"],
        ["0", "1.0", "NA"],
        ["1", "0.5", "0.7"],
    ]


def test_a_fault_in_judging_costs_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does one in composing: each is told once, and the files hold all epochs."""
    sonifier = mute(tmp_path)

    class Faulty:
        """Judges and composes nothing."""

        def check(self, epoch: int, values: object) -> None:
            raise KeyError("gap")

        def cue(self, *_: object, **__: object) -> None:
            raise ValueError("no figure")

    sonifier.epoch(0, {"loss": 1.0})
    run = sonifier._run
    assert run is not None
    assert run._rows is not None
    monkeypatch.setattr(run._rows.interpreter, "_watch", Faulty())
    monkeypatch.setattr(run._rows.interpreter, "composer", Faulty())

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
    assert log_epochs(tmp_path) == [0, 1, 2, 3]
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
    assert log_epochs(tmp_path / "sonification") == [0, 1]
    assert list((tmp_path / "other").iterdir()) == []
    assert lines[-1].startswith(f"Sound files in {tmp_path}/sonification: ")


def test_a_directory_that_has_gone_is_made_again(tmp_path: Path) -> None:
    """With all epochs in it, also those from before."""
    sonifier = mute(tmp_path / "sound")
    sonifier.epoch(0, {"loss": 1.0})
    _wait((tmp_path / "sound" / "loss.wav").exists)
    shutil.rmtree(tmp_path / "sound")
    sonifier.epoch(1, {"loss": 0.5})
    sonifier.end()

    assert sonifier.file_trouble is None
    assert log_epochs(tmp_path / "sound") == [0, 1]
    assert (tmp_path / "sound" / "loss.wav").exists()


def test_two_runs_in_one_directory_are_told_once(tmp_path: Path) -> None:
    """One warning in all; each file is whole, and no part is left."""
    first, second = mute(tmp_path), mute(tmp_path, style="classic")
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
        whole = sound.getnframes(), len(log_epochs(tmp_path))
    assert whole in {(9 * 6615, 9), (8 * 3308, 8)}
    assert not list(tmp_path.glob(".*"))


def test_two_runs_that_begin_together_are_told_once(tmp_path: Path) -> None:
    """Also where neither found the other's file when it began."""
    runs = [mute(tmp_path), mute(tmp_path)]

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
    assert log_epochs(tmp_path) == list(range(10))
    assert not list(tmp_path.glob(".*"))


def test_sounds_of_a_former_run_go(tmp_path: Path) -> None:
    """Those that its table names and this one does not write; nothing else."""
    (tmp_path / "mine.wav").write_text("mine")
    former = mute(tmp_path)
    former.epoch(0, {"loss": 1.0, "val_loss": 1.0, "accuracy": 0.5})
    former.end()

    latter = mute(tmp_path)
    latter.epoch(0, {"loss": 1.0})
    latter.end()

    sounds = {path.name for path in tmp_path.glob("*.wav")}
    assert sounds == {"training.wav", "loss.wav", "mine.wav"}
    assert log_rows(tmp_path)[0] == ["epoch", "loss"]


@pytest.mark.parametrize("name", ["a\nb", "epoch", 'qu"o,te', "half\ud800", "名前"])
def test_any_name_can_be_written(tmp_path: Path, name: str) -> None:
    """Whatever a metric is called, the log has a line a row, and its values."""
    sonifier = mute(tmp_path, metrics=[name])
    sonifier.epoch(0, {name: 0.25, "loss": 1.0})
    sonifier.epoch(1, {name: 0.5, "loss": 1.0})
    sonifier.end()

    rows = log_rows(tmp_path)
    assert len(rows) == 3
    assert len((tmp_path / "log.csv").read_bytes().splitlines()) == 3
    assert {"0.25", "1.0"} <= set(rows[1])


def test_a_run_that_was_left_open_gives_the_directory_back(tmp_path: Path) -> None:
    """What another run has written there since is not taken away at its end."""
    left_open = mute(tmp_path)
    left_open.epoch(0, {"loss": 1.0})
    _wait((tmp_path / "index.html").exists)

    train(tmp_path, range(6))
    left_open.close()

    assert log_epochs(tmp_path) == list(range(6))
    with wave.open(str(tmp_path / "loss.wav")) as sound:
        assert sound.getnframes() == 6 * 6615


def test_an_edited_log_keeps_its_earlier_runs(tmp_path: Path) -> None:
    """Where an editor has put another file in its place, rows from before stay."""
    train(tmp_path, range(3))
    sonifier = mute(tmp_path, append=True)
    sonifier.epoch(0, {"loss": 1.0})
    _wait(lambda: log_epochs(tmp_path) == [0, 1, 2, 0])
    text = (tmp_path / "log.csv").read_text()
    (tmp_path / "edited").write_text(text)
    (tmp_path / "edited").replace(tmp_path / "log.csv")

    sonifier.epoch(1, {"loss": 0.5})
    sonifier.end()

    assert log_epochs(tmp_path) == [0, 1, 2, 0, 1]


def test_a_flush_has_the_record_hold_all(tmp_path: Path) -> None:
    """Beside all other files, while the run goes on: also between two looks at it."""
    sonifier = mute(tmp_path)
    for epoch in range(100):
        sonifier.epoch(epoch, {"loss": 1 / (1 + epoch)})
        if epoch % 10 == 9:
            sonifier.flush()
            assert log_epochs(tmp_path) == [*range(epoch + 1)]
    sonifier.end()
