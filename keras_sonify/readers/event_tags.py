"""The scalars of one folder of event files as records: what their tags say."""

import math
import re
from collections.abc import Iterable, Mapping

from keras_sonify.readers.event_file import Scalar
from keras_sonify.readers.rows import MOST_EPOCH, Record
from keras_sonify.readers.step_names import base_name, is_of_epoch, is_place, is_summary
from keras_sonify.training.directions import infer_direction
from keras_sonify.training.names import SIDES, is_validation

KERAS_EPOCH = "epoch_"
"""What Keras's TensorBoard callback writes before a metric at an epoch's end."""

_KERAS_STEP = re.compile(r"batch_(.+)|evaluation_(.+)_vs_iterations")
_MANY_STEPS = 10  # times a number up to which another tag counts: it counts epochs
_EPOCHS = frozenset(["epoch", "train/epoch", "trainer/epoch"])
_OF_SUMMARY = ("/train_loss", "_runtime", "_per_second", "_flos")
_NO_METRIC = frozenset(["hp_metric"])  # Lightning's, which it writes without a value


class Tags:
    """Makes records of scalars, in the order in which they were written.

    Keras logs under the number of the epoch what it tells of epochs, and all else under
    that of the step; Lightning and Hugging Face tell the epoch at each step; others say
    nothing of it.

    Args:
        folder: Name of the folder, in lower case, which may say of which side it is.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._epoch: int | None = None  # under way; `None` if nobody tells
        self._tells_epochs = False  # by a scalar
        self._is_fractional = False

    def read(self, scalars: Iterable[Scalar]) -> list[Record]:
        """Return what some scalars tell, those of one place in one record."""
        records: list[Record] = []
        group: dict[str, float] = {}
        last: tuple[bool, int] | None = None
        for step, tag, value in scalars:
            place = tag.startswith(KERAS_EPOCH), step
            if last not in {None, place}:
                records += self._told(last, group)
                group = {}
            last = place
            group[tag] = value
        return [*records, *self._told(last, group)]

    def _told(
        self, place: tuple[bool, int] | None, group: Mapping[str, float]
    ) -> list[Record]:
        """Return the record that tags of one place make, if any."""
        if place is None:
            return []
        is_epoch, number = place
        # Hugging Face ends with the mean of all losses.
        is_over = any(map(is_summary, group))
        named = {
            tag: value
            for tag, value in group.items()
            if tag not in _NO_METRIC and not (is_over and tag.endswith(_OF_SUMMARY))
        }
        if is_epoch:
            self._epoch = number + 1
            means = {
                metric_of(self._folder, tag.removeprefix(KERAS_EPOCH)): value
                for tag, value in named.items()
            }
            return [Record(number, None, {}, means, ends_epoch=True)]
        self._learn_epoch(named)
        values: dict[str, float] = {}
        means = {}
        step: int | None = number
        for tag, value in named.items():
            if found := _KERAS_STEP.fullmatch(tag):
                values[metric_of(self._folder, found[1] or found[2])] = value
                # Keras counts batches from 0, and from 1 where it has evaluated.
                step = number if found[1] else None
            elif not is_place(tag):
                self._sort(tag, value, values, means)
        return [Record(self._epoch, step, values, means)] if values or means else []

    def _sort(
        self, tag: str, value: float, values: dict[str, float], means: dict[str, float]
    ) -> None:
        """Put a value to those of the step, or to what is told of the epoch."""
        base = base_name(tag)
        if infer_direction(base) is None or base == tag:
            values[metric_of(self._folder, tag)] = value
        elif is_of_epoch(tag):
            means[metric_of(self._folder, base)] = value
        elif not (self._tells_epochs and is_validation(base)):
            # Lightning counts the batches of a validation by themselves.
            values[metric_of(self._folder, base)] = value

    def _learn_epoch(self, group: Mapping[str, float]) -> None:
        """Learn in which epoch a step lies, if that is told."""
        at = next((group[tag] for tag in _EPOCHS if tag in group), None)
        if at is not None and abs(at) <= MOST_EPOCH:
            self._tells_epochs = True
            self._is_fractional = self._is_fractional or at % 1 != 0
            self._epoch = int(at)
            if self._is_fractional:
                # An epoch of 0.4 is in the middle of the first one.
                self._epoch = max(math.ceil(at) - 1, 0)
        elif self._epoch is None and any(map(_KERAS_STEP.fullmatch, group)):
            self._epoch = 0


def at_steps(scalars: list[Scalar]) -> list[Scalar]:
    """Return scalars in which what is logged by epoch stands at a step.

    Many log the losses of batches under their steps, and a validation, or a rate, under
    the number of the epoch: it belongs where it stands between them.
    """
    numbers: dict[str, set[int]] = {}
    for step, tag, _ in scalars:
        numbers.setdefault(tag, set()).add(step)
    most = max((max(each) for each in numbers.values()), default=0)
    if any(tag in _EPOCHS or tag.startswith(KERAS_EPOCH) for tag in numbers):
        return scalars
    by_epoch = {
        tag
        for tag, each in numbers.items()
        if min(each) <= 1 < len(each) == max(each) - min(each) + 1
        and most >= _MANY_STEPS * (max(each) + 1)
    }
    placed: list[Scalar] = []
    last = 0
    for scalar in scalars:
        if scalar.tag in by_epoch:
            placed.append(scalar._replace(step=last))
        else:
            last = scalar.step
            placed.append(scalar)
    return placed


class Restarts:
    """Tells where another training begins to write into a folder."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[int, int]] = {}  # number, and file, of each tag

    def begins_with(self, scalar: Scalar, *, file: int) -> bool:
        """Take in a scalar; return whether another training begins with it.

        Args:
            scalar: The scalar.
            file: Which of the folder's files it is in, in their order.
        """
        step, tag, _ = scalar
        if tag in _EPOCHS or tag in _NO_METRIC:
            return False
        last, last_file = self._last.get(tag, (-1, file))
        is_anew = step < last or (step == last and file != last_file)
        if is_anew:
            self._last = {}
        self._last[tag] = step, file
        return is_anew


def metric_of(folder: str, name: str) -> str:
    """Return the name of a metric with its side.

    >>> metric_of("validation", "loss"), metric_of("logs", "loss/val")
    ('val_loss', 'val_loss')
    """
    first, _, second = name.partition("/")
    if second and {first.lower(), second.lower()} & SIDES.keys():
        is_second = second.lower() in SIDES
        side, name = (second, first) if is_second else (first, second)
        folder = side.lower()
        name = name.lower()
    is_other = SIDES.get(folder, "train") != "train" and not is_validation(name)
    return f"val_{name}" if is_other else name
