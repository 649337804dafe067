"""The lines that go with the sound say what is heard, briefly."""

import math
import re

import pytest
from cues import play, play_one

from keras_sonify.training.axis import At
from keras_sonify.words.text import (
    best_sentence,
    dropped_sentence,
    epoch_sentence,
    files_sentence,
)


def test_an_epoch_is_told_one_based_with_all_its_metrics() -> None:
    """Epochs are counted as Keras prints them, values to four digits."""
    (cue,) = play({"loss": 2 / 3, "val_loss": 123456.0})

    assert epoch_sentence(cue) == "Epoch 1: loss 0.6667; val_loss 1.235e+05"
    assert epoch_sentence(cue, 20).startswith("Epoch 1 of 20: ")


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("loss", (1.0, 0.5), "loss 0.5, best so far"),
        ("loss", (1.0, 1.0), "loss 1, same as best"),
        ("loss", (0.5, 0.75), "loss 0.75, 50% worse than best"),
        ("loss", (1.0, 1.004), "loss 1.004, less than 1% worse than best"),
        ("loss", (1.0, 1.006), "loss 1.006, 1% worse than best"),
        ("loss", (0.0, 0.5), "loss 0.5, worse than best"),
        ("loss", (-2.0, -1.0), "loss -1, 50% worse than best"),
        ("accuracy", (0.5, 0.6), "accuracy 0.6, best so far"),
        ("accuracy", (0.8, 0.6), "accuracy 0.6, 25% worse than best"),
        ("loss", (1.0, math.nan), "loss is not a number"),
        ("loss", (1.0, math.inf), "loss is infinite"),
        ("grad_norm", (1.0, 0.5), "grad_norm 0.5"),
    ],
)
def test_a_value_is_told_against_the_best(
    name: str,
    values: tuple[float, float],
    told: str,
) -> None:
    """Better, level, worse by how much, or nothing to compare with."""
    cue = play_one(name, *values)[1]

    assert epoch_sentence(cue) == f"Epoch 2: {told}"


@pytest.mark.parametrize(
    "values",
    [(0.1, 1e20), (1e-300, 1e300), (5e-324, 1.0), (-1.7e308, 1.7e308)],
)
def test_an_explosion_is_told_in_a_short_line(values: tuple[float, float]) -> None:
    """A diverging loss is not told in twenty digits, and never `inf%`."""
    line = epoch_sentence(play_one("loss", *values)[1])

    assert not re.search(r"\d{6}|inf", line)
    assert "worse than best" in line


def test_an_epoch_without_metrics_says_so() -> None:
    """A line never ends in nothing."""
    (cue,) = play({})

    assert epoch_sentence(cue) == "Epoch 1: nothing to hear"


@pytest.mark.parametrize(
    ("epoch", "last_epoch", "where"),
    [
        (0, 0, "at epoch 1, the last"),
        (9, 9, "at epoch 10, the last"),
        (4, 5, "at epoch 5, 1 before the last"),
        (4, 14, "at epoch 5, 10 before the last"),
    ],
)
def test_the_best_epoch_is_placed(epoch: int, last_epoch: int, where: str) -> None:
    """It is told how long before the last epoch the best one was."""
    line = best_sentence("val_loss", At(epoch), 0.25, At(last_epoch))

    assert line == f"Best val_loss: 0.25 {where}"


def test_files_are_listed_with_their_directory() -> None:
    """Where they are and what they are called stand in one line."""
    line = files_sentence("run", ["training.wav", "loss.wav", "score.csv"])

    assert line == "Sound files in run: training.wav, loss.wav, score.csv"


@pytest.mark.parametrize(("dropped", "start"), [(1, "1 cue was"), (3, "3 cues were")])
def test_cues_that_were_left_out_are_owned_up_to(dropped: int, start: str) -> None:
    """One or several, in good English."""
    assert dropped_sentence(dropped).startswith(f"{start} not played live")
