"""What stands in `training.wav` beside the tones: ticks, and marks of what happened."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from table import Row, read_table

from keras_sonify import Sonifier
from keras_sonify.training.events import EventKind

_NAN = math.nan
_SHARED = 400  # epochs: nine or ten share a pair of slots
_FIRST, _SECOND = 200, 204  # in one of these


def _write(
    directory: Path,
    epochs: int,
    *names: str,
    loss: Callable[[int], float | None] = lambda epoch: 0.99**epoch,
    lowered: tuple[int, ...] = (),
) -> None:
    """Write the files of a run whose learning rate is lowered in some epochs."""
    earcons: list[EventKind] = ["learning_rate"]
    sonifier = Sonifier(["loss", *names], directory, player=None, earcons=earcons)
    for epoch in range(epochs):
        values = dict.fromkeys(names, 0.5 + 0.4 * epoch / epochs)
        if (value := loss(epoch)) is not None:
            values["loss"] = value
        rate = 0.1 ** sum(epoch >= place for place in lowered)
        sonifier.epoch(epoch, values, learning_rate=rate)
    sonifier.end()


def _rows(directory: Path, kind: str, file: str = "training.wav") -> list[Row]:
    return [row for row in read_table(directory, file) if row.kind == kind]


@pytest.mark.parametrize(
    ("epochs", "step"), [(9, 10), (40, 10), (150, 10), (209, 10), (210, 100)]
)
def test_ticks_count_epochs_by_tens(tmp_path: Path, epochs: int, step: int) -> None:
    """Every tenth epoch has one; where that would be more than 20, every hundredth."""
    _write(tmp_path, epochs)

    ticks = [row.epoch for row in _rows(tmp_path, "tick")]
    assert ticks == [*range(step - 1, epochs, step)]


def test_ticks_and_marks_begin_with_their_epoch(tmp_path: Path) -> None:
    """Ticks in each part of the summary, marks in the first one alone."""
    _write(tmp_path, 40, "accuracy", lowered=(20,))

    tones = _rows(tmp_path, "tone")
    starts = {(row.metric, row.epoch): row.start for row in tones}
    assert [row.start for row in _rows(tmp_path, "tick")] == [
        starts[name, epoch]
        for name in ("loss", "accuracy")
        for epoch in (9, 19, 29, 39)
    ]
    mark, *_ = _rows(tmp_path, "learning_rate")
    assert (mark.epoch, mark.start) == (20, starts["loss", 20])


def test_new_bests_are_not_marked(tmp_path: Path) -> None:
    """Live they are heard; in a summary every eleventh epoch would be marked."""
    sonifier = Sonifier(directory=tmp_path, player=None)
    for epoch in range(40):
        sonifier.epoch(epoch, {"val_loss": 0.9**epoch})
    sonifier.end()

    assert _rows(tmp_path, "best", "live")
    assert not _rows(tmp_path, "best")


def test_of_events_in_one_slot_the_first_is_marked(tmp_path: Path) -> None:
    """When something began matters more than that it happened again."""
    _write(tmp_path, _SHARED, lowered=(_FIRST, _SECOND))

    live = {row.epoch for row in _rows(tmp_path, "learning_rate", "live")}
    assert live == {_FIRST, _SECOND}
    marks = _rows(tmp_path, "learning_rate")
    assert {row.epoch for row in marks} == {_FIRST}
    assert len(marks) == 1 + 2  # and after the end once more, with its word


def test_the_first_of_several_that_went_wrong_sounds(tmp_path: Path) -> None:
    """In the place of the second tone of its pair; the first is the group's worst."""
    _write(
        tmp_path,
        _SHARED,
        loss=lambda epoch: _NAN if epoch in (_FIRST, _SECOND) else 0.99**epoch,
    )

    (wrong,) = _rows(tmp_path, "nan")
    before = [row for row in _rows(tmp_path, "tone") if row.start < wrong.start][-1]
    assert wrong.epoch == _FIRST
    assert before.epoch == 196  # its group's first, where a falling loss is highest


@pytest.mark.parametrize(("value", "kinds"), [(_NAN, {"nan"}), (None, set[str]())])
def test_a_group_without_a_number_is_noise_or_silence(
    tmp_path: Path, value: float | None, kinds: set[str]
) -> None:
    """Lost values are noise, and absent ones nothing at all."""
    gap = range(150, 250)
    _write(tmp_path, _SHARED, loss=lambda epoch: value if epoch in gap else 0.99**epoch)

    rows = [*_rows(tmp_path, "nan"), *_rows(tmp_path, "tone")]
    assert {row.kind for row in rows if 160 <= row.epoch < 240} == kinds
