"""Pairs of runs of which it is known who is better, and where the lead changed.

The second run of a pair is the first one times a course of its own, with noise of its
own; so whatever the first one does, the truth is that course. First ones are the
project's trainings and made-up runs, in epochs and in steps.
"""

import csv
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from rendered import read_training

Course = Literal["same", "better", "worse", "once", "twice"]
Twist = Literal["", "longer", "shorter", "first value", "steps", "steps and epochs"]

COURSES: tuple[Course, ...] = ("same", "better", "worse", "once", "twice")
_TWISTS: tuple[Twist, ...] = (
    *("", "longer", "shorter", "first value", "steps", "steps and epochs"),
)
_KINDS = ("converging", "overfitting", "plateau")
_FOLDER = Path(__file__).parent / "trainings"
_NOISE = 0.002  # of the second one's own, as a share
_APART = 0.2  # how far the two are apart where they are, as a logarithm
_STEPS = 2000
_STEP_NOISE = 0.02

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """Two runs.

    Attributes:
        name: What it is called.
        course: What the second one does.
        logs: The logs of both.
        ahead: Which one is better at the end: 1, 2, or 0 for neither.
        crossings: Where the lead changed: places of the first run, from 1.
        points: How many places the two share.
    """

    name: str
    course: Course
    logs: tuple[Path, Path]
    ahead: int
    crossings: tuple[float, ...]
    points: int


def make_pairs(folder: Path, count: int, seed: int = 1) -> Iterator[Pair]:
    """Write the logs of pairs, and yield them.

    Args:
        folder: Where.
        count: How many: all courses and all that is other in turn.
        seed: Of all that is by chance. Defaults to `1`.
    """
    chance = np.random.default_rng(seed)
    bases = itertools.cycle(_bases(chance))
    turns = zip(itertools.cycle(COURSES), itertools.cycle(_TWISTS), strict=False)
    for number, (course, twist) in zip(range(count), turns, strict=False):
        name = f"{number:02} {course} {twist}".strip()
        if twist.startswith("steps"):
            yield _in_steps(folder, name, course, twist, chance)
        else:
            yield _in_epochs(folder, name, course, twist, next(bases), chance)


def _bases(chance: np.random.Generator) -> list[dict[str, list[float]]]:
    """Return runs in epochs: trainings, and made-up ones."""
    logs = [
        read_training(path)
        for kind in _KINDS
        for path in sorted(_FOLDER.glob(f"{kind}_*.csv"))
    ]
    for epochs in (12, 25, 40, 80, 150):
        trend = 0.1 + chance.uniform(1, 3) * np.exp(-np.arange(epochs) * 6 / epochs)
        values = trend * np.exp(0.005 * chance.standard_normal((2, epochs)))
        logs.append({"loss": values[0].tolist(), "val_loss": values[1].tolist()})
    return [log for log in logs if min(log["val_loss"]) > 0]


def _course(
    course: Course, points: int, width: float
) -> tuple[Values, tuple[float, ...], int]:
    """Return how far apart they are as logarithms, where they cross, and who wins."""
    at = np.arange(1, points + 1)
    if course == "same":
        return np.full(points, 0.003), (), 0
    if course in ("better", "worse"):
        sign = -1 if course == "better" else 1
        return np.full(points, sign * _APART), (), 2 if sign < 0 else 1
    if course == "once":
        middle = round(points * 0.45) + 0.5
        return _APART * np.tanh((middle - at) / width), (middle,), 2
    first, second = round(points * 0.3) + 0.5, round(points * 0.68) + 0.5
    bump = np.tanh((at - first) / width) - np.tanh((at - second) / width) - 1
    return -_APART * bump, (first, second), 1


def _in_epochs(  # noqa: PLR0917
    folder: Path,
    name: str,
    course: Course,
    twist: Twist,
    base: dict[str, list[float]],
    chance: np.random.Generator,
) -> Pair:
    values = np.array([base["loss"], base["val_loss"]])
    points = values.shape[1]
    apart, crossings, ahead = _course(course, points, points / 12)
    own = _noise(values.shape, chance) * (course != "same")
    runs = [values, values * np.exp(apart + own)]
    if twist == "first value":
        runs[1][:, 0] *= 4.0
    if twist in ("longer", "shorter"):  # the longer one goes on where it was
        side = 0 if twist == "shorter" else 1
        rest = np.median(runs[side][:, -3:], axis=1, keepdims=True)
        rest = rest * np.exp(_noise((2, points // 2), chance))
        runs[side] = np.concatenate([runs[side], rest], axis=1)
    paths = folder / f"{name} 1.csv", folder / f"{name} 2.csv"
    for path, columns in zip(paths, runs, strict=True):
        rows = [[k, *row] for k, row in enumerate(columns.T)]
        _write(path, ["epoch", "loss", "val_loss"], rows)
    return Pair(name, course, paths, ahead, crossings, points)


def _noise(shape: tuple[int, ...], chance: np.random.Generator) -> Values:
    noise = _NOISE * chance.standard_normal(shape)
    return np.clip(noise, -2 * _NOISE, 2 * _NOISE)


def _in_steps(
    folder: Path, name: str, course: Course, twist: Twist, chance: np.random.Generator
) -> Pair:
    """Return a pair of which one, or both, count steps; they are logged unalike."""
    at = np.arange(1, _STEPS + 1)
    trend = 0.5 + 3.0 * np.exp(-at / (_STEPS / 7))
    apart, crossings, ahead = _course(course, _STEPS, _STEPS / 40)
    noises = np.exp(_STEP_NOISE * chance.standard_normal((2, _STEPS)))
    first, second = trend * noises[0], trend * np.exp(apart) * noises[1]
    paths = folder / f"{name} 1.csv", folder / f"{name} 2.csv"
    epochs = 20
    epoch_of = (at - 1) * epochs // _STEPS
    rows = [[e, s, v] for e, s, v in zip(epoch_of, at, first, strict=True)]
    _write(paths[0], ["epoch", "step", "loss"], rows[4::5])
    if twist == "steps":
        rows = [[e, s, v] for e, s, v in zip(epoch_of, at, second, strict=True)]
        _write(paths[1], ["epoch", "step", "loss"], rows[2::3])
        return Pair(name, course, paths, ahead, crossings, _STEPS)
    means = [float(np.mean(second[epoch_of == e])) for e in range(epochs)]
    _write(paths[1], ["epoch", "loss"], [[e, mean] for e, mean in enumerate(means)])
    places = tuple(math.ceil(place * epochs / _STEPS) for place in crossings)
    return Pair(name, course, paths, ahead, places, epochs)


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[float]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
