import math
import random

import pytest
from step_losses import losses

from keras_sonify.rules.spikes import Spikes


def _found(values: list[float]) -> list[int]:
    spikes = Spikes()
    return [step for step, loss in enumerate(values) if spikes.check({"loss": loss})]


@pytest.mark.parametrize("noise", [0.03, 0.08, 0.2])
def test_what_stands_14_deviations_out_is_a_spike(noise: float) -> None:
    """Each is found, on a falling loss, and nothing else is."""
    places = [700, 1500, 1501, 2900]

    assert _found([*losses(3000, noise=noise, spikes=places)]) == places


@pytest.mark.slow
def test_gaussian_noise_has_no_spikes() -> None:
    """None is found in a million steps."""
    assert _found([*losses(1_000_000, noise=0.08, seed=1)]) == []


def test_heavy_tails_are_noise_not_spikes() -> None:
    """Student's t with 5 degrees: at most one of them is told, or that it is noise."""
    for seed in range(3):
        chance, spikes = random.Random(seed), Spikes()
        found = 0
        for _ in range(10_000):
            squares = sum(chance.gauss(0.0, 1.0) ** 2 for _ in range(5))
            tail = chance.gauss(0.0, 1.0) / math.sqrt(squares / 5.0)
            found += bool(spikes.check({"loss": 2.0 * math.exp(0.08 * tail)}))

        assert found + spikes.is_noisy == 1


def test_a_steep_fall_hides_no_spike() -> None:
    """The trend of the steps before is no noise."""
    values = [*losses(1500, noise=0.02, first=10.0, last=1.0, spikes=[900], seed=2)]

    assert _found(values) == [900]


def test_what_jumps_and_stays_is_not_spikes_for_ever() -> None:
    """A loss that has found another level is told a few times, then it is usual."""
    chance = random.Random(3)
    values = [
        (2.0 if step < 500 else 6.0) * math.exp(chance.gauss(0.0, 0.05))
        for step in range(3000)
    ]

    assert _found(values)[0] == 500
    assert len(_found(values)) <= 13


def test_losses_may_be_negative_zero_constant_or_no_numbers() -> None:
    """None of that is a spike, and what is one is found all the same."""
    chance = random.Random(4)
    values = [chance.gauss(-1.0, 0.1) for _ in range(600)]
    values[10], values[300], values[301], values[400] = 0.0, math.nan, math.inf, 5.0
    assert _found(values) == [400]
    assert _found([0.5] * 1000) == []
    assert _found([-math.inf] * 100 + [1.0] * 100) == []


def test_only_losses_of_the_training_have_spikes() -> None:
    """An accuracy may jump, a validation is no step."""
    spikes = Spikes()
    found = [
        spikes.check({"d_loss": d_loss, "accuracy": d_loss, "val_loss": d_loss})
        for d_loss in losses(500, noise=0.05, spikes=[400])
    ]

    assert found[400] == {"d_loss"}
    assert not any(found[:400])
