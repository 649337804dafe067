"""Runs in steps of which all is known: made up, or real ones, step by step."""

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.ndimage import median_filter

from keras_sonify.rules.step_rows import Recorded, StepRows
from keras_sonify.score.heard import Heard, replay
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.style import CLEAR, Style
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Point
from keras_sonify.training.record import Placed, Snapshot

Values = npt.NDArray[np.float64]

_SPIKE = 14.0  # median absolute deviations
_AROUND = 101  # steps whose median is the trend of a real run
_BEFORE = 200  # steps before it by which they are measured
_NOISES = (0.03, 0.08, 0.2)  # standard deviations of the logarithm


@dataclass(frozen=True, kw_only=True)
class KnownRun:
    """A run of which all is known.

    Attributes:
        trend: What the loss would be without noise, step by step.
        losses: The loss of each step.
        spikes: Steps that stand out, from 1.
        epochs: How many epochs it has.
        validates: Whether each epoch ends with a validation loss.
    """

    trend: Values
    losses: Values
    spikes: frozenset[int] = frozenset()
    epochs: int = 1
    validates: bool = False

    def heard(self, style: Style = CLEAR, events: Sequence[Placed] = ()) -> Heard:
        """Return the run as it is heard."""
        history = History()
        for row in self._rows():
            history.append(*row)
        names = [name for name in ("loss", "val_loss") if name in history]
        metrics = [Metric.named(name) for name in names]
        snapshot = Snapshot(history, len(history), metrics, events, events)
        return replay(snapshot, Hearing(style=style))

    def of(self, point: Point, values: Values | None = None) -> Values:
        """Return the losses of the steps of a point, without what stands out.

        Args:
            point: The point.
            values: Other values, a step each. Defaults to the losses.
        """
        values = self.losses if values is None else values
        last = point.at.step or 0
        steps = range(last - point.steps + 1, last + 1)
        return np.array([values[k - 1] for k in steps if k not in self.spikes])

    @property
    def ends(self) -> dict[int, int]:
        """The epochs, by the step that ends each."""
        count = len(self.losses)
        return {round(count * (k + 1) / self.epochs): k for k in range(self.epochs)}

    def _rows(self) -> Iterator[Recorded]:
        """Yield what is recorded of it, as it comes."""
        rows, ends, epoch = StepRows(last=0), self.ends, 0
        for step, loss in enumerate(self.losses.tolist(), start=1):
            yield from rows.take(step, epoch, {"loss": loss})
            if step in ends:
                validation = {"val_loss": 1.1 * float(self.trend[step - 1])}
                last = rows.end_epoch(epoch, validation if self.validates else {})
                if last is not None:
                    yield last
                epoch += 1


def real_runs() -> dict[str, KnownRun]:
    """Return the real trainings of the project by step, by name."""
    runs = {}
    for path in sorted((Path(__file__).parent / "step_trainings").glob("*.csv")):
        with path.open(newline="") as file:
            losses = np.array([float(row["loss"]) for row in csv.DictReader(file)])
        trend = median_filter(losses, _AROUND, mode="nearest")
        runs[path.stem] = KnownRun(trend=trend, losses=losses)
    return runs


def make_run(seed: int) -> KnownRun:
    """Return one of many runs: 1000 to 300 000 steps, all noises and falls, spikes."""
    chance = np.random.default_rng(seed)
    count = round(1000 * 300 ** ((seed // len(_NOISES)) % 20 / 19))
    noise = _NOISES[seed % len(_NOISES)]
    at = np.arange(1, count + 1) / count
    falls = (
        3.0 * 0.6**at,  # a fine-tuning
        10.0 * (0.01 + at) ** -0.5,  # a power law
        0.05 + 2.3 * np.exp(-8 * at),  # one that fits nearly all
        2.0 + 0.5 * np.cos(2 * np.pi * at) - at,  # one that is worse in between
    )
    trend = falls[seed % len(falls)]
    losses = trend * np.exp(noise * chance.standard_normal(count))
    ends = chance.integers(1, 6)
    far = np.arange(max(count // 10, _BEFORE), count - 1)
    places = chance.choice(far, seed % 6, replace=False)
    for place in np.sort(places):
        before = np.log(losses[place - _BEFORE : place])
        middle = float(np.median(before))
        deviation = float(np.median(np.abs(before - middle)))
        losses[place] = math.exp(middle + _SPIKE * deviation)
    run = KnownRun(
        trend=trend,
        losses=losses,
        spikes=frozenset((places + 1).tolist()),
        epochs=int(ends),
        validates=seed % 2 == 1,
    )
    assert not run.spikes & {*run.ends}
    return run
