"""Five figures that belong to no metric, each followed by a word."""

import itertools
import math
from dataclasses import dataclass

import pytest
from signals import FADE, RATE

from keras_sonify.score import earcons  # its `left_and_right` would be taken for a test
from keras_sonify.score.classic import CLASSIC
from keras_sonify.score.loudness import equal_loudness_db
from keras_sonify.score.note import Note
from keras_sonify.score.spoken import SECONDS
from keras_sonify.score.style import CLEAR, Style
from keras_sonify.sound.synth import render
from keras_sonify.training.events import EVENT_KINDS, EVENTS, FIGURES, EventKind, Figure

_STYLES = pytest.mark.parametrize("style", [CLEAR, CLASSIC], ids=["clear", "classic"])
_KINDS = pytest.mark.parametrize("kind", EVENT_KINDS)


@dataclass(frozen=True)
class _Shape:
    """A figure without its pitches, timbre and level.

    Attributes:
        contour: From each tone to the next: up 1, down -1, level 0.
        rhythm: Seconds from each onset to the next, then how long the last tone is.
    """

    contour: tuple[int, ...]
    rhythm: tuple[float, ...]


def _kind_of(figure: Figure) -> EventKind:
    return next(kind for kind in EVENT_KINDS if EVENTS[kind].figure == figure)


def _tones(kind: EventKind, style: Style = CLEAR) -> list[Note]:
    return list(earcons.earcon(kind, style, words=False))


def _shape(figure: Figure) -> _Shape:
    tones = _tones(_kind_of(figure))
    pairs = list(itertools.pairwise(tones))
    return _Shape(
        contour=tuple(
            (b.frequency_hz > a.frequency_hz) - (b.frequency_hz < a.frequency_hz)
            for a, b in pairs
        ),
        rhythm=(*(b.start - a.start for a, b in pairs), tones[-1].duration),
    )


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(FIGURES, 2)))
def test_any_two_figures_differ_in_contour_and_rhythm(
    one: Figure, other: Figure
) -> None:
    """In both: who hears no pitch, or has no feeling for time, is not left out."""
    a, b = _shape(one), _shape(other)

    assert a.contour != b.contour
    assert len(a.rhythm) != len(b.rhythm) or any(
        max(x, y) >= 1.5 * min(x, y) for x, y in zip(a.rhythm, b.rhythm, strict=True)
    )


def test_events_of_a_class_share_its_figure() -> None:
    """Five are learnt, not fifteen: whatever happened, a class sounds the same."""
    for figure in FIGURES:
        kinds = [kind for kind in EVENT_KINDS if EVENTS[kind].figure == figure]
        heard = {
            tuple((note.start, note.duration, note.frequency_hz) for note in _tones(k))
            for k in kinds
        }
        assert len(heard) == 1
    assert {row.figure for row in EVENTS.values()} == {*FIGURES}


def test_figures_mean_what_they_sound_like() -> None:
    """An alarm springs, trouble falls, what stands still repeats, good news rises."""
    assert _shape("alarm").contour == (-1, 1, -1, 1)
    assert set(_shape("trouble").contour) == {-1}
    assert set(_shape("stillness").contour) == {0}
    assert set(_shape("news").contour) == {1}
    assert set(_shape("end").contour) == {1}


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_is_short_and_in_order(figure: Figure) -> None:
    """At most 0.6 s, the notes by start, no tone before the last one is over."""
    tones = _tones(_kind_of(figure))

    assert tones[0].start == 0.0
    assert tones[-1].end <= 0.6 + 1e-9
    for before, after in itertools.pairwise(tones):
        assert before.end < after.start
        assert after.text == ""


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_is_none_of_a_metric(figure: Figure) -> None:
    """No tone is as long as a metric's, its reference or its NaN; all are tones."""
    for note in _tones(_kind_of(figure)):
        assert abs(note.duration - CLEAR.tone) >= 0.05 - 1e-9
        assert abs(note.duration - CLEAR.reference) >= 0.02 - 1e-9
        assert not math.isnan(note.frequency_hz)
        assert (note.metric, note.pan) == ("", 0.0)


@pytest.mark.parametrize("figure", FIGURES)
def test_a_small_loudspeaker_plays_all_of_it(figure: Figure) -> None:
    """Nothing lies below what a phone plays, nor above what old ears hear."""
    for note in _tones(_kind_of(figure)):
        assert 500.0 <= note.frequency_hz <= 1760.0


@_STYLES
@_KINDS
def test_the_word_follows_its_figure(kind: EventKind, style: Style) -> None:
    """After 150 ms of silence, from the centre, as the same event, and to its end."""
    *tones, word = earcons.earcon(kind, style)

    assert tones == _tones(kind, style)
    assert word.start - tones[-1].end == pytest.approx(0.15, abs=1e-9)
    assert (word.timbre, word.word) == ("voice", EVENTS[kind].word)
    assert (word.kind, word.pan, word.metric) == (kind, 0.0, "")
    assert word.duration == SECONDS[word.word]
    assert word.amplitude == style.amplitude
    assert math.isnan(word.frequency_hz)


def test_another_word_may_be_said() -> None:
    """Where more is known than the event's own word tells."""
    said = earcons.earcon("crashed", CLEAR, word=earcons.DIED)[-1]

    assert (said.word, said.kind) == ("the program died", "crashed")
    assert said.duration == SECONDS["the program died"]


def test_each_event_says_which_it_is() -> None:
    """No two that sound by default share a figure and a word."""
    heard = [row for row in EVENTS.values() if row.is_heard]

    assert len({(row.figure, row.word) for row in heard}) == len(heard)


def test_what_is_only_told_is_not_worth_a_sound() -> None:
    """Swings, the learning rate and other metrics' NaN."""
    assert {kind for kind in EVENT_KINDS if not EVENTS[kind].is_heard} == {
        *("oscillation", "learning_rate", "nan_metric")
    }


@_KINDS
def test_an_earcon_begins_where_it_is_put(kind: EventKind) -> None:
    """All of it is moved; its epoch goes with every note, its text with the first."""
    there = earcons.earcon(kind, CLEAR)

    moved = earcons.earcon(kind, CLEAR, start=2.0, epoch=7, text="why")

    assert [a.start - b.start for a, b in zip(moved, there, strict=True)] == (
        pytest.approx([2.0] * len(there))
    )
    assert {note.epoch for note in there} == {None}
    assert {note.epoch for note in moved} == {7}
    assert [note.text for note in moved if note.text] == ["why"]
    assert moved[0].text == "why"


@_STYLES
@_KINDS
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
