"""Runs made by hand and shown to the rules, for tests of what they tell."""

import random
from collections.abc import Iterable, Sequence

from keras_sonify.rules import Rules, Watch
from keras_sonify.training.events import Event, EventKind

Column = Sequence[float | None]
"""The values of a metric, an epoch each; `None` where it was absent."""

RISING = [2.0 - 0.1 * k for k in range(10)] + [1.1 + 0.05 * k for k in range(1, 11)]
"""The validation loss of a network that overfits: best in epoch 9, worse ever after."""


def tell(
    *,
    first: int = 0,
    rules: Rules | None = None,
    monitor: str = "val_loss",
    **columns: Column,
) -> list[Event]:
    """Return all that is told of a run.

    Args:
        first: Its first epoch. Defaults to `0`.
        rules: The thresholds. Defaults to those of `Rules`.
        monitor: Metric whose new bests are told. Defaults to `"val_loss"`.
        **columns: The metrics of the run.
    """
    watch = Watch(rules, monitor)
    epochs = zip(*columns.values(), strict=True)
    rows = [
        {
            name: value
            for name, value in zip(columns, epoch, strict=True)
            if value is not None
        }
        for epoch in epochs
    ]
    return [e for k, row in enumerate(rows, start=first) for e in watch.check(k, row)]


def epochs_of(kind: EventKind, events: Iterable[Event]) -> list[int]:
    """Return the epochs, from 0, in which this was told."""
    return [event.epoch for event in events if event.kind == kind]


def falling(count: int, start: float = 2.0, factor: float = 0.9) -> list[float]:
    """Return the losses of a network that learns, each a share of the one before."""
    return [start * factor**k for k in range(count)]


def noise(count: int, value: float, deviation: float) -> list[float]:
    """Return values that are the same but for chance."""
    chance = random.Random(3)
    return [value + deviation * chance.gauss(0.0, 1.0) for _ in range(count)]


def swinging(count: int, every: int = 2, by: float = 0.05) -> list[float]:
    """Return an accuracy that falls and rises again."""
    return [0.8 - (by if k % every == 0 else 0.0) for k in range(count)]
