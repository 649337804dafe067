"""Logs by step, made and read."""

import io
import math
import random
from collections.abc import Sequence

from keras_sonify import read_log
from keras_sonify.readers.rows import Row, StepRow


def losses(count: int) -> list[float]:
    """Return what a healthy fine-tuning logs: a fall with the noise of batches."""
    chance = random.Random(0)
    return [
        (1.8 + 1.2 * math.exp(-5 * k / count)) * math.exp(chance.gauss(0, 0.1))
        for k in range(count)
    ]


def read(text: str) -> list[StepRow]:
    """Return the rows of a log by step, of which nothing is warned."""
    warned: list[str] = []
    rows = list(read_log(io.StringIO(text), warn=warned.append))
    assert warned == []
    return stepped(rows)


def stepped(rows: Sequence[Row]) -> list[StepRow]:
    """Return rows, all of which must be of steps."""
    found = [row for row in rows if isinstance(row, StepRow)]
    assert len(found) == len(rows)
    return found


def trainer_entries(count: int) -> list[dict[str, float]]:
    """Return what a Hugging Face trainer logs in three epochs, with evaluations."""
    entries: list[dict[str, float]] = []
    for k, loss in enumerate(losses(count), start=1):
        place = {"epoch": round(3 * k / count, 2), "step": 10 * k}
        entries.append({"loss": loss, "grad_norm": 1.0, **place})
        if k % 50 == 0:
            entries.append({"eval_loss": 2.0 - k / 600, "eval_runtime": 1.0, **place})
    summary = {"train_loss": 9.0, "train_runtime": 5.0, "total_flos": 1.0}
    return [*entries, {**summary, "epoch": 3.0, "step": 10 * count}]
