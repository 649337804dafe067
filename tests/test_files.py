"""The files of a run: aligned slots, safe names, a table that tells what they hold."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from table import read_table

from keras_sonify.files.directory import RunDirectory
from keras_sonify.files.run_files import RunFiles
from keras_sonify.score.hearing import Hearing
from keras_sonify.training.foreign import from_cell
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.record import Snapshot

_SLOT = 6615  # frames of a tone of 150 ms at 44 100 Hz


def _write(
    directory: Path,
    *epochs: Mapping[str, float],
    names: Sequence[str] = ("loss", "val_loss"),
) -> RunFiles:
    files = RunFiles(RunDirectory(str(directory)), Hearing())
    history = History()
    for epoch, values in enumerate(epochs):
        history.append(epoch, values)
    files.write(Snapshot(history, len(history), [Metric.named(name) for name in names]))
    return files


def _slots(path: Path) -> list[npt.NDArray[np.int16]]:
    samples, sample_rate = soundfile.read(path, dtype="int16")
    assert sample_rate == 44_100
    assert len(samples) % _SLOT == 0
    return list(samples.reshape(-1, _SLOT))


def test_each_metric_has_a_file_of_one_slot_an_epoch(tmp_path: Path) -> None:
    """The directory is made with its parents and holds just the files that are told."""
    directory = tmp_path / "deep" / "sound"

    files = _write(directory, *({"loss": 1 / k, "val_loss": 1} for k in (1, 2, 3)))

    assert files.directory == directory
    assert files.names == [
        "training.wav",
        "loss.wav",
        "val_loss.wav",
        "score.csv",
        "index.html",
    ]
    assert {path.name for path in directory.iterdir()} >= set(files.names)
    for name in ("loss.wav", "val_loss.wav"):
        slots = _slots(directory / name)
        assert len(slots) == 3
        assert all(slot.any() for slot in slots)


def test_slots_stay_aligned_where_a_value_is_absent(tmp_path: Path) -> None:
    """An epoch without validation is silent in that file: exact zeros."""
    _write(
        tmp_path,
        {"loss": 1.0},
        {"loss": 0.5, "val_loss": 0.6},
        {"val_loss": 0.5},
        {},
    )

    loss, val_loss = (_slots(tmp_path / f"{name}.wav") for name in ("loss", "val_loss"))
    assert [bool(slot.any()) for slot in loss] == [True, True, False, False]
    assert [bool(slot.any()) for slot in val_loss] == [False, True, True, False]


def test_the_table_tells_what_the_files_hold(tmp_path: Path) -> None:
    """`live` has the references, each file one row a tone on the whole run's range."""
    _write(tmp_path, {"loss": 1.0}, {"loss": 0.0625}, {"loss": 0.25}, names=["loss"])

    live, tones = (read_table(tmp_path, file) for file in ("live", "loss.wav"))
    assert [row.kind for row in live] == ["tone", *["reference", "tone"] * 2]
    assert [row.start for row in tones] == pytest.approx([0, 0.15, 0.3], abs=1e-6)
    assert [row.frequency_hz for row in tones] == pytest.approx(
        [1760.0, 330.0, 762.1],
        abs=0.1,
    )


def test_only_the_epochs_that_are_meant_are_written(tmp_path: Path) -> None:
    """What the training appends meanwhile waits for the next round of files."""
    files = RunFiles(RunDirectory(str(tmp_path)), Hearing())
    history = History()
    for epoch in range(5):
        history.append(epoch, {"loss": 1.0})

    files.write(Snapshot(history, 2, [Metric.named("loss")]))

    assert len(_slots(tmp_path / "loss.wav")) == 2
    assert [
        row.epoch for row in read_table(tmp_path, "live") if row.kind == "tone"
    ] == [
        0,
        1,
    ]


def test_a_metric_that_never_can_be_read_harms_no_other(tmp_path: Path) -> None:
    """One that had no value in any epoch gets no file, the others get theirs."""
    files = _write(tmp_path, {"loss": 1.0}, names=["loss", "accuracy"])

    assert "accuracy.wav" not in files.names
    assert len(_slots(tmp_path / "loss.wav")) == 1
    assert [row.metric for row in read_table(tmp_path, "loss.wav")] == ["loss"]


def test_without_any_metric_nothing_is_written(tmp_path: Path) -> None:
    """Not even the directory is made before there is something to hear."""
    files = _write(tmp_path / "sound", {}, {})

    assert files.directory is None
    assert list(tmp_path.iterdir()) == []


def test_hostile_names_stay_inside_the_directory(tmp_path: Path) -> None:
    """Names that are paths, markup or line ends become files of the directory."""
    names = [
        "../../x",
        "<img onerror=alert(1)>",
        "a\nb",
        "LOSS",
        "loss",
        "score",
        "half\ud800",
    ]
    directory = tmp_path / "sound"

    files = _write(directory, dict.fromkeys(names, 1.0), names=names)

    assert list(tmp_path.iterdir()) == [directory]
    others = 3  # summary, table and page
    assert len({name.lower() for name in files.names}) == len(names) + others
    assert {path.name for path in directory.iterdir()} >= set(files.names)
    told = {from_cell(row.metric) for row in read_table(directory, "live")}
    assert told == set(names)


def test_a_late_metric_takes_its_turn_in_the_list(tmp_path: Path) -> None:
    """Files are listed in the order of a cue, however late a metric came."""
    files = RunFiles(RunDirectory(str(tmp_path)), Hearing())
    history = History()
    late = [Metric.named(name) for name in ("loss", "val_loss", "accuracy")]

    history.append(0, {"loss": 1.0, "accuracy": 0.5})
    files.write(Snapshot(history, 1, [late[0], late[2]]))
    history.append(1, {"loss": 1.0, "val_loss": 1.0})
    files.write(Snapshot(history, 2, late))

    assert [name for name in files.names if name != "training.wav"] == [
        "loss.wav",
        "val_loss.wav",
        "accuracy.wav",
        "score.csv",
        "index.html",
    ]


@pytest.mark.parametrize("inside", ["", "deeper", "{run}", "{run}/sound"])
def test_a_file_in_place_of_the_directory_is_an_error(
    tmp_path: Path,
    inside: str,
) -> None:
    """Numbered or not, a directory that cannot be made is an `OSError`, no loop."""
    (tmp_path / "sound").write_text("mine")

    with pytest.raises(OSError, match="sound"):
        RunDirectory(str(tmp_path / "sound" / inside)).make()

    assert (tmp_path / "sound").read_text() == "mine"


@pytest.mark.parametrize("template", ["{run}", "runs/{run}/sound", "run-{run}"])
def test_runs_are_numbered_from_the_first_that_is_free(
    tmp_path: Path,
    template: str,
) -> None:
    """Each run gets a directory of its own, also where a number in between is taken."""
    paths = [tmp_path / template.replace("{run}", str(run)) for run in (1, 2, 3)]
    paths[1].mkdir(parents=True)

    made = [RunDirectory(str(tmp_path / template)).make() for _ in range(2)]

    assert made == [paths[0], paths[2]]
    assert all(path.is_dir() for path in made)


def test_the_time_becomes_a_part_of_the_name(tmp_path: Path) -> None:
    """`{time}` is local time without characters that a file system minds."""
    made = RunDirectory(str(tmp_path / "{time}-{run}")).make()

    assert re.fullmatch(r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d-1", made.name)


def test_home_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tilde at the beginning is the user's home."""
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))

    assert RunDirectory("~/sound").make() == tmp_path / "sound"
