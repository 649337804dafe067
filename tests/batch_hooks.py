"""What takes in the batches of an epoch, and keeps what it gives out."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from keras_sonify.callback.batches import Batches
from keras_sonify.callback.order import Logs
from keras_sonify.callback.own_values import OwnValues


class Clock:
    """A clock that goes on when it is told to, or a little with each look at it."""

    def __init__(self, tick: float = 0.0) -> None:
        self.now = 0.0
        self._tick = tick

    def __call__(self) -> float:
        """Return the time."""
        self.now += self._tick
        return self.now


class Heard:
    """Keeps the rows that are given out."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, Mapping[str, float]]] = []
        self.epochs: list[int] = []

    def __call__(
        self, rows: Sequence[tuple[int, Mapping[str, float]]], epoch: int
    ) -> None:
        """Keep rows of an epoch."""
        self.rows += rows
        self.epochs += [epoch] * len(rows)

    @property
    def steps(self) -> list[int]:
        """The steps of the rows."""
        return [step for step, _ in self.rows]

    @property
    def losses(self) -> list[float]:
        """The losses of the rows."""
        return [values["loss"] for _, values in self.rows if "loss" in values]


def learn(_: Logs) -> OwnValues:
    """Find that the loss is a mean."""
    return OwnValues(means={"loss"})


def all_full(count: int, _: Logs) -> dict[str, float]:
    """Return how many samples a metric has counted where each batch has one."""
    return {"loss": count}


def epoch_of_keras(steps: int | None = None) -> tuple[Batches, Heard, Clock]:
    """Return what takes in the batches of an epoch of Keras's."""
    heard, clock = Heard(), Clock()
    batches = Batches(heard, clock)
    batches.begin_epoch(0, steps, learn)
    return batches, heard, clock


def own_loop() -> tuple[Batches, Heard, Clock]:
    """Return what takes in the batches of a loop of the user's own."""
    heard, clock = Heard(), Clock()
    batches = Batches(heard, clock)
    batches.begin_epoch(0)
    return batches, heard, clock


def running_means(values: Iterable[float]) -> list[float]:
    """Return what Keras tells of values: the mean so far."""
    told = np.array(list(values))
    return [float(m) for m in np.cumsum(told) / np.arange(1, len(told) + 1)]
