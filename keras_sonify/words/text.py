"""The plain sentences that go with the sound: for a screen reader, a log, a message."""

import math
from collections.abc import Sequence
from pathlib import Path

from keras_sonify.score.composer import Cue, Reading
from keras_sonify.training.axis import At
from keras_sonify.training.events import EVENTS, EventKind, in_four_digits
from keras_sonify.training.foreign import shown
from keras_sonify.training.points import Point

_MOST_NAMES = 12  # in a sentence
_MOST_TOLD = 10.0  # beyond, the number says nothing more
_LEAST_TOLD = 0.005  # a smaller share would be rounded to nothing


def epoch_sentence(cue: Cue, epochs: int | None = None) -> str:
    """Return one line for one epoch. Epochs are told one-based, as Keras does.

    Args:
        cue: The epoch's cue.
        epochs: Number of epochs of the training, where it is known. Defaults to
            `None`.
    """
    return f"{_epoch(cue.epoch, epochs)}: {readings_sentence(cue)}"


def spoken_sentence(cue: Cue, epochs: int | None = None) -> str:
    """Return one line for one epoch and all that happened in it, nothing twice.

    Args:
        cue: The epoch's cue.
        epochs: Number of epochs of the training, where it is known. Defaults to
            `None`.
    """
    # That a metric which is heard has a new best has been said with its value.
    bests = tuple(
        f"{shown(reading.metric.name)} {number(reading.value)} "
        for reading in cue.readings
        if reading.is_best and reading.best is not None
    )
    sentence = epoch_sentence(cue, epochs)
    told = [
        event.text
        for event in cue.happened
        if event.text not in sentence
        and not (event.kind == "best" and event.text.startswith(bests))
    ]
    if told and not cue.readings:  # what can be told is not "nothing to hear"
        return f"{_epoch(cue.epoch, epochs)}: {'. '.join(told)}"
    return ". ".join([sentence, *told])


def _epoch(epoch: int, epochs: int | None) -> str:
    of = f" of {epochs}" if epochs else ""
    return f"Epoch {epoch + 1}{of}"


def point_name(point: Point) -> str:
    """Return which epochs a point stands for, one-based: "12", or "101 to 104"."""
    if point.count == 1:
        return str(point.at.number)
    return f"{point.first.number} to {point.at.number}"


def point_title(point: Point) -> str:
    """Return the same at the beginning of a sentence: "Epoch 12"."""
    return f"{'Epoch' if point.count == 1 else 'Epochs'} {point_name(point)}"


def readings_sentence(cue: Cue) -> str:
    """Return what the tones of a cue tell, without the epoch."""
    told = "; ".join(_reading(reading) for reading in cue.readings)
    return told or "nothing to hear"


def _reading(reading: Reading) -> str:
    value, best = reading.value, reading.best
    said = f"{shown(reading.metric.name)} {number(value)}"
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
        kind: How it ended.
        epoch: Zero-based last epoch.
        epochs: Number of epochs that were planned, where it is known. Defaults to
            `None`.
    """
    of = f" of {epochs}" if epochs else ""
    return f"Training {EVENTS[kind].ending} after epoch {epoch + 1}{of}"


def died_sentence(epoch: int, epochs: int | None = None) -> str:
    """Return the words for a training whose program is gone, which nobody else tells.

    Args:
        epoch: Zero-based last epoch; -1 before the first.
        epochs: Number of epochs that were planned, where it is known. Defaults to
            `None`.
    """
    of = f" of {epochs}" if epochs else ""
    when = f"after epoch {epoch + 1}{of}" if epoch >= 0 else "in its first epoch"
    return f"Training died {when}: its program is gone."


def files_sentence(directory: str, files: Sequence[str]) -> str:
    """Return the line that says where the files are."""
    return shown(f"Sound files in {directory}: {', '.join(files)}")


def best_sentence(name: str, at: At, value: float, last: At) -> str:
    """Return the line that tells where the monitored metric was best."""
    back = last.place - at.place
    where = f"{back} before the last" if back else "the last"
    return f"Best {shown(name)}: {number(value)} at {at.name}, {where}"


def missing_sentence(missing: Sequence[str], available: Sequence[str]) -> str:
    """Return what is told of metrics that were asked for in vain."""
    return (
        f"Metrics to sound that are not in `logs`: {', '.join(missing)}. "
        f"Available are: {', '.join(available)}."
    )


def left_out_sentence(names: Sequence[str]) -> str:
    """Return what is told of metrics that do not sound unless one asks for them."""
    return (
        f"Not heard are: {listed(names)}. `metrics` (`--metrics`) takes the names of "
        "what to hear, or 'all'."
    )


def averaged_sentence(names: Sequence[str]) -> str:
    """Return what is told of metrics that held several numbers."""
    return f"The mean stands for what holds several numbers: {listed(names)}."


def no_logs_sentence(logs: object) -> str:
    """Return what is told of an epoch whose values have no names."""
    return (
        "`logs` must be a dictionary from metric name to value, as "
        "`train_on_batch(..., return_dict=True)` returns it: nothing is heard. "
        f"Received: {type(logs).__name__}"
    )


def listed(names: Sequence[str]) -> str:
    """Return names in a row; of many, how many more there are."""
    more = len(names) - _MOST_NAMES
    told = ", ".join(names[:_MOST_NAMES])
    return f"{told} and {more} more" if more > 0 else told


def not_in_steps_sentence() -> str:
    """Return what is told of steps in a run that began with an epoch."""
    return (
        "A run is told in steps if it begins with one: `step` must be called before "
        "the first `epoch`. This run is told in epochs."
    )


def unknown_direction(monitor: str) -> str:
    """Return what is told where nobody knows which way `monitor` improves."""
    return (
        f"Received monitor={monitor}, but Keras does not tell whether that metric is "
        "to be maximized or minimized: no epoch of it is called the best. Pass "
        "`mode='max'` if higher is better, or `mode='min'` if lower is better."
    )


def short_path(path: Path) -> str:
    """Return a path as short as it can be told from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (OSError, ValueError):
        return str(path)


def dropped_sentence(dropped: int) -> str:
    """Return the line that owns up to cues that were not played."""
    cues = "1 cue was" if dropped == 1 else f"{dropped} cues were"
    return (
        f"{cues} not played live because a newer one was ready; "
        "the files hold all epochs"
    )
