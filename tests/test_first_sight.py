"""Better, worse, an alarm: what the scale is like, before anything trains."""

import itertools
import math

import pytest

from keras_sonify.score.classic import CLASSIC
from keras_sonify.score.earcons import earcon
from keras_sonify.score.first_sight import first_sight
from keras_sonify.score.note import Note
from keras_sonify.score.style import CLEAR, Style

_STYLES = pytest.mark.parametrize("style", [CLEAR, CLASSIC], ids=["clear", "classic"])


def _parts(style: Style) -> dict[str, list[Note]]:
    """The notes before each word."""
    parts: dict[str, list[Note]] = {}
    waiting: list[Note] = []
    for note in first_sight(style):
        if note.word:
            parts[note.word], waiting = waiting, []
        else:
            waiting.append(note)
    assert waiting == []
    return parts


@_STYLES
def test_without_words_all_else_stays(style: Style) -> None:
    """Each tone is where it was; nothing is said."""
    wordless = first_sight(style, words=False)

    assert wordless == tuple(note for note in first_sight(style) if not note.word)
    assert len(wordless) < len(first_sight(style))


@_STYLES
def test_it_says_better_worse_alarm(style: Style) -> None:
    """In this order: a loss whose second tone is lower, one higher, and an alarm."""
    parts = _parts(style)

    assert list(parts) == ["better", "worse", "alarm"]
    before, after = (note.frequency_hz for note in parts["better"])
    assert after < before
    before, after = (note.frequency_hz for note in parts["worse"])
    assert after > before
    alarm = earcon("nan_loss", style, words=False)
    assert [note.frequency_hz for note in parts["alarm"]] == [
        note.frequency_hz for note in alarm
    ]


def test_it_is_as_loud_as_a_training() -> None:
    """A tone is a tone, a reference a reference; all come from the centre."""
    reference, tone = _parts(CLEAR)["better"]

    assert tone.amplitude == CLEAR.amplitude_at(tone.frequency_hz, timbre=tone.timbre)
    assert reference.amplitude == CLEAR.amplitude_at(
        reference.frequency_hz, CLEAR.reference_gain_db, reference.timbre
    )
    assert (reference.duration, tone.duration) == (CLEAR.reference, CLEAR.tone)
    assert {note.pan for note in first_sight(CLEAR)} == {0.0}
    assert {note.kind for note in first_sight(CLEAR)} == {"test"}


@_STYLES
def test_nothing_in_it_overlaps(style: Style) -> None:
    """One sound after the other, each word 150 ms after what it says; six seconds."""
    notes = first_sight(style)

    assert notes[-1].end < 6.0
    for before, after in itertools.pairwise(notes):
        assert before.end < after.start + 1e-9
        if after.word:
            assert math.isclose(after.start - before.end, 0.15, abs_tol=1e-9)
