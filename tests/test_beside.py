"""Runs over one another, place by place: which values, which range, which side."""

from collections.abc import Sequence

import pytest

from keras_sonify import compare
from keras_sonify.score.beside import hear_beside
from keras_sonify.score.heard import Heard
from keras_sonify.score.style import CLEAR
from keras_sonify.training.axis import EPOCHS, STEPS

_SLOW, _FAST = [4.0, 3.5, 3.0, 2.5, 2.0], [5.0, 4.0, 1.0, 0.9]


def _beside(*runs: object) -> Heard:
    heard = hear_beside(compare(*runs), CLEAR)
    assert heard is not None
    return heard


def _steps(losses: Sequence[float], every: int) -> list[dict[str, float]]:
    return [{"step": every * k, "loss": v} for k, v in enumerate(losses, start=1)]


def test_each_run_has_its_values_where_it_has_been() -> None:
    """From its beginning to its end, and none beyond."""
    heard = _beside({"loss": _SLOW}, {"loss": _FAST})

    rows = [values for _, values in heard.run.history.rows(heard.run.count)]
    assert heard.run.axis is EPOCHS
    assert [row.get("run 1") for row in rows] == _SLOW
    assert [row.get("run 2") for row in rows] == [*_FAST, None]


def test_the_two_best_sound_left_and_right_on_one_range() -> None:
    """The first one's tone, then the second one's; the same pitch is the same value."""
    heard = _beside({"loss": [9.0, 8.0]}, {"loss": _SLOW}, {"loss": _FAST})

    (_, cue), *_ = heard.cues()
    tones = [(note.metric, note.kind, note.pan) for note in cue.notes]
    assert tones == [
        ("run 2", "tone", -CLEAR.pan),
        ("run 3", "tone", CLEAR.pan),
        ("run 1", "tone", -CLEAR.pan),
    ]
    assert len({*heard.spans.values(), *heard.own_spans.values()}) == 1
    assert [metric.name for metric in heard.parts[0]] == ["run 2", "run 3"]


def test_a_change_of_the_lead_happens_where_it_is_told() -> None:
    """It sounds with the cue, and is listed."""
    heard = _beside({"loss": _SLOW}, {"loss": _FAST})

    listed = [(row, event.text) for row, event in heard.run.notable]
    assert listed == [(2, "run 2 takes the lead")]


def test_runs_in_steps_are_laid_over_one_another_by_steps() -> None:
    """However they are logged: at a hundred places at most."""
    losses = [4.0 * 0.99**k for k in range(400)]
    heard = _beside(_steps(losses, 5), _steps([0.9 * v for v in losses[::2]], 10))

    assert heard.run.axis is STEPS
    assert len(heard.points) == 100
    both = [point for point in heard.points if len(point.values) > 1]
    assert len(both) > 90
    for point in both:
        ratio = point.values["run 2"] / point.values["run 1"]
        assert ratio == pytest.approx(0.9, rel=0.1)


def test_steps_are_told_with_their_epochs() -> None:
    """Those of the longest run."""
    rows = [
        {"epoch": step // 100, "step": step, "loss": 4.0 - step / 100}
        for step in range(5, 400, 5)
    ]

    heard = _beside(rows, rows[:40])

    assert [point.epoch for point in heard.points][::33] == [0, 1, 2, 3]


def test_one_run_alone_is_laid_over_nothing() -> None:
    """Where no other has a value, there is nothing to see or hear beside it."""
    assert (
        hear_beside(compare({"loss": [1.0]}, {"loss": [float("nan")]}), CLEAR) is None
    )
