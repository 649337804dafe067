"""The run's directory is kept current in the background, whatever happens."""

import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import soundfile
from digests import digests

from keras_sonify import Sonifier
from keras_sonify.files.keeper import FilesKeeper
from keras_sonify.score.classic import CLASSIC
from keras_sonify.score.cue import Cue
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.style import CLEAR, Style
from keras_sonify.training.metrics import Metric
from keras_sonify.training.record import Record

_SLOT = 6615  # frames of a tone of 150 ms at 44 100 Hz
_RUN = "mnist/sound"  # what a page calls a run that is there
_PATIENCE = 20.0  # seconds; all here takes a fraction of one


def _keeper(directory: Path, record: Record, style: Style = CLEAR) -> FilesKeeper:
    sonifier = Sonifier(directory=directory, player=None, style=style)
    return FilesKeeper(sonifier.settings, Hearing(style=style), record)


def _add(
    record: Record,
    keeper: FilesKeeper,
    epoch: int,
    values: Mapping[str, float],
    metrics: tuple[Metric, ...],
) -> None:
    """Record an epoch as a run does."""
    if epoch == 0:
        keeper.begin(epoch, {})
    record.add(epoch, values)
    keeper.keep()
    record.note(metrics)
    keeper.epoch(Cue(epoch=epoch), "", play=True)


def _record(
    directory: Path,
    *epochs: Mapping[str, float],
    names: Sequence[str] = ("loss", "val_loss"),
    style: Style = CLEAR,
    slowly: bool = False,
) -> FilesKeeper:
    """Record a whole run; slowly: with a round of files after the first epoch."""
    record = Record()
    keeper = _keeper(directory, record, style)
    metrics = tuple(Metric.named(name) for name in names)
    for epoch, values in enumerate(epochs):
        _add(record, keeper, epoch, values, metrics)
        if slowly and epoch == 0:
            _wait_for(directory / f"{names[-1]}.wav")
    keeper.close(_PATIENCE)
    return keeper


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert path.exists()


def test_close_returns_when_everything_is_written(tmp_path: Path) -> None:
    """However fast the epochs came, all are in the files, and no part is left."""
    epochs = 200

    keeper = _record(tmp_path, *({"loss": 1 / k} for k in range(1, epochs + 1)))

    assert keeper.trouble is None
    assert soundfile.info(tmp_path / "loss.wav").frames == epochs * _SLOT
    assert not [name for name in digests(tmp_path) if name.endswith(".part")]


def test_files_appear_while_the_run_is_under_way(tmp_path: Path) -> None:
    """The first epoch is on disk before anything is closed."""
    record = Record()
    keeper = _keeper(tmp_path, record)

    _add(record, keeper, 0, {"loss": 1.0}, (Metric.named("loss"),))

    _wait_for(tmp_path / "loss.wav")
    keeper.close(_PATIENCE)


def test_closing_does_not_wait_for_the_next_round(tmp_path: Path) -> None:
    """Between two rounds of files, which are a second apart, close() returns soon."""
    record = Record()
    keeper = _keeper(tmp_path, record)
    _add(record, keeper, 0, {"loss": 1.0}, (Metric.named("loss"),))
    _wait_for(tmp_path / "loss.wav")
    begun = time.monotonic()

    keeper.close(_PATIENCE)

    assert time.monotonic() - begun < 0.7


def test_adding_an_epoch_does_not_wait_for_files(tmp_path: Path) -> None:
    """Whatever is being written, a hundred epochs are taken in within a second."""
    record = Record()
    keeper = _keeper(tmp_path, record)
    metrics = (Metric.named("loss"),)
    _add(record, keeper, 0, {"loss": 1.0}, metrics)
    begun = time.monotonic()

    for epoch in range(1, 101):
        _add(record, keeper, epoch, {"loss": 1.0}, metrics)

    assert time.monotonic() - begun < 1.0
    keeper.close(_PATIENCE)


@pytest.mark.parametrize("style", [CLEAR, CLASSIC], ids=["clear", "classic"])
def test_the_same_history_gives_the_same_bytes(tmp_path: Path, style: Style) -> None:
    """Nothing depends on when a round of files was written, nor on chance."""
    epochs: list[Mapping[str, float]] = [
        {"loss": 1.0, "val_loss": 1.1},
        {"loss": float("nan"), "val_loss": 0.3},
        {"loss": 0.3},
    ]

    _record(tmp_path / "a" / _RUN, *epochs, style=style)
    _record(tmp_path / "b" / _RUN, *epochs, style=style, slowly=True)

    first = digests(tmp_path / "a" / _RUN)
    assert {"loss.wav", "val_loss.wav", "score.csv"} <= first.keys()
    assert first == digests(tmp_path / "b" / _RUN)


def test_a_second_run_overwrites_the_first(tmp_path: Path) -> None:
    """In the same directory the files are those of the run that came last."""
    last: list[Mapping[str, float]] = [{"loss": 3.0, "val_loss": 1.0}, {"loss": 2.0}]

    _record(
        tmp_path / "a" / _RUN, *({"loss": float(k), "val_loss": 1.0} for k in range(9))
    )
    _record(tmp_path / "a" / _RUN, *last)
    _record(tmp_path / "b" / _RUN, *last)

    assert digests(tmp_path / "a" / _RUN) == digests(tmp_path / "b" / _RUN)


@pytest.mark.parametrize("inside", ["", "deeper", "{run}"])
def test_where_no_directory_can_be_made_there_is_trouble(
    tmp_path: Path,
    inside: str,
) -> None:
    """A file in its place is told of in a sentence; nothing is raised or harmed."""
    (tmp_path / "sound").write_text("mine")

    keeper = _record(tmp_path / "sound" / inside, {"loss": 1.0}, names=["loss"])

    assert keeper.trouble is not None
    assert keeper.trouble.startswith("The run's files could not be written: ")
    assert keeper.files.directory is None
    assert (tmp_path / "sound").read_text() == "mine"


def test_trouble_passes_when_its_cause_does(tmp_path: Path) -> None:
    """Once the directory can be made, the files hold the epochs from the first."""
    (tmp_path / "sound").write_text("mine")
    record = Record()
    keeper = _keeper(tmp_path / "sound", record)
    metrics = (Metric.named("loss"),)
    _add(record, keeper, 0, {"loss": 1.0}, metrics)
    deadline = time.monotonic() + _PATIENCE
    while keeper.trouble is None and time.monotonic() < deadline:
        time.sleep(0.01)

    (tmp_path / "sound").unlink()
    _add(record, keeper, 1, {"loss": 0.5}, metrics)
    keeper.close(_PATIENCE)

    assert keeper.trouble is None
    assert soundfile.info(tmp_path / "sound" / "loss.wav").frames == 2 * _SLOT


def test_a_run_without_epochs_writes_nothing(tmp_path: Path) -> None:
    """Not even the directory is made before there is something to hear."""
    keeper = _record(tmp_path / "sound")

    assert keeper.trouble is None
    assert list(tmp_path.iterdir()) == []


def test_only_files_that_there_are_are_named(tmp_path: Path) -> None:
    """Of a run without any value that sounds there is its log, and no sound."""
    keeper = _record(tmp_path, {}, {"note": 1.0})

    assert keeper.trouble is None
    assert keeper.names == ["log.csv"]
    assert {path.name for path in tmp_path.iterdir()} == {"log.csv", "run.json"}


def test_a_run_that_was_seen_stays_as_it_was() -> None:
    """A metric that has its first value later is none of an earlier snapshot's."""
    record = Record()
    metrics = (Metric.named("loss"), Metric.named("val_loss"))
    record.add(0, {"loss": 1.0})
    record.note(metrics)
    before = record.snapshot()

    record.add(1, {"loss": 1.0, "val_loss": 1.0})
    record.note(metrics)

    assert [metric.name for metric in before.valued] == ["loss"]
    assert [metric.name for metric in record.snapshot().valued] == ["loss", "val_loss"]


def test_a_thread_that_is_refused_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system has none to give for a while, nothing is lost but that while."""
    record = Record()
    keeper = _keeper(tmp_path, record)
    metrics = (Metric.named("loss"),)

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as refused:
        refused.setattr(threading.Thread, "start", refuse)
        _add(record, keeper, 0, {"loss": 1.0}, metrics)
    _add(record, keeper, 1, {"loss": 0.5}, metrics)
    keeper.close(_PATIENCE)

    assert keeper.trouble is None
    assert soundfile.info(tmp_path / "loss.wav").frames == 2 * _SLOT


class _HangingFiles:
    """Files on a disk that does not answer."""

    names: Sequence[str] = ("loss.wav",)
    written: Mapping[str, int] = {}
    directory = None

    def __init__(self) -> None:
        self.answers = threading.Event()

    def write(self, _: object) -> dict[str, OSError]:
        """Hang until the disk answers."""
        self.answers.wait(60.0)
        return {}


@pytest.mark.slow
def test_a_disk_that_hangs_is_given_up(tmp_path: Path) -> None:
    """After a few seconds, and it is said; what is under way may go on for ever."""
    record = Record()
    keeper = _keeper(tmp_path, record)
    files = _HangingFiles()
    keeper.files = files  # type: ignore[assignment] # a double
    _add(record, keeper, 0, {"loss": 1.0}, (Metric.named("loss"),))
    begun = time.monotonic()

    keeper.close(3600.0)

    assert 4.0 < time.monotonic() - begun < 8.0
    assert keeper.trouble is not None
    assert "Not complete are: loss.wav" in keeper.trouble
    files.answers.set()
