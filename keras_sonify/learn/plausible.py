"""Runs that nobody has heard, but that might have been: made from chance.

Each deserves its kind by its values; where an end is asked for, it is the median of the
last three.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from statistics import median
from typing import Literal, get_args

Kind = Literal["converging", "overfitting", "diverged", "stuck"]
"""How a run goes."""

KINDS: tuple[Kind, ...] = get_args(Kind)

_EPOCHS = (24, 40)
_FIRST = (0.7, 3.0)  # loss: of a yes or no, or of one of twenty classes
_NOISE = 0.01  # relative
_TRIES = 100
_LEARNT, _LATE = 0.6, 2  # of the first value; epochs from the best to the end
_OVER, _STILL_BETTER = 1.25, 0.9
_BLOWN_UP = 3.0  # times the first value
_NOTHING = 0.98  # of the first value: stuck is what never gets below


@dataclass(frozen=True, slots=True)
class PlausibleRun:
    """A run that might have been.

    Attributes:
        kind: How it goes.
        loss: The training loss, epoch by epoch.
        val_loss: The validation loss.
    """

    kind: Kind
    loss: tuple[float, ...]
    val_loss: tuple[float, ...]

    @property
    def columns(self) -> Mapping[str, tuple[float, ...]]:
        """Its values, as Keras's `History.history` holds them."""
        return {"loss": self.loss, "val_loss": self.val_loss}

    @property
    def best_epoch(self) -> int:
        """Where the validation loss is lowest, from 1."""
        return self.val_loss.index(min(self.val_loss)) + 1

    @property
    def end(self) -> float:
        """Where the validation loss ends."""
        return median(self.val_loss[-3:])


def plausible_run(kind: Kind, chance: Random) -> PlausibleRun:
    """Return a run that goes so.

    Args:
        kind: How.
        chance: What it is made from.
    """
    for _ in range(_TRIES):
        epochs = chance.randint(*_EPOCHS)
        first = math.exp(chance.uniform(*map(math.log, _FIRST)))
        loss, validation = _MAKERS[kind](epochs, chance)
        run = PlausibleRun(
            kind,
            tuple(first * value for value in loss),
            tuple(first * value for value in validation),
        )
        if _deserves(run):
            return run
    raise RuntimeError(f"No {kind} run was made in {_TRIES} tries.")


def plausible_pair(chance: Random) -> tuple[PlausibleRun, PlausibleRun]:
    """Return two runs that learn, of which the second ends far below the first.

    Args:
        chance: What they are made from.
    """
    one = plausible_run("converging", chance)
    gain = chance.uniform(0.55, 0.75)
    last = len(one.loss) - 1

    def better(values: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(
            value * (1.0 - (1.0 - gain) * (epoch / last) ** 0.5) * _shaken(chance)
            for epoch, value in enumerate(values)
        )

    return one, PlausibleRun("converging", better(one.loss), better(one.val_loss))


def _deserves(run: PlausibleRun) -> bool:
    """Whether a run is what it was made to be."""
    first, best, end = run.val_loss[0], min(run.val_loss), run.end
    left = len(run.loss) - run.best_epoch
    loss_end = median(run.loss[-3:])
    match run.kind:
        case "converging":
            has_learnt = max(loss_end / run.loss[0], end / first) < _LEARNT
            return has_learnt and left < _LATE
        case "overfitting":
            falls = loss_end < _STILL_BETTER * run.loss[run.best_epoch - 1]
            return end > _OVER * best and falls and left > len(run.loss) // 4
        case "diverged":
            return loss_end > _BLOWN_UP * run.loss[0]
        case _:
            return min(run.loss) > _NOTHING * run.loss[0] and best > _NOTHING * first


def _shaken(chance: Random, noise: float = _NOISE) -> float:
    return math.exp(chance.gauss(0.0, noise))


_Curves = tuple[list[float], list[float]]


def _converging(epochs: int, chance: Random) -> _Curves:
    floor, speed = chance.uniform(0.08, 0.3), epochs * chance.uniform(0.2, 0.4)
    gap = chance.uniform(0.05, 0.2)  # of the loss, by the end
    loss = [
        (floor + (1.0 - floor) * math.exp(-epoch / speed)) * _shaken(chance)
        for epoch in range(epochs)
    ]
    validation = [
        value * (1.0 + gap * epoch / epochs) * _shaken(chance)
        for epoch, value in enumerate(loss)
    ]
    return loss, validation


def _overfitting(epochs: int, chance: Random) -> _Curves:
    turn = round(epochs * chance.uniform(0.2, 0.6))
    reached, rise = chance.uniform(0.35, 0.65), chance.uniform(0.5, 1.5)
    floor, speed = chance.uniform(0.02, 0.08), epochs * chance.uniform(0.2, 0.35)
    loss, validation = [], []
    for epoch in range(epochs):
        fallen = floor + (1.0 - floor) * math.exp(-epoch / speed)
        loss.append(fallen * _shaken(chance))
        if epoch <= turn:
            value = 1.0 - (1.0 - reached) * math.sin(math.pi / 2 * epoch / turn)
        else:
            value = reached * (1.0 + rise * (epoch - turn) / (epochs - 1 - turn))
        validation.append(1.03 * value * _shaken(chance, _NOISE / 2))
    return loss, validation


def _diverged(epochs: int, chance: Random) -> _Curves:
    turn = round(epochs * chance.uniform(0.2, 0.5))
    reached, reaches = chance.uniform(0.5, 0.8), chance.uniform(5.0, 40.0)
    growth = math.log(reaches / reached) / (epochs - 1 - turn)
    loss = [
        (
            1.0 - (1.0 - reached) * epoch / turn
            if epoch <= turn
            else reached * math.exp(growth * (epoch - turn))
        )
        * _shaken(chance)
        for epoch in range(epochs)
    ]
    return loss, [1.05 * value * _shaken(chance, 3 * _NOISE) for value in loss]


def _stuck(epochs: int, chance: Random) -> _Curves:
    level = [0.994 + 0.006 * math.exp(-epoch / 3) for epoch in range(epochs)]
    loss = [value * _shaken(chance, _NOISE / 5) for value in level]
    return loss, [1.002 * value * _shaken(chance, _NOISE / 5) for value in level]


_MAKERS: dict[Kind, Callable[[int, Random], _Curves]] = {
    "converging": _converging,
    "overfitting": _overfitting,
    "diverged": _diverged,
    "stuck": _stuck,
}
