"""What is said of a run that is held against another one."""

import dataclasses
import math

import pytest
from other_runs import history_of, last_time

from keras_sonify.score.classic import CLASSIC
from keras_sonify.score.composer import Composer
from keras_sonify.score.cue import Cue
from keras_sonify.score.style import CLEAR, Style
from keras_sonify.training.against import OtherRun
from keras_sonify.training.axis import At
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Point, Reach, Window
from keras_sonify.training.record import Snapshot
from keras_sonify.words.closing import best_beside
from keras_sonify.words.description import describe_snapshot, sentences
from keras_sonify.words.short import short_sentence, tell_me
from keras_sonify.words.text import readings_sentence, spoken_sentence


def _cues(other: OtherRun, *rows: dict[str, float], style: Style = CLEAR) -> list[Cue]:
    composer = Composer(style, other=other)
    return [
        composer.cue(epoch, row, [Metric.named(name) for name in row])
        for epoch, row in enumerate(rows)
    ]


def test_the_first_sentence_says_what_the_reference_is() -> None:
    """Of both runs it is said how they stand; where, once a sentence."""
    other = last_time(loss=[1.0, 0.5], val_loss=[1.0, 1.0])
    first, second = _cues(
        other, {"loss": 0.96, "val_loss": 1.1}, {"loss": 0.52, "val_loss": 1.0}
    )

    assert spoken_sentence(first) == (
        "Held against last time, which has 2 epochs: the reference before each tone is "
        "its value at the same epoch. Epoch 1: loss 0.96, 4 percent better than last "
        "time at epoch 1; val_loss 1.1, 10 percent worse than last time"
    )
    assert spoken_sentence(second) == (
        "Epoch 2: loss 0.52, 4 percent worse than last time at epoch 2, best so far; "
        "val_loss 1, same as last time, best so far"
    )
    assert [short_sentence(cue.at, cue.readings) for cue in (first, second)] == [
        "Epoch 1: validation loss 10 percent worse than last time",
        "Epoch 2: validation loss same as last time",
    ]


@pytest.mark.parametrize(
    ("name", "value", "there", "told"),
    [
        ("accuracy", 0.6, 0.5, "20 percent better than last time at epoch 1"),
        ("loss", 0.999, 1.0, "less than 1 percent better than last time at epoch 1"),
        ("loss", 99.0, 1.0, "more than 1000 percent worse than last time at epoch 1"),
        ("loss", 0.5, 0.0, "worse than last time at epoch 1"),
        ("grad_norm", 2.0, 1.0, "100 percent higher than last time at epoch 1"),
        ("loss", 0.5, math.nan, "last time is NaN at epoch 1"),
    ],
)
def test_each_value_is_told_beside_the_other_one(
    name: str, value: float, there: float, told: str
) -> None:
    """By the direction of its metric, where that is known."""
    (cue,) = _cues(last_time(None, **{name: [there]}), {name: value})

    assert readings_sentence(cue) == f"{name} {value:g}, {told}"
    assert len(short_sentence(cue.at, cue.readings).split()) <= 12


def test_that_the_other_run_ended_is_said_once() -> None:
    """With the epoch from which its values are."""
    cues = _cues(last_time(loss=[1.0]), *({"loss": 0.5} for _ in range(3)))

    assert [spoken_sentence(cue).partition(": ")[0] for cue in cues[1:]] == [
        "Last time ended with epoch 1",
        "Epoch 3",
    ]
    assert spoken_sentence(cues[2]).endswith(
        ", 50 percent better than last time at epoch 1"
    )


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (last_time(loss=[1.0]), "Last time has no auc: there the"),
        (
            last_time(f1=[1.0]),
            "Last time has nothing of what is heard here, only f1: the",
        ),
        (
            last_time({"auc": "min"}, loss=[1.0], auc=[1.0]),
            "In last time auc improves the other way: here the",
        ),
    ],
)
def test_what_cannot_be_held_against_it_is_named(other: OtherRun, told: str) -> None:
    """In a sentence; its own best is said to be the reference, and is in the words."""
    first, second = _cues(
        other, *[{"loss": 0.5, "auc": 0.5}, {"loss": 0.5, "auc": 0.4}]
    )

    sentence = f"{told} reference before a tone is the best so far"
    assert sentence in spoken_sentence(first)
    assert "auc 0.4, 20 percent worse than best" in spoken_sentence(second)


def test_a_style_without_references_is_told() -> None:
    """Whoever hears the classic style hears nothing of the other run."""
    (cue,) = _cues(last_time(loss=[1.0]), {"loss": 0.5}, style=CLASSIC)

    start = (
        "Held against last time, which has 1 epoch: words tell its value at the same"
    )
    assert spoken_sentence(cue).startswith(start)
    assert "reference" not in spoken_sentence(cue)


def test_in_steps_what_noise_may_have_done_is_level() -> None:
    """A median that lies within the noise of its window is neither better nor worse."""
    history = History()
    for step in range(1, 101):
        history.append(step, {"loss": 1.0}, Window(0))
    reach = Reach(0.98, ((0, 0.98),), 0, spread=(0.8, 1.2), count=20)
    point = Point(0, 20, At(0, 1), At(0, 20), {"loss": reach}, steps=20)
    composer = Composer(CLEAR, other=OtherRun("baseline", history))
    cue = composer.cue(0, point.values, [Metric.named("loss")], window=point)

    assert spoken_sentence(cue) == (
        "Held against baseline, which has 100 steps: the reference before each tone is "
        "its value at the same step. Step 20, epoch 1: loss 0.98, level with baseline "
        "at step 20"
    )


def test_at_the_end_the_best_values_are_held_against_each_other() -> None:
    """Wherever they came; nothing is said of what the other one does not have."""
    other = last_time({"auc": "min"}, loss=[1.0, 0.5, 0.75], auc=[1.0, 1.0, 1.0])

    own = history_of(loss=[0.6, 0.45], auc=[0.5, 0.5], f1=[0.5, 0.5])

    (line,) = best_beside(Metric.named("loss"), own, other)
    assert line == "Beside last time: 10 percent better than its best, 0.5 at epoch 2"
    assert best_beside(Metric.named("auc"), own, other) == []
    assert best_beside(Metric.named("f1"), own, other) == []
    assert best_beside(Metric.named("loss"), own, None) == []


def test_whoever_asks_is_told_how_it_is_beside_the_other_run() -> None:
    """While it trains by the last epoch, at the end by the best ones."""
    other = last_time(loss=[1.0, 0.5, 0.4], val_loss=[1.0, 0.5, 0.6])
    own = history_of(loss=[1.0, 0.5, 0.3], val_loss=[0.9, 0.6, 0.45])
    metrics = [Metric.named("loss"), Metric.named("val_loss")]
    run = Snapshot(own, 3, metrics, against=other)

    assert tell_me(run).endswith(", 25 percent better than last time.")
    ended = tell_me(dataclasses.replace(run, ending="finished"))
    best = "eside last time: 10 percent better than its best, 0.5 at epoch 2."
    assert ended.endswith(f"; b{best}")
    told = sentences(describe_snapshot(run))
    assert told[2:4] == [
        "Held against last time: references are its values at the same epoch.",
        f"B{best}",
    ]
    assert "against" not in describe_snapshot(Snapshot(own, 3, metrics))
