"""How a training went, in one sentence."""

from math import inf, nan
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_sonify import read_log
from keras_sonify.training.history import History
from keras_sonify.words.description import describe_run

_TRAININGS = sorted((Path(__file__).parent / "trainings").glob("*.csv"))
# What a colleague would say of trainings of a kind; of those that swing or have
# levelled off, several things are true.
_SAID = {
    "converging": ("It improved to the end",),
    "overfitting": ("It overfits",),
    "diverged": ("It diverged",),
    "nan": ("loss has been NaN since epoch", "been NaN or infinite since epoch"),
    "stuck": ("It has not learnt",),
    "plateau": ("levelled off", "not been better for a while", "improved to the end"),
    "oscillating": ("levelled off", "not been better for a while", "It overfits"),
}


def _verdict(**columns: list[float]) -> str:
    history = History()
    for epoch in range(len(next(iter(columns.values())))):
        values = {name: column[epoch] for name, column in columns.items()}
        history.append(epoch, values)
    described: dict[str, Any] = describe_run(history)
    verdict: str = described["verdict"]
    return verdict


@pytest.mark.parametrize("path", _TRAININGS, ids=lambda path: path.stem)
def test_the_verdict_on_real_trainings(path: Path) -> None:
    """It is what they were made for, in at most sixteen words."""
    history = History()
    for epoch, values in read_log(path):
        history.append(epoch, values)

    verdict = describe_run(history)["verdict"]

    assert any(words in verdict for words in _SAID[path.stem.rpartition("_")[0]])
    assert len(verdict.split()) <= 16


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["loss", "val_loss", "accuracy", "mood"]),
            st.floats() | st.sampled_from([nan, inf, 0.0, 1.0]),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_any_run_has_a_verdict(epochs: list[dict[str, float]]) -> None:
    """Whatever came, and whatever did not: one sentence."""
    history = History()
    for epoch, values in enumerate(epochs):
        history.append(epoch, values)

    assert describe_run(history)["verdict"].count(".\n") == 0
    assert describe_run(history)["verdict"].endswith(".")


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"loss": [0.5]}, "After one epoch: training loss 0.5."),
        (
            {"loss": [1.0, 0.5], "val_loss": [1.0, 0.75]},
            "It improved to the end: best at epoch 2, validation loss 0.75.",
        ),
        (
            {"accuracy": [0.5, 0.75]},
            "It improved to the end: best at epoch 2, accuracy 0.75.",
        ),
        (
            {"loss": [1.0, 0.5, 0.6, 0.6, 0.6]},
            "It has not been better for a while: best at epoch 2, training loss 0.5.",
        ),
        ({"loss": [nan, inf]}, "The loss was NaN or infinite in every epoch."),
        (
            {"loss": [1.0, 0.5], "val_loss": [nan, nan]},
            "The validation loss was NaN in every epoch.",
        ),
        (
            {"loss": [1.0, 0.5, nan, nan]},
            ("The training loss has been NaN since epoch 3: best at epoch 2, 0.5."),
        ),
        (
            {"loss": [1.0, nan, 0.5]},
            "It improved to the end: best at epoch 3, training loss 0.5.",
        ),
        (
            {"learning_rate": [1.0, 0.5]},
            "There is nothing to judge: no metric is known to improve.",
        ),
    ],
)
def test_the_verdict_in_words(columns: dict[str, list[float]], said: str) -> None:
    """What happened last counts; what is no number is called so."""
    assert _verdict(**columns) == said
