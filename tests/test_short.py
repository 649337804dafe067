"""A point in a few words, and how a run stands in one sentence."""

from math import inf, nan
from typing import Any

import pytest
from cues import play
from hypothesis import given
from hypothesis import strategies as st
from page_run import snapshot_of

from keras_sonify.training.axis import Plan
from keras_sonify.training.events import EVENT_KINDS, Event, EventKind
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Window
from keras_sonify.training.record import Snapshot
from keras_sonify.words.short import short_sentence, tell_me
from keras_sonify.words.text import in_three_digits

_OVERFITTING = "validation loss best 1 at epoch 1, 82 percent worse now: overfitting"


def _last(*epochs: dict[str, float], happened: tuple[Event, ...] = ()) -> str:
    cue = play(*epochs)[-1]
    return short_sentence(cue.at, cue.readings, happened)


@pytest.mark.parametrize(
    ("epochs", "said"),
    [
        ([{"loss": 0.68571}], "Epoch 1: training loss 0.686"),
        ([{"loss": 1.0, "val_loss": 1.0}, {"loss": 0.5}], "new best training loss 0.5"),
        (
            [{"val_loss": 1.0}, {"val_loss": 1.82}],
            "loss 82 percent worse than best",
        ),
        ([{"val_loss": 1.0}, {"val_loss": 1.001}], "hardly worse than best"),
        ([{"val_loss": 1.0}, {"val_loss": 99.0}], "far worse than best"),
        ([{"loss": 1.0}, {"loss": 1.0}], "Epoch 2: training loss level with best"),
        ([{"loss": nan}], "Epoch 1: training loss is NaN"),
        ([{"val_acc": 0.5, "loss": inf}], "Epoch 1: training loss is infinite"),
        ([{"val_top_5_accuracy": 0.5}], "validation top 5 accuracy 0.5"),
        ([{}], "Epoch 1: nothing to hear"),
    ],
)
def test_what_a_run_is_judged_by_is_said(
    epochs: list[dict[str, float]], said: str
) -> None:
    """One metric, in three digits, held against its best."""
    assert said in _last(*epochs)


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("nan_loss", "loss is NaN", "Epoch 2: loss is NaN"),
        (
            "overfitting",
            _OVERFITTING,
            "Epoch 2: overfitting; validation loss 82 percent worse",
        ),
        ("best", "val_loss 1.82 is the best so far", "Epoch 2: validation loss 82"),
    ],
)
def test_what_happened_is_said_first(kind: EventKind, text: str, said: str) -> None:
    """In its own words if those are few, else by its word; a best by its value."""
    event = Event(kind=kind, epoch=1, text=text)

    told = _last({"val_loss": 1.0}, {"val_loss": 1.82}, happened=(event,))

    assert told.startswith(said)


@given(
    st.text(min_size=1),
    st.floats(),
    st.floats(),
    st.sampled_from(EVENT_KINDS),
    st.integers(0, 10**9),
)
def test_a_short_sentence_is_short(
    name: str, first: float, then: float, kind: EventKind, words: int
) -> None:
    """Twelve words at most, whatever came and whatever it is called."""
    event = Event(kind=kind, epoch=1, text=" ".join(["word"] * (words % 30)))
    for happened in ((), (event,)):
        for epochs in ([{name: first}], [{name: first}, {name: then}]):
            assert len(_last(*epochs, happened=happened).split()) <= 12


def _told(ending: EventKind | None, kind: EventKind | None, **columns: Any) -> str:  # noqa: ANN401
    run = snapshot_of(columns)
    event = Event(kind=kind, epoch=2, text="said") if kind else None
    happened = ((2, event),) if event else ()
    return tell_me(
        Snapshot(
            run.history, run.count, run.metrics, (), happened, ending, Plan(epochs=50)
        )
    )


@pytest.mark.parametrize(
    ("columns", "kind", "said"),
    [
        ({"loss": [0.5]}, None, "Epoch 1 of 50: training loss 0.5."),
        (
            {"loss": [1.0, 0.9, 0.8], "val_loss": [1.0, 0.5, 0.91]},
            "overfitting",
            (
                "Epoch 3 of 50: it overfits; validation loss 0.91, "
                "82 percent worse than best at epoch 2."
            ),
        ),
        (
            {"loss": [1.0, 0.5, 0.25]},
            None,
            "Epoch 3 of 50: it still improves; training loss 0.25, its best so far.",
        ),
        (
            {"loss": [1.0, 0.5, nan]},
            "nan_loss",
            (
                "Epoch 3 of 50: the training loss has been NaN since "
                "epoch 3: best at epoch 2, 0.5."
            ),
        ),
        (
            {"learning_rate": [1.0]},
            None,
            "Epoch 1 of 50: there is nothing to judge: no metric is known to improve.",
        ),
    ],
)
def test_whoever_asks_is_told_how_it_stands(
    columns: dict[str, list[float]], kind: EventKind | None, said: str
) -> None:
    """Where it is, what it does, the value now, and how far that is from the best."""
    assert _told(None, kind, **columns) == said


def test_whoever_asks_after_the_end_is_told_how_it_went() -> None:
    """How it ended, then the verdict."""
    assert _told("finished", None, loss=[1.0, 0.5]) == (
        "Training finished after epoch 2 of 50; it improved to the end: "
        "best at epoch 2, training loss 0.5."
    )


def test_a_run_in_steps_stands_in_spite_of_its_noise() -> None:
    """It is told with its step; what chance may do is level with the best."""
    history = History()
    for step in range(1, 401):
        history.append(step, {"loss": 2.0 + 0.1 * (-1) ** step}, Window(epoch=0))
    run = Snapshot(history, len(history), (Metric.named("loss"),))

    assert tell_me(run) == (
        "Step 400, epoch 1: it has levelled off; training loss 2, its best so far."
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [(1234.56, "1230"), (6.25e-5, "6.25e-05"), (0.68571, "0.686"), (1e20, "1e+20")],
)
def test_a_value_has_three_digits(value: float, said: str) -> None:
    """Not more are said; thousands are no powers of ten."""
    assert in_three_digits(value) == said
