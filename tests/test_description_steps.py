"""A run in steps in words: its trend, its noise and its spikes are three things."""

import json
import math
from typing import Any

import pytest
from step_run import Course, falling, in_steps, snapshot_in_steps

from keras_sonify.training.history import History
from keras_sonify.training.points import Window
from keras_sonify.words.description import describe_run, describe_snapshot, sentences

_VALIDATION = {500 * k: 1.9 + 0.8 / k for k in range(1, 7)}


def _described(history: History) -> dict[str, Any]:
    return describe_snapshot(snapshot_in_steps(history))


def _flat(_: float) -> float:
    return 2.0


def _rising(share: float) -> float:
    return falling(share) + max(0.0, share - 0.6)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(
    ("rows", "every", "noise"),
    [(300, 10, 0.1), (3000, 1, 0.08), (3000, 1, 0.2), (30, 100, 0.03), (6, 100, 0.03)],
)
def test_a_healthy_fine_tuning_falls(
    rows: int, every: int, noise: float, seed: int
) -> None:
    """However noisy: it improved or levelled off, and is never worse than its best."""
    described = _described(in_steps(rows, every=every, noise=noise, seed=seed))

    told = " ".join(sentences(described))
    assert described["verdict"].startswith(("It improved to the end", "It levelled"))
    assert "worse" not in told
    loss = described["metrics"]["loss"]
    assert loss["last"]["value"] < 0.8 * loss["first"]["value"]


@pytest.mark.parametrize(
    ("course", "verdict"),
    [
        (falling, "It improved to the end: training loss 1."),
        (_flat, "It levelled off: training loss 2."),
        (_rising, "It has not been better for a while: best at step "),
        (lambda share: 2.0 + math.exp(-30 * share), "It levelled off: training loss "),
    ],
)
def test_the_verdict_sees_the_trend_through_the_noise(
    course: Course, verdict: str
) -> None:
    """Of ten thousand steps with a noise of eight percent."""
    described = _described(in_steps(10_000, course=course))

    assert described["verdict"].startswith(verdict)


def test_what_happens_in_the_very_end_is_not_passed_over() -> None:
    """A loss that leaps in the last hundredth of a run has not ended at its best."""
    described = _described(
        in_steps(3000, course=lambda share: 9.0 if share > 0.99 else falling(share))
    )

    (told,) = [line for line in sentences(described) if line.startswith("loss began")]
    assert " percent worse than best" in told
    assert described["metrics"]["loss"]["end"] == "worse"


def test_a_run_in_steps_is_told_in_steps() -> None:
    """How many, in how many epochs; noise and spikes in a sentence of their own."""
    history = in_steps(
        3000, spikes={1234: 7.3, 2200: 5.1}, validation=_VALIDATION, seed=1
    )

    told = sentences(_described(history))

    assert told[0].startswith("It improved to the end: best at step 3000, validation")
    assert told[1] == "3000 steps, 1 to 3000, in 3 epochs."
    assert told[3] == (
        "loss had a noise of 8 percent and 2 spikes, the largest 7.3 at step 1234."
    )
    assert told[4] == "val_loss began at 2.7 and ended at its best, 2.033."
    assert len(told) == 5


def test_one_spike_is_told_as_one() -> None:
    """In good English."""
    told = sentences(_described(in_steps(1000, spikes={500: 9.0})))

    assert told[3].endswith("and a spike, 9 at step 500.")


def test_validation_is_judged_exactly() -> None:
    """It has no such noise: two percent worse are two percent worse."""
    worse = {**_VALIDATION, 2000: 1.9, 2500: 1.93, 3000: 1.94}

    described = _described(in_steps(3000, validation=worse))

    assert described["verdict"] == (
        "It has not been better for a while: best at step 2000, validation loss 1.9."
    )
    assert "2 percent worse than best." in " ".join(sentences(described))


def test_a_single_validation_judges_nothing() -> None:
    """Nobody knows whether it was better before: the training loss is told."""
    described = _described(in_steps(3000, validation={3000: 1.9}))

    assert described["verdict"].startswith("It improved to the end: training loss 1.8")


@pytest.mark.parametrize(
    ("wrong", "verdict", "told"),
    [
        (
            range(2501, 3001),
            "The training loss has been NaN since step 2501: best at step",
            "loss was NaN in 500 steps, the first of them 2501.",
        ),
        (
            [1234],
            "It improved to the end: training loss",
            "loss was NaN in step 1234.",
        ),
        (
            range(1, 3001),
            "The loss was NaN in every step.",
            "loss was NaN in all of its 3000 steps.",
        ),
    ],
)
def test_what_is_no_number_is_told_with_its_step(
    wrong: "range | list[int]", verdict: str, told: str
) -> None:
    """Since when, if it has stayed so; and in how many steps."""
    healthy, history = in_steps(3000), History()
    for place, (step, values) in enumerate(healthy.rows(3000)):
        loss = math.nan if step in wrong else values["loss"]
        history.append(step, {"loss": loss}, healthy.window(place))

    described = _described(history)

    assert described["verdict"].startswith(verdict)
    assert told in sentences(described)


def test_windows_count_as_many_steps_as_they_stand_for() -> None:
    """Rows of our own record hold 1, 2, 4 ... steps each."""
    history = History()
    for row in range(100):
        spread = {"loss": (1.8, 2.2)}
        history.append(8 * row + 8, {"loss": 2.0}, Window(0, steps=8, spreads=spread))

    described = _described(history)

    assert (described["steps"], described["last_step"]) == (800, 800)
    assert described["metrics"]["loss"]["noise_percent"] == pytest.approx(7.8, abs=0.1)


def test_the_data_of_steps_are_complete() -> None:
    """All that is said is there as numbers, in strict JSON, and which axis it is."""
    described = _described(in_steps(3000, spikes={1234: 7.3}, validation=_VALIDATION))

    loss, validation = described["metrics"].values()
    assert json.loads(json.dumps(described, allow_nan=False)) == described
    assert {name: described[name] for name in described if "metr" not in name} == {
        "verdict": described["verdict"],
        "axis": "step",
        "steps": 3000,
        "first_step": 1,
        "last_step": 3000,
        "epochs": 3,
        "first_epoch": 1,
        "last_epoch": 3,
        "events": [],
    }
    assert loss["largest_spike"] == {"step": 1234, "epoch": 2, "value": 7.3}
    assert (loss["spikes"], loss["end"]) == (1, "improving")
    assert loss["noise_percent"] == pytest.approx(8.0, abs=0.5)
    assert loss["best"]["value"] == pytest.approx(1.8, rel=0.02)
    assert validation["values"] == 6
    assert "noise_percent" not in validation


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 5, 19, 20, 21])
def test_few_steps_are_told_too(rows: int) -> None:
    """From the first one on there is something to say."""
    told = sentences(_described(in_steps(rows, epochs=1)))

    assert told[0].endswith(".")
    assert told[1].endswith("in 1 epoch.")
    assert "worse" not in " ".join(told)


def test_means_of_epochs_are_not_missed() -> None:
    """They are told by their steps: nobody needs to ask for them."""
    history = in_steps(300)
    history.append(300, {"epoch_loss": 2.0, "mood": 1.0}, Window(2, 0, ends_epoch=True))

    assert describe_run(history)["left_out"] == ["mood"]


@pytest.mark.parametrize("noise", [0.08, 0.2])
def test_a_log_of_steps_is_told_as_it_would_have_been_live(noise: float) -> None:
    """In rows of 1, 2, 4 ... steps; its noise is found all the same, and no event."""
    described = describe_run(in_steps(6000, noise=noise))

    loss = described["metrics"]["loss"]
    assert loss["noise_percent"] == pytest.approx(100.0 * noise, rel=0.1)
    assert described["events"] == []
    assert described["steps"] == 6000
