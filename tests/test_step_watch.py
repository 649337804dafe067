import math
import random
from collections.abc import Iterable

import pytest
from step_losses import losses, recorded_steps

from keras_sonify.rules import StepWatch
from keras_sonify.rules.step_rows import recorded
from keras_sonify.training.events import Event
from keras_sonify.training.history import History
from keras_sonify.training.points import Window


def _events(history: History) -> list[Event]:
    watch = StepWatch()
    found: list[Event] = []
    for place, (_, values) in enumerate(history.rows(len(history))):
        window = history.window(place)
        assert window is not None
        at = history.at(place)
        found += watch.check(at, values, window, is_noisy=False)
    return [event for event in found if event.is_listed]


def _run(values: Iterable[float]) -> History:
    return recorded_steps({"loss": value} for value in values)


@pytest.mark.parametrize("noise", [0.03, 0.08, 0.2])
@pytest.mark.parametrize("every", [1, 10])
@pytest.mark.parametrize("count", [1000, 3000, 20_000])
def test_nothing_happens_in_a_healthy_fine_tuning(
    count: int, noise: float, every: int
) -> None:
    """Noise is no oscillation, no plateau, no overfitting, also if logged rarely."""
    log = History()
    for place, loss in enumerate(losses(count, noise=noise, seed=count), start=1):
        log.append(every * place, {"loss": loss}, Window(epoch=0))

    assert _events(recorded(log)) == []


def test_validation_of_a_healthy_fine_tuning_is_no_event() -> None:
    """It falls, a little above the noisy training loss."""
    chance = random.Random(5)
    rows = []
    for step, loss in enumerate(losses(5000, noise=0.1), start=1):
        values = {"loss": loss}
        if step % 500 == 0:
            fall = 1.9 + 1.2 * math.exp(-5.0 * step / 5000)
            values["val_loss"] = fall * math.exp(chance.gauss(0.0, 0.003))
        rows.append(values)

    assert _events(recorded_steps(rows)) == []


def test_overfitting_is_told_at_its_validation() -> None:
    """Validation rises while the steps still fall."""
    rows = []
    for step, loss in enumerate(losses(8000, noise=0.08), start=1):
        values = {"loss": loss}
        if step % 500 == 0:
            values["val_loss"] = 2.0 + 3.0e-4 * abs(step - 2500)
        rows.append(values)

    (event,) = _events(recorded_steps(rows))

    assert event.kind == "overfitting"
    assert event.step in range(3500, 5001, 500)
    assert "best 2 at step 2500" in event.text


def test_a_spike_is_told_with_its_number_and_place() -> None:
    """And as one step's doing."""
    (event,) = _events(_run(losses(3000, noise=0.05, spikes=[1233], deviations=40)))

    assert (event.kind, event.step, event.epoch) == ("spike", 1234, 0)
    assert event.sentence.startswith("Step 1234: loss ")
    assert event.sentence.endswith(" stands far out")


def test_nan_is_told_in_its_step() -> None:
    """Once."""
    values = [*losses(3000, noise=0.05)]
    values[2000:] = [math.nan] * 1000

    (event,) = _events(_run(values))

    assert (event.kind, event.step) == ("nan_loss", 2001)


def test_divergence_is_told_within_some_fifty_steps() -> None:
    """A loss that jumps to four times its first value and stays there."""
    chance = random.Random(6)
    values = [*losses(3000, noise=0.05)]
    values[2000:] = [12.0 * math.exp(chance.gauss(0.0, 0.05)) for _ in range(1000)]

    events = _events(_run(values))

    told = next(event for event in events if event.kind == "divergence")
    assert told.step is not None
    assert 2001 < told.step <= 2060
    assert [event.kind for event in events].count("divergence") == 1


def test_a_loss_that_stands_still_is_told_as_levelled_off() -> None:
    """Half of the run without any gain is a plateau, once."""
    values = [*losses(4000, noise=0.02)]
    chance = random.Random(7)
    values += [1.81 * math.exp(chance.gauss(0.0, 0.02)) for _ in range(16_000)]

    events = _events(_run(values))

    assert [event.kind for event in events] == ["plateau"]
    assert events[0].step is not None
    assert events[0].step > 6000
    assert "hardly improved for" in events[0].text
    assert "steps" in events[0].text


def test_a_training_that_does_not_learn_is_stuck() -> None:
    """It is told after 5000 steps, not in a warm-up."""
    chance = random.Random(8)
    values = [2.3 * math.exp(chance.gauss(0.0, 0.02)) for _ in range(8000)]

    events = _events(_run(values))

    assert [event.kind for event in events] == ["stuck"]
    assert events[0].step is not None
    assert 5000 <= events[0].step < 5500


def test_what_noise_may_hide_is_not_told() -> None:
    """Of a loss that gains 1 % under 20 % of noise nobody knows whether it is stuck."""
    values = [*losses(20_000, noise=0.2, first=2.3, last=2.277)]

    assert _events(_run(values)) == []
