"""The plain sentences that go with the sound: for a screen reader, a log, a message."""

import math
from collections.abc import Sequence

from keras_sonify.score.composer import Cue, Reading
from keras_sonify.training.events import EventKind, in_four_digits

_MOST_TOLD = 10.0  # beyond, the number says nothing more
_LEAST_TOLD = 0.005  # a smaller share would be rounded to nothing

ENDINGS: dict[EventKind, str] = {
    "finished": "finished",
    "stopped_early": "stopped early",
    "crashed": "crashed",
    "interrupted": "was interrupted",
}
"""How a training can end, in words."""


def epoch_sentence(cue: Cue, epochs: int | None = None) -> str:
    """Return one line for one epoch. Epochs are told one-based, as Keras does.

    Args:
        cue: The epoch's cue.
        epochs: Number of epochs of the training, where it is known. Defaults to
            `None`.
    """
    of = f" of {epochs}" if epochs else ""
    return f"Epoch {cue.epoch + 1}{of}: {readings_sentence(cue)}"


def readings_sentence(cue: Cue) -> str:
    """Return what the tones of a cue tell, without the epoch."""
    told = "; ".join(_reading(reading) for reading in cue.readings)
    return told or "nothing to hear"


def _reading(reading: Reading) -> str:
    value, best = reading.value, reading.best
    said = f"{reading.metric.name} {number(value)}"
    if not math.isfinite(value) or best is None:
        return said
    return f"{said}, {'best so far' if reading.is_best else change(value, best)}"


def change(value: float, best: float) -> str:
    """Return in words how much worse a value is than the best one."""
    if value == best:
        return "same as best"
    if best == 0:
        return "worse than best"
    share = abs(value - best) / abs(best)
    if share > _MOST_TOLD:
        return f"more than {_MOST_TOLD:.0%} worse than best"
    told = f"{share:.0%}" if share >= _LEAST_TOLD else "less than 1%"
    return f"{told} worse than best"


def number(value: float) -> str:
    """Return a value in four digits, or in words where it is no number."""
    told = in_four_digits(value)
    return told if math.isfinite(value) else f"is {told}"


def ending_sentence(kind: EventKind, epoch: int, epochs: int | None = None) -> str:
    """Return the words for a training's end.

    Args:
        kind: How it ended, one of `ENDINGS`.
        epoch: Zero-based last epoch.
        epochs: Number of epochs that were planned, where it is known. Defaults to
            `None`.
    """
    of = f" of {epochs}" if epochs else ""
    return f"Training {ENDINGS[kind]} after epoch {epoch + 1}{of}"


def files_sentence(directory: str, files: Sequence[str]) -> str:
    """Return the line that says where the files are."""
    return f"Sound files in {directory}: {', '.join(files)}"


def best_sentence(name: str, value: float, epoch: int, last_epoch: int) -> str:
    """Return the line that tells the best epoch of the monitored metric."""
    return (
        f"Best {name}: {number(value)} at epoch {epoch + 1}, "
        f"{last_epoch - epoch} before the last"
    ).replace(", 0 before the last", ", the last")


def dropped_sentence(dropped: int) -> str:
    """Return the line that owns up to cues that were not played."""
    cues = "1 cue was" if dropped == 1 else f"{dropped} cues were"
    return (
        f"{cues} not played live because a newer one was ready; "
        "the files hold all epochs"
    )
