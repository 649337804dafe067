"""What stands in `training.wav` beside the tones: ticks, and marks of what happened."""

import math
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from table import Row, read_table

from keras_sonify import Sonifier
from keras_sonify.score.spoken import SECONDS
from keras_sonify.training.events import EVENTS, EventKind

_NAN = math.nan
_SHARED = 400  # epochs: nine or ten share a pair of slots
_FIRST, _SECOND = 200, 204  # in one of these


def _write(
    directory: Path,
    epochs: int,
    *names: str,
    loss: Callable[[int], float | None] = lambda epoch: 0.99**epoch,
    lowered: tuple[int, ...] = (),
    earcons: Sequence[EventKind] = ("learning_rate",),
) -> None:
    """Write the files of a run whose learning rate is lowered in some epochs."""
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


def test_the_most_important_is_said_after_the_end(tmp_path: Path) -> None:
    """No word lies over a tone: all are over when its mark comes, and then the word."""
    _write(
        *(tmp_path, 40, "accuracy"),
        loss=lambda epoch: _NAN if epoch == 30 else 0.99**epoch,
        lowered=(20,),
        earcons=["learning_rate", "nan_loss"],
    )

    *others, mark, word = read_table(tmp_path, "training.wav")
    assert max(row.start + row.duration for row in others) <= mark.start - 0.04
    assert (mark.kind, mark.epoch, mark.frequency_hz) == ("nan_loss", 30, 2637.0)
    assert (word.kind, word.epoch) == ("nan_loss", 30)
    assert word.duration == SECONDS["not a number"]
    assert word.start - (mark.start + mark.duration) == pytest.approx(0.15, abs=1e-5)
    with wave.open(str(tmp_path / "training.wav")) as sound:
        seconds = sound.getnframes() / sound.getframerate()
    assert seconds == pytest.approx(word.start + word.duration, abs=1e-4)


def test_with_its_longest_word_a_summary_is_short() -> None:
    """Eight seconds: seven of tones, and what is said after them."""
    words = [
        SECONDS[row.word] for row in EVENTS.values() if row.is_listed and not row.ending
    ]

    assert 7.0 + 0.05 + 0.06 + 0.15 + max(words) <= 8.0 + 1e-9


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
