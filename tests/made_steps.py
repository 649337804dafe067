"""Runs in steps that are made up, so that what is true of them is known.

They are written down as a training writes them: the first 1000 rows hold a step each,
the next 1000 two, then four, and so on; a step that stands out has a row of its own.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from keras_sonify.score.heard import Heard, replay
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.style import CLEAR, Style
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Point, Window, percentiles
from keras_sonify.training.record import Placed, Snapshot

Values = npt.NDArray[np.float64]
Row = tuple[int, Window, dict[str, float]]

_ROWS = 1000  # of a size; then rows hold twice as many steps
_NEAR = 20  # steps of which a small row's spread is taken
_MAD = 0.6745  # median absolute deviation of the normal distribution, in sigmas
_SPIKE = 14.0  # of these deviations
_NOISES = (0.03, 0.08, 0.2)  # standard deviations of the logarithm


@dataclass(frozen=True, kw_only=True)
class MadeRun:
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
        for step, window, values in self._rows():
            history.append(step, values, window)
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

    def _rows(self) -> Iterator[Row]:
        ends = self.ends
        usual: list[float] = []  # without what stands out
        done = rows = epoch = 0
        for step, loss in enumerate(self.losses.tolist(), start=1):
            if step in self.spikes:
                if step - 1 > done:
                    yield self._row(step - 1, step - 1 - done, epoch, usual)
                    rows += 1
                yield step, Window(epoch, spikes=frozenset(["loss"])), {"loss": loss}
                done, rows = step, rows + 1
                continue
            usual.append(loss)
            if step - done == 2 ** (rows // _ROWS) or step in ends:
                yield self._row(step, step - done, epoch, usual)
                done, rows = step, rows + 1
            epoch += step in ends

    def _row(self, step: int, steps: int, epoch: int, usual: list[float]) -> Row:
        near = sorted(usual[-max(steps, _NEAR) :])
        spreads = {"loss": percentiles(near)} if steps > 1 else {}
        values = {"loss": float(np.median(usual[-steps:]))}
        if self.validates and step in self.ends:
            values["val_loss"] = 1.1 * float(self.trend[step - 1])
        window = Window(epoch, steps, spreads, ends_epoch=step in self.ends)
        return step, window, values


def make_run(seed: int) -> MadeRun:
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
    places = chance.choice(np.arange(count // 10, count - 1), seed % 6, replace=False)
    losses[places] = trend[places] * math.exp(_SPIKE * _MAD * noise)
    run = MadeRun(
        trend=trend,
        losses=losses,
        spikes=frozenset((places + 1).tolist()),
        epochs=int(ends),
        validates=seed % 2 == 1,
    )
    assert not run.spikes & {*run.ends}
    return run
