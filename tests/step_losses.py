"""Losses by step, made as trainings make them: a fall, noise, and what stands out."""

import math
import random
from collections.abc import Iterable, Iterator, Mapping

from keras_sonify.rules.step_rows import StepRows
from keras_sonify.training.history import History


def losses(
    count: int,
    *,
    noise: float,
    seed: int = 0,
    first: float = 3.0,
    last: float = 1.8,
    spikes: Iterable[int] = (),
    deviations: float = 14.0,
) -> Iterator[float]:
    """Yield one loss a step, on its way from the first to the last one.

    Args:
        count: How many steps there are.
        noise: Standard deviation of its logarithm.
        seed: Of chance.
        first: Where the fall begins.
        last: Where it ends.
        spikes: Zero-based steps that stand out.
        deviations: By how many median absolute deviations they do.
    """
    chance, marked = random.Random(seed), {*spikes}
    deviation = 0.6745 * noise  # of Gaussian noise
    for step in range(count):
        middle = math.log(last + (first - last) * math.exp(-5.0 * step / count))
        far = chance.gauss(0.0, noise)
        yield math.exp(middle + (deviations * deviation if step in marked else far))


def recorded_steps(
    rows: Iterable[Mapping[str, float]], *, epoch_steps: int | None = None
) -> History:
    """Return a run in steps as it is recorded.

    Args:
        rows: The values of each step.
        epoch_steps: How many of them make an epoch; `None` for a single one.
    """
    feed, history = StepRows(last=0), History()
    for step, values in enumerate(rows, start=1):
        epoch = (step - 1) // epoch_steps if epoch_steps else 0
        for row in feed.take(step, epoch, values):
            history.append(*row)
        if epoch_steps and step % epoch_steps == 0:
            last = feed.end_epoch(epoch, {"epoch_loss": 1.0})
            assert last is not None
            history.append(*last)
    for row in feed.close():
        history.append(*row)
    return history
