"""A run in words: what a screen reader says, and the same as data."""

import json
from collections.abc import Mapping
from math import inf, nan
from pathlib import Path

import pytest
from click.testing import CliRunner

from keras_sonify.cli import commands
from keras_sonify.training.history import History
from keras_sonify.words.description import describe_run, sentences

LOGS = Path(__file__).parent / "logs"


def make_run(*epochs: Mapping[str, float], first: int = 0) -> History:
    """Return a run of these epochs."""
    history = History()
    for epoch, values in enumerate(epochs, start=first):
        history.append(epoch, values)
    return history


def said(*epochs: Mapping[str, float]) -> list[str]:
    """Return what is said of a run, without the verdict and what happened in it."""
    return sentences({**describe_run(make_run(*epochs)), "events": []})[1:]


def test_each_metric_has_its_sentence() -> None:
    """How it began, when it was best, how it ended, and how much worse that is."""
    told = said(
        {"loss": 1.0, "val_loss": 2.0},
        {"loss": 0.5, "val_loss": 1.0},
        {"loss": 0.25, "val_loss": 1.5},
    )

    assert told == [
        "3 epochs, 1 to 3.",
        "loss began at 1 and ended at its best, 0.25.",
        (
            "val_loss began at 2, was best at epoch 2 with 1, and ended at 1.5, "
            "50 percent worse than best."
        ),
    ]


@pytest.mark.parametrize(
    ("name", "values", "sentence"),
    [
        ("loss", [1.0], "loss began at 1 and ended at its best, 1."),
        (
            "loss",
            [0.5, 0.5],
            (
                "loss began at 0.5, was best at epoch 1 with 0.5, and ended at 0.5, "
                "same as best."
            ),
        ),
        (
            "accuracy",
            [0.5, 0.75, 0.6],
            (
                "accuracy began at 0.5, was best at epoch 2 with 0.75, "
                "and ended at 0.6, 20 percent worse than best."
            ),
        ),
        (
            "loss",
            [-0.5, -1.0, -0.75],
            (
                "loss began at -0.5, was best at epoch 2 with -1, and ended at -0.75, "
                "25 percent worse than best."
            ),
        ),
        (
            "loss",
            [0.0, 1.0],
            (
                "loss began at 0, was best at epoch 1 with 0, and ended at 1, "
                "worse than best."
            ),
        ),
        (
            "loss",
            [1e300, 1e-300],
            "loss began at 1e+300 and ended at its best, 1e-300.",
        ),
    ],
)
def test_a_series_in_words(name: str, values: list[float], sentence: str) -> None:
    """The direction goes by the metric; four digits are enough to be said."""
    told = said(*({name: value} for value in values))

    assert told[1:] == [sentence]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (
            [1.0, nan, 0.5],
            [
                "loss began at 1 and ended at its best, 0.5.",
                "loss was NaN in epoch 2.",
            ],
        ),
        (
            [1.0, 0.5, nan, inf],
            [
                (
                    "loss began at 1, was best at epoch 2 with 0.5, and had its last "
                    "finite value at epoch 2, same as best."
                ),
                "loss was NaN or infinite in 2 epochs, the first of them 3.",
            ],
        ),
        (
            [nan, nan],
            ["loss was NaN in all of its 2 epochs."],
        ),
    ],
    ids=["recovered", "ended so", "never finite"],
)
def test_what_went_wrong_is_not_passed_over(
    values: list[float],
    told: list[str],
) -> None:
    """A run that ended with NaN is never said to have ended at a value."""
    assert said(*({"loss": value} for value in values))[1:] == told


def test_epochs_without_validation_are_no_trouble() -> None:
    """Values that are absent neither count nor went wrong."""
    told = said({"loss": 1.0}, {"loss": 0.5, "val_loss": 0.75}, {"loss": 0.25})

    assert told[2:] == [
        (
            "val_loss began at 0.75, was best at epoch 2 with 0.75, and ended at 0.75, "
            "same as best."
        ),
    ]


def test_a_metric_of_unknown_direction_has_no_best() -> None:
    """Who asks for it by name is told where it began and ended."""
    run = make_run({"mood": 1.0, "loss": 1.0}, {"mood": 2.0, "loss": 0.5})

    told = sentences(describe_run(run, ["mood"]))

    assert told[1:] == ["2 epochs, 1 to 2.", "mood began at 1 and ended at 2."]
    assert said({"time": 1.0})[1:] == ["No metric to tell of."]


def test_what_happened_is_told_with_its_epoch() -> None:
    """After the metrics, in the order in which it happened; nothing is told twice."""
    run = make_run(
        {"loss": 1.0, "lr": 1.0}, {"loss": nan, "lr": 1.0}, {"lr": 0.1}, first=4
    )

    description = describe_run(run)

    lowered = "learning rate lowered from 1 to 0.1"
    assert description["events"] == [
        {"kind": "nan_loss", "epoch": 6, "text": "loss is NaN"},
        {"kind": "learning_rate", "epoch": 7, "text": lowered},
    ]
    assert sentences(description)[1] == "3 epochs, 5 to 7."
    assert sentences(description)[-2:] == [
        "loss was NaN in epoch 6.",
        f"Epoch 7: {lowered}.",
    ]


def test_the_data_are_complete() -> None:
    """What is said is there as numbers, with one-based epochs."""
    run = make_run({"loss": 1.0}, {"loss": 0.25}, {"loss": inf}, {"loss": 0.5})

    description = describe_run(run)

    assert {**description, "events": []} == {
        "verdict": (
            "It has not been better for a while: best at epoch 2, training loss 0.25."
        ),
        "epochs": 4,
        "first_epoch": 1,
        "last_epoch": 4,
        "metrics": {
            "loss": {
                "direction": "min",
                "first": {"epoch": 1, "value": 1.0},
                "best": {"epoch": 2, "value": 0.25},
                "last": {"epoch": 4, "value": 0.5},
                "went_wrong": 1,
                "went_wrong_as": "infinite",
                "went_wrong_first": 3,
                "went_wrong_last": 3,
            },
        },
        "events": [],
        "left_out": [],
    }


@pytest.mark.parametrize("name", ["nan_and_inf.csv", "restart.csv", "title_case.csv"])
def test_json_is_what_any_program_can_read(name: str) -> None:
    """Strict JSON: neither NaN nor Infinity is in it, and the log and run are named."""

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    log = str(LOGS / name)

    one = CliRunner().invoke(commands, ["describe", log, "--json"])
    every = CliRunner().invoke(commands, ["describe", log, "--json", "--run", "all"])

    described = json.loads(one.stdout, parse_constant=refuse)
    runs = json.loads(every.stdout, parse_constant=refuse)
    assert [run["run"] for run in runs] == list(range(1, len(runs) + 1))
    assert runs[-1] == described
    assert described["log"] == log
