"""How a run sounds that is held against another one."""

import math
from collections.abc import Mapping, Sequence

import pytest
from other_runs import history_of, last_time

from keras_sonify.score.classic import CLASSIC
from keras_sonify.score.composer import Composer
from keras_sonify.score.cue import Cue
from keras_sonify.score.heard import Heard, replay
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.note import Note
from keras_sonify.score.pitch import frequency_hz, interval_cents
from keras_sonify.score.style import CLEAR, Style
from keras_sonify.training.against import OtherRun
from keras_sonify.training.metrics import Metric
from keras_sonify.training.record import Snapshot

Columns = Mapping[str, Sequence[float | None]]
_BOTH = [Metric.named("loss"), Metric.named("accuracy")]


def _heard(other: OtherRun, columns: Columns, style: Style = CLEAR) -> Heard:
    history = history_of(**columns)
    metrics = [Metric.named(name) for name in columns]
    snapshot = Snapshot(history, len(history), metrics, against=other)
    return replay(snapshot, Hearing(style=style))


def _cues(other: OtherRun, **columns: Sequence[float | None]) -> list[Cue]:
    return [cue for _, cue in _heard(other, columns).cues()]


def _references(cue: Cue) -> list[Note]:
    return [note for note in cue.notes if note.kind == "reference"]


def test_the_reference_is_the_other_run_at_the_same_place() -> None:
    """Already in the first epoch, and whatever was best so far; the table says so."""
    cues = _cues(last_time(loss=[4.0, 1.0, 2.0]), loss=[2.0, 3.0, 1.0])

    told = [(note.value, note.text) for cue in cues for note in _references(cue)]
    assert told == [(4.0, "last time"), (1.0, "last time"), (2.0, "last time")]
    assert [cue.readings[0].best for cue in cues] == [None, 2.0, 2.0]


@pytest.mark.parametrize(
    ("name", "value", "other", "sign"),
    [
        ("loss", 0.9, 1.0, -1),
        ("loss", 1.0, 1e-6, 1),
        ("loss", 1.0, 1.0, 0),
        ("loss", -3.0, 1e30, -1),
        ("accuracy", 0.6, 0.5, 1),
        ("accuracy", 0.5, 0.9, -1),
    ],
)
def test_the_interval_tells_which_of_the_two_is_higher(
    name: str, value: float, other: float, sign: int
) -> None:
    """Both lie within the pitches of the style, however far the other one is."""
    reference, tone = _cues(last_time(**{name: [other]}), **{name: [value]})[0].notes

    pitches_hz = (reference.frequency_hz, tone.frequency_hz)
    assert all(330.0 - 1e-9 <= hz <= 1760.0 + 1e-9 for hz in pitches_hz)
    cents = interval_cents(*pitches_hz)
    assert abs(cents) >= 35.0 if sign else cents == 0.0
    assert not sign or math.copysign(1, cents) == sign


def test_the_range_holds_what_both_have_had_so_far() -> None:
    """Not what the other one will have: that may blow up later, or come from there."""
    other = last_time(loss=[4.0, 8.0, 1e9])
    values = [2.0, 2.5]
    composer = Composer(CLEAR, other=other)
    loss = Metric.named("loss")
    for epoch, value in enumerate(values):
        cue = composer.cue(epoch, {"loss": value}, [loss])
        span = composer.span(loss)
        assert span is not None
        assert span.position(max(value, [4.0, 8.0][epoch])) == pytest.approx(1.0)
        for note in cue.notes:
            expected = frequency_hz(note.value, span, low_hz=330.0, high_hz=1760.0)
            assert note.frequency_hz == pytest.approx(expected)


def test_live_and_afterwards_it_sounds_the_same() -> None:
    """Cue by cue and on the same range at the end, with values that come late."""
    columns: Columns = {
        "loss": [2.0, 1.0, math.nan, 0.5],
        "accuracy": [None, 0.5, 0.6, None],
    }
    other = last_time(loss=[1.0, 1.5, 0.1], accuracy=[0.9, None, 0.2])
    heard = _heard(other, columns)
    composer = Composer(CLEAR, other=other)
    rows = heard.run.history.rows(4)
    live = [composer.cue(epoch, values, _BOTH) for epoch, values in rows]

    heard_notes = [cue.notes for _, cue in heard.cues()]
    assert repr([cue.notes for cue in live]) == repr(heard_notes)  # NaN equals nothing
    assert heard.spans == {metric.name: composer.span(metric) for metric in _BOTH}


def test_what_the_other_run_lacks_keeps_its_own_best() -> None:
    """A metric that it does not have, or that improves the other way there."""
    other = last_time({"score": "max"}, loss=[1.0, 1.0], score=[9.0, 9.0])
    history = history_of(loss=[2.0, 3.0], auc=[0.5, 0.4], score=[5.0, 6.0])
    score = Metric.named("score", {"score": "min"})
    metrics = [Metric.named("loss"), Metric.named("auc"), score]
    snapshot = Snapshot(history, 2, metrics, against=other)
    _, (_, cue) = replay(snapshot, Hearing()).cues()

    told = [(note.metric, note.value, note.text) for note in _references(cue)]
    assert told == [
        ("loss", 1.0, "last time"),
        ("auc", 0.5, "best so far"),
        ("score", 5.0, "best so far"),
    ]


def test_where_the_other_run_was_no_number_no_reference_sounds() -> None:
    """Nothing is higher or lower than that; its range stays as it is."""
    cues = _cues(last_time(loss=[1.0, math.nan, math.inf]), loss=[1.0, 0.5, 0.4])

    assert [len(_references(cue)) for cue in cues] == [1, 0, 0]
    assert [note.kind for note in cues[1].notes] == ["tone"]


def test_that_the_other_run_ended_is_known_once() -> None:
    """From then on its last value is the reference."""
    cues = _cues(last_time(loss=[4.0, 2.0]), loss=[4.0, 3.0, 2.0, 1.0])

    assert [cue.held is not None and cue.held.is_over for cue in cues] == [
        False,
        False,
        True,
        False,
    ]
    assert [note.value for note in _references(cues[3])] == [2.0]


def test_a_style_without_references_has_none_here_either() -> None:
    """Classic sounds as it does, and it is known that nothing of the other is heard."""
    (_, cue), *_ = _heard(last_time(loss=[4.0]), {"loss": [2.0]}, CLASSIC).cues()

    assert [note.kind for note in cue.notes] == ["tone"]
    assert cue.held is not None
    assert not cue.held.is_heard


def test_windows_of_epochs_are_held_against_the_same_epochs() -> None:
    """In a long run a point's reference is the median of what the other had in it."""
    own, other = [1.0] * 1500, [float(k) for k in range(1500)]
    heard = _heard(last_time(loss=other), {"loss": own})
    (point, cue), *_ = heard.cues()

    assert point.count == 2
    assert [note.value for note in _references(cue)] == [0.5]


def test_without_another_run_the_table_says_nothing_of_it() -> None:
    """Its column stays empty, as it was."""
    composer = Composer(CLEAR)
    loss = Metric.named("loss")
    composer.cue(0, {"loss": 1.0}, [loss])
    cue = composer.cue(1, {"loss": 0.5}, [loss])

    assert [note.text for note in _references(cue)] == [""]
    assert cue.held is None
