"""Figures that belong to no metric."""

import itertools
import math

import pytest

from keras_sonify import earcons  # its `test_tones` would be taken for a test
from keras_sonify.loudness import equal_loudness_db
from keras_sonify.pitch import interval_cents
from keras_sonify.style import CLASSIC, CLEAR, Style


@pytest.mark.parametrize("style", [CLEAR, CLASSIC], ids=["clear", "classic"])
def test_the_end_is_four_tones_that_rise(style: Style) -> None:
    """C5, E5, G5, C6 within 5 cents, one after the other, in 0.6 s."""
    notes = earcons.finished(style)

    steps = [
        interval_cents(low.frequency_hz, high.frequency_hz)
        for low, high in itertools.pairwise(notes)
    ]
    assert notes[0].frequency_hz == pytest.approx(523.25, abs=0.01)
    assert steps == pytest.approx([400.0, 300.0, 500.0], abs=5.0)
    assert all(a.end <= b.start for a, b in itertools.pairwise(notes))
    assert notes[-1].end == pytest.approx(0.6, abs=1e-9)


def test_an_earcon_belongs_to_no_metric() -> None:
    """It comes from the centre, with neither epoch nor value."""
    for note in earcons.finished(CLEAR):
        assert (note.kind, note.pan, note.epoch) == ("finished", 0.0, None)
        assert note.metric == ""
        assert math.isnan(note.value)


@pytest.mark.parametrize("equal", [True, False])
def test_earcons_are_as_loud_as_tones(equal: bool) -> None:
    """Their level is the style's, with equal loudness where the style has it."""
    style = Style(amplitude=0.1, equal_loudness=equal)

    for note in [*earcons.finished(style), *earcons.test_tones(style)]:
        gain_db = equal_loudness_db(note.frequency_hz) if equal else 0.0
        assert note.gain_db == pytest.approx(-20.0 + gain_db, abs=1e-9)


def test_a_device_is_tested_on_the_left_then_on_the_right() -> None:
    """Two tones of different pitch, each on one side alone, with a pause between."""
    left, right = earcons.test_tones(CLEAR)

    assert (left.pan, right.pan) == (-1.0, 1.0)
    assert (left.frequency_hz, right.frequency_hz) == (440.0, 660.0)
    assert left.end < right.start
