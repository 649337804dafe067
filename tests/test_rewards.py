"""Agents: what they are rewarded with is heard, their losses alarm nobody."""

import math
from collections.abc import Mapping

from keras_sonify.rules import Watch
from keras_sonify.training.events import Event
from keras_sonify.training.history import History
from keras_sonify.words.description import describe_run

_EPOCHS = 40


def _agent(epoch: int) -> Mapping[str, float]:
    """A loss that grows with what the agent gets to see, while it learns."""
    return {
        "train/loss": 0.01 * 1.3**epoch,
        "train/entropy_loss": -1.0 + 0.01 * epoch,
        "rollout/ep_rew_mean": 500.0 * (1.0 - math.exp(-epoch / 10)) - 100.0,
    }


def test_the_loss_of_an_agent_alarms_nobody() -> None:
    """The same loss without a reward beside it blows up."""
    with_reward, without = Watch(), Watch()
    told: list[Event] = []
    alone: list[Event] = []
    for epoch in range(_EPOCHS):
        values = _agent(epoch)
        told += with_reward.check(epoch, values)
        alone += without.check(epoch, {"loss": values["train/loss"]})

    assert told == []
    assert {event.kind for event in alone} >= {"divergence"}


def test_a_loss_that_is_no_number_is_told_of_an_agent_too() -> None:
    """That is no matter of what it learns from."""
    watch = Watch()
    watch.check(0, _agent(0))

    (event,) = watch.check(1, {**_agent(1), "train/loss": math.nan})

    assert event.kind == "nan_loss"


def test_an_agent_is_judged_by_its_reward() -> None:
    """It sounds without being asked for, and the verdict is on it."""
    history = History()
    for epoch in range(_EPOCHS):
        history.append(epoch, _agent(epoch))

    description = describe_run(history)

    assert list(description["metrics"]) == ["train/loss", "rollout/ep_rew_mean"]
    assert description["verdict"].startswith("It improved to the end: best at epoch 40")
    assert "ep_rew_mean 389.9" in description["verdict"]
    assert description["events"] == []
