"""A search, live: each run's end is held against the best of those before it."""

from pathlib import Path

import pytest

from keras_sonify import Sonifier
from keras_sonify.score.note import Note
from keras_sonify.testing import RecordingOutput


def _end_of_run(directory: Path, values: list[float]) -> tuple[list[Note], str]:
    """Return what sounds at the end of a run, and what is told with it."""
    output = RecordingOutput()
    sonifier = Sonifier(directory=directory, player=output)
    for epoch, value in enumerate(values):
        sonifier.epoch(epoch, {"val_loss": value})
    sonifier.end()
    _, notes, sentence = output.events[-1]
    return [note for note in notes if note.metric or note.kind == "best"], sentence


def test_each_end_is_a_tone_against_the_best_so_far(tmp_path: Path) -> None:
    """The best value before it, then its own; news where it is better."""
    search = tmp_path / "{run}"
    assert _end_of_run(search, [5.0, 4.0])[0] == []  # there is nothing before it

    worse, told_worse = _end_of_run(search, [6.0, 5.0])
    better, told_better = _end_of_run(search, [6.0, 3.0, 3.5])

    assert [(note.kind, note.value) for note in worse] == [
        *(("reference", 4.0), ("tone", 5.0))
    ]
    assert worse[1].frequency_hz > worse[0].frequency_hz
    assert [note.kind for note in better] == ["reference", "tone", "best", "best"]
    assert [note.value for note in better[:2]] == [4.0, 3.0]
    assert told_worse.endswith("It is not the best of 2 runs: val_loss 5, run 1 had 4")
    assert told_better.endswith("It is the best of 3 runs: val_loss 3, run 1 had 4")


@pytest.mark.parametrize("template", ["alone", "run{time}"])
def test_a_run_of_no_search_ends_as_ever(template: str, tmp_path: Path) -> None:
    """Without `{run}` in its directory, nothing lies beside it."""
    for _ in range(2):
        notes, told = _end_of_run(tmp_path / template, [2.0, 1.0])

    assert notes == []
    assert told == "Training finished after epoch 2"


def test_a_damaged_neighbour_costs_nothing(tmp_path: Path) -> None:
    """Runs whose logs cannot be read are none that count."""
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "log.csv").write_bytes(b"\xff\x00epoch\n\x00,,,\n")
    (tmp_path / "2").mkdir()

    assert _end_of_run(tmp_path / "{run}", [2.0, 1.0])[0] == []
