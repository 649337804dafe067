"""Figures that belong to no metric: each kind of event has one of its own."""

import itertools
import math
from collections import defaultdict
from dataclasses import dataclass

import pytest
from signals import FADE, RATE

from keras_sonify.score import earcons  # its `left_and_right` would be taken for a test
from keras_sonify.score.classic import CLASSIC
from keras_sonify.score.loudness import equal_loudness_db
from keras_sonify.score.note import Note
from keras_sonify.score.pitch import interval_cents
from keras_sonify.score.style import CLEAR, Style
from keras_sonify.sound.synth import render
from keras_sonify.training.events import EVENT_KINDS, EventKind

_GOOD: list[EventKind] = ["best", "finished"]
_BAD: list[EventKind] = ["overfitting", "divergence", "crashed", "interrupted"]
_STILL: list[EventKind] = ["plateau", "stuck", "stalled"]
_ALARMS: list[EventKind] = ["nan_loss", "divergence", "crashed"]
_SOFT: list[EventKind] = ["best", "nan_metric"]


@dataclass(frozen=True)
class _Figure:
    """An earcon without its timbre and level.

    Attributes:
        contour: From each tone to the next: up 1, down -1, level or no pitch 0.
        between: Seconds from each onset to the next.
        last: Seconds that the last tone lasts.
        top_hz: Its highest pitch; 0 for noise.
    """

    contour: tuple[int, ...]
    between: tuple[float, ...]
    last: float
    top_hz: float


def _voices(kind: EventKind, style: Style = CLEAR) -> list[list[Note]]:
    """The notes of an earcon, those that sound at once together."""
    by_start: dict[float, list[Note]] = defaultdict(list)
    for note in earcons.earcon(kind, style):
        by_start[note.start].append(note)
    return list(by_start.values())


def _figure(kind: EventKind) -> _Figure:
    lowest = [voices[0] for voices in _voices(kind)]
    pairs = list(itertools.pairwise(lowest))
    return _Figure(
        contour=tuple(
            (b.frequency_hz > a.frequency_hz) - (b.frequency_hz < a.frequency_hz)
            for a, b in pairs
        ),
        between=tuple(b.start - a.start for a, b in pairs),
        last=lowest[-1].duration,
        top_hz=max(0.0, *(note.frequency_hz for note in lowest)),
    )


def _rhythms_differ(one: _Figure, other: _Figure) -> bool:
    """Whether a pause between onsets is half as long again in one of them."""
    return any(
        max(a, b) >= 1.5 * min(a, b)
        for a, b in zip(one.between, other.between, strict=True)
    )


@pytest.mark.parametrize(
    ("one", "other"),
    list(itertools.combinations(EVENT_KINDS, 2)),
)
def test_any_two_differ_in_rhythm_or_contour(one: EventKind, other: EventKind) -> None:
    """In the number of tones, a step between them or their pace, not only timbre.

    A single sound has neither: there may be two such, noise and a tone above all tones.
    """
    a, b = _figure(one), _figure(other)

    if a.contour == b.contour == ():
        low_hz, high_hz = sorted((a.top_hz, b.top_hz))
        assert low_hz == 0.0
        assert high_hz > CLEAR.high_hz
    else:
        assert a.contour != b.contour or _rhythms_differ(a, b)


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_an_earcon_is_short_and_in_order(kind: EventKind) -> None:
    """At most 0.6 s, the notes by start, no tone before the last one is over."""
    voices = _voices(kind)

    assert voices[0][0].start == 0.0
    assert max(note.end for notes in voices for note in notes) <= 0.6 + 1e-9
    for before, after in itertools.pairwise(voices):
        assert before[0].end < after[0].start


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_no_tone_is_as_long_as_a_metric_s(kind: EventKind) -> None:
    """Neither as its tone (150 ms) nor as its reference (80 ms), nor as its noise."""
    for note in earcons.earcon(kind, CLEAR):
        assert abs(note.duration - CLEAR.tone) >= 0.05 - 1e-9
        assert abs(note.duration - CLEAR.reference) >= 0.02 - 1e-9


def test_good_rises_bad_falls_and_what_stands_still_repeats() -> None:
    """What an event means needs no manual."""
    for kind in _GOOD:
        assert set(_figure(kind).contour) == {1}
    for kind in _BAD:
        assert set(_figure(kind).contour) == {-1}
    for kind in _STILL:
        assert set(_figure(kind).contour) == {0}
    assert _figure("oscillation").contour == (-1, 1, -1, 1)


def test_an_alarm_is_rough_or_noise() -> None:
    """It beats 30 to 80 times a second or is noise; no other event is either."""
    for kind in EVENT_KINDS:
        for voices in _voices(kind):
            pitches = [note.frequency_hz for note in voices]
            is_noise = voices[0].timbre == "noise"
            is_rough = len(pitches) == 2 and 30.0 < pitches[1] - pitches[0] < 80.0
            assert (is_noise or is_rough) == (kind in [*_ALARMS, "nan_metric"])
            assert is_noise == math.isnan(pitches[0])


@pytest.mark.parametrize("style", [CLEAR, CLASSIC], ids=["clear", "classic"])
def test_the_end_is_four_tones_that_rise(style: Style) -> None:
    """C5, E5, G5, C6 within 5 cents, one after the other, in 0.6 s."""
    notes = earcons.earcon("finished", style)

    steps = [
        interval_cents(low.frequency_hz, high.frequency_hz)
        for low, high in itertools.pairwise(notes)
    ]
    assert notes[0].frequency_hz == pytest.approx(523.25, abs=0.1)
    assert steps == pytest.approx([400.0, 300.0, 500.0], abs=5.0)
    assert notes[-1].end == pytest.approx(0.6, abs=1e-9)


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_an_earcon_belongs_to_no_metric(kind: EventKind) -> None:
    """It comes from the centre, with neither metric nor value."""
    for note in earcons.earcon(kind, CLEAR):
        assert (note.kind, note.pan, note.epoch) == (kind, 0.0, None)
        assert (note.metric, note.text) == ("", "")
        assert math.isnan(note.value)


def test_an_earcon_begins_where_it_is_put() -> None:
    """All of it is moved; its epoch goes with every note, its text with the first."""
    there = earcons.earcon("crashed", CLEAR)

    moved = earcons.earcon("crashed", CLEAR, start=2.0, epoch=7, text="why")

    assert [a.start - b.start for a, b in zip(moved, there, strict=True)] == (
        pytest.approx([2.0] * len(there))
    )
    assert {note.epoch for note in moved} == {7}
    assert [note.text for note in moved if note.text] == ["why"]
    assert moved[0].text == "why"


@pytest.mark.parametrize("equal", [True, False])
@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_earcons_are_as_loud_as_tones(kind: EventKind, *, equal: bool) -> None:
    """The power of all that sounds at once is a tone's of the style, or 6 dB less."""
    style = Style(amplitude=0.1, equal_loudness=equal)
    expected_db = -26.0 if kind in _SOFT else -20.0

    for voices in _voices(kind, style):
        levels_db = [
            note.gain_db - style.noise_gain_db  # at which it is as loud as a tone
            if note.timbre == "noise"
            else note.gain_db - equal * equal_loudness_db(note.frequency_hz)
            for note in voices
        ]
        power = sum(10 ** (level_db / 10) for level_db in levels_db)
        assert 10 * math.log10(power) == pytest.approx(expected_db, abs=0.02)


@pytest.mark.parametrize("style", [CLEAR, CLASSIC], ids=["clear", "classic"])
@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_an_earcon_does_not_clip(kind: EventKind, style: Style) -> None:
    """In any style, its samples stay 1 dB below full scale."""
    notes = earcons.earcon(kind, style)

    frames = render(notes, sample_rate=RATE, channels=2, fade=FADE)

    assert 0.0 < abs(frames).max() < 10 ** (-1 / 20)


def test_a_device_is_tested_on_the_left_then_on_the_right() -> None:
    """Two tones of different pitch, each on one side alone, with a pause between."""
    left, right = earcons.left_and_right(CLEAR)

    assert (left.pan, right.pan) == (-1.0, 1.0)
    assert (left.frequency_hz, right.frequency_hz) == (440.0, 660.0)
    assert left.end < right.start
    for note in (left, right):
        at_1_khz_db = note.gain_db - equal_loudness_db(note.frequency_hz)
        assert at_1_khz_db == pytest.approx(20 * math.log10(CLEAR.amplitude), abs=1e-9)
