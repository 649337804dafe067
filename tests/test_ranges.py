"""Against which range a cue and a track are heard, and what stays out of it."""

import math

import pytest
from cues import play, play_one

from keras_sonify.score.classic import CLASSIC
from keras_sonify.score.composer import Composer
from keras_sonify.score.heard import replay
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.note import Note
from keras_sonify.score.pitch import interval_cents
from keras_sonify.score.ranges import Ranges
from keras_sonify.score.scaling import Span
from keras_sonify.score.style import CLEAR, Style
from keras_sonify.score.tones import metric_notes
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.record import Snapshot

_LOSS = Metric.named("loss")


@pytest.mark.parametrize("strange", [math.nan, math.inf, -math.inf], ids=repr)
@pytest.mark.parametrize("name", ["loss", "accuracy"])
def test_what_is_not_finite_is_noise_and_leaves_no_trace(
    name: str,
    strange: float,
) -> None:
    """Later epochs sound as if the strange one had not been."""
    cues = play_one(name, 0.5, strange, 0.4, 0.6)
    plain = play_one(name, 0.5, 0.4, 0.6)

    noise = cues[1].notes[-1]
    assert (noise.kind, noise.timbre, noise.duration) == ("nan", "noise", 0.15)
    assert math.isnan(noise.frequency_hz)
    assert not cues[1].readings[0].is_best
    for kept, expected in zip(cues[2:], plain[1:], strict=True):
        assert [(n.frequency_hz, n.value, n.start) for n in kept.notes] == [
            (n.frequency_hz, n.value, n.start) for n in expected.notes
        ]


def test_a_run_may_begin_with_noise() -> None:
    """Without any range yet, NaN is noise, and the first number has no reference."""
    cues = play_one("loss", math.nan, 1.0)

    assert [[note.kind for note in cue.notes] for cue in cues] == [["nan"], ["tone"]]
    assert cues[1].notes[0].frequency_hz == 1760.0
    assert Ranges(CLEAR).span(_LOSS) is None


def test_a_family_shares_its_range() -> None:
    """Equal values of both sides have one pitch, and the gap is an interval."""
    epochs = [{"loss": 1.0, "val_loss": 1.0}, {"loss": 1.0, "val_loss": 4.0}]

    level, parted = ([n for n in c.notes if n.kind == "tone"] for c in play(*epochs))

    assert level[0].frequency_hz == level[1].frequency_hz
    gap = interval_cents(parted[0].frequency_hz, parted[1].frequency_hz)
    assert gap == pytest.approx(interval_cents(330.0, 1760.0) / 2, abs=1.0)


def test_families_do_not_share_theirs() -> None:
    """An accuracy is not measured against a loss."""
    alone = play({"accuracy": 0.5}, {"accuracy": 0.6})
    beside = play({"loss": 90.0, "accuracy": 0.5}, {"loss": 9.0, "accuracy": 0.6})

    assert alone[1].notes[-1].frequency_hz == beside[1].notes[-1].frequency_hz


def test_classic_gives_each_metric_its_own_range() -> None:
    """Both sides reach the top though one is a hundred times the other."""
    cues = play(
        {"loss": 0.0, "val_loss": 0.0},
        {"loss": 1.0, "val_loss": 100.0},
        {"loss": 0.25, "val_loss": 25.0},
        style=CLASSIC,
    )

    pitches = [[note.frequency_hz for note in cue.notes] for cue in cues]
    assert pitches == [[2000.0, 2000.0], [3000.0, 3000.0], [1500.0, 1500.0]]


def test_a_metric_without_a_value_is_silent() -> None:
    """An epoch without validation has a cue of the training metrics alone."""
    cues = play({"loss": 1.0, "val_loss": 1.0}, {"loss": 0.9}, {})

    assert {note.metric for note in cues[1].notes} == {"loss"}
    assert cues[2].notes == ()


def _track(*values: float | None, style: Style = CLEAR) -> list[Note]:
    history = History()
    for epoch, value in enumerate(values):
        history.append(epoch, {} if value is None else {"loss": value})
    points = history.points(len(history))
    return list(metric_notes(_LOSS, points, Span(0.0, 1.0), style))


@pytest.mark.parametrize("style", [CLEAR, CLASSIC], ids=["clear", "classic"])
def test_slots_of_a_track_stay_aligned(style: Style) -> None:
    """An absent epoch leaves its slot empty: note k starts k slots of frames in."""
    notes = _track(0.0, None, math.nan, None, 1.0, style=style)

    slot = 3308 if style is CLASSIC else 6615
    assert [note.epoch for note in notes] == [0, 2, 4]
    assert [note.kind for note in notes] == ["tone", "nan", "tone"]
    for note in notes:
        assert note.start * style.sample_rate == pytest.approx(
            slot * (note.epoch or 0),
            abs=1e-6,
        )
        assert note.duration * style.sample_rate == pytest.approx(slot, abs=1e-6)


def test_a_track_has_no_references() -> None:
    """A file holds one tone an epoch, on the range of the whole run."""
    notes = _track(0.0, 0.5, 1.0)

    assert [note.kind for note in notes] == ["tone"] * 3
    assert [note.frequency_hz for note in notes] == pytest.approx(
        [330.0, (330.0 * 1760.0) ** 0.5, 1760.0],
        abs=1e-9,
    )


def test_curves_are_drawn_on_the_range_that_is_heard() -> None:
    """Also where a family's first value, which sets the scale, is a validation's."""
    history, composer = History(), Composer(CLEAR)
    metrics = [Metric.named("loss"), Metric.named("val_loss")]
    for epoch, (loss, val_loss) in enumerate([(math.nan, 0.4), (0.7, 0.8), (0.5, 0.6)]):
        values = {"loss": loss, "val_loss": val_loss}
        history.append(epoch, values)
        composer.cue(epoch, values, metrics)

    spans = replay(Snapshot(history, len(history), metrics), Hearing()).spans

    assert spans == {metric.name: composer.span(metric) for metric in metrics}
    assert spans["loss"] is not None
    assert spans["loss"].unit == pytest.approx(0.0004)
