"""Healthy trainings by step, real ones of `step_trainings/` and made ones."""

import csv
import math
import random
from pathlib import Path

import pytest
from step_losses import losses, recorded_steps

from keras_sonify.rules.past import happened_in
from keras_sonify.training.history import History

_REAL = sorted((Path(__file__).parent / "step_trainings").glob("*.csv"))
_MADE = [(n, noise) for n in (1000, 3000, 10_000) for noise in (0.03, 0.08, 0.2)]


def _real(path: Path) -> History:
    with path.open(newline="") as file:
        rows = [
            {name: float(row[name]) for name in ("loss", "val_loss") if row[name]}
            for row in csv.DictReader(file)
        ]
    return recorded_steps(rows)


def _made(count: int, noise: float) -> History:
    """Ten validations of a fine-tuning, which are a little noisy themselves."""
    chance, rows = random.Random(count), []
    for step, loss in enumerate(losses(count, noise=noise, seed=count), start=1):
        values = {"loss": loss}
        if step % (count // 10) == 0:
            fall = 1.9 + 1.2 * math.exp(-5.0 * step / count)
            values["val_loss"] = fall * math.exp(chance.gauss(0.0, 0.003))
        rows.append(values)
    return recorded_steps(rows)


def test_there_are_some_twenty() -> None:
    """So that the tests below say something."""
    assert len(_REAL) + len(_MADE) >= 19


@pytest.mark.parametrize("path", _REAL, ids=lambda path: path.stem)
def test_nothing_happens_in_a_real_one(path: Path) -> None:
    """A batch's noise is no event."""
    assert [event for _, event in happened_in(_real(path)) if event.is_listed] == []


@pytest.mark.parametrize(("count", "noise"), _MADE)
def test_nothing_happens_in_a_made_one(count: int, noise: float) -> None:
    """Nor is that of a larger loss."""
    happened = happened_in(_made(count, noise))
    assert [event for _, event in happened if event.is_listed] == []
