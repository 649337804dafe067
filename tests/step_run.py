"""Runs in steps, made by hand: a trend, noise around it, and what stands out of it."""

import math
import random
from collections.abc import Callable, Mapping

from keras_sonify.training.axis import Plan
from keras_sonify.training.events import Event
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Window
from keras_sonify.training.record import Snapshot

Course = Callable[[float], float]
"""What a loss is without its noise, at a share of the run."""


def falling(share: float) -> float:
    """Return the loss of a fine-tuning that goes well: from 3 to 1.8."""
    return 1.8 + 1.2 * math.exp(-5.0 * share)


def in_steps(
    rows: int,
    *,
    every: int = 1,
    noise: float = 0.08,
    seed: int = 0,
    course: Course = falling,
    spikes: Mapping[int, float] | None = None,
    validation: Mapping[int, float] | None = None,
    epochs: int = 3,
) -> History:
    """Return a run in steps.

    Args:
        rows: How many steps were recorded.
        every: How many steps lie between two of them.
        noise: Standard deviation of the logarithm of the loss.
        seed: Of the noise.
        course: Its trend.
        spikes: Losses that stand out, by their steps.
        validation: Validation losses, by their steps.
        epochs: How many epochs it has, all alike.
    """
    chance = random.Random(seed)
    history = History()
    for row in range(rows):
        step, epoch = every * (row + 1), row * epochs // rows
        values = {"loss": course(row / rows) * math.exp(chance.gauss(0.0, noise))}
        if spikes and step in spikes:
            values["loss"] = spikes[step]
        if validation and step in validation:
            values["val_loss"] = validation[step]
        window = Window(
            epoch=epoch,
            spikes=frozenset({"loss"} if spikes and step in spikes else ()),
            ends_epoch=(row + 1) * epochs // rows > epoch,
        )
        history.append(step, values, window)
    return history


def snapshot_in_steps(history: History, happened: Mapping[int, str] = {}) -> Snapshot:
    """Return a run in steps that has finished.

    Args:
        history: The run.
        happened: What happened, by the place of its row. Defaults to nothing.
    """
    events = [
        (place, Event(kind="plateau", text=text, **history.at(place)._asdict()))
        for place, text in happened.items()
    ]
    last = history.at(len(history) - 1)
    return Snapshot(
        history,
        len(history),
        tuple(map(Metric.named, history.names)),
        events,
        events,
        "finished",
        Plan(last.epoch + 1, last.step),
    )
