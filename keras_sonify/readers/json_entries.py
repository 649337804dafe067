"""An entry of a log in JSON, a line or one of a list: its place, and its values."""

import math
from collections.abc import Mapping
from typing import Any

from keras_sonify.readers.first_epoch import FirstEpoch
from keras_sonify.readers.json_forms import as_number
from keras_sonify.readers.rows import MOST_EPOCH, Record, metric_names, read_step
from keras_sonify.readers.sides import is_validation_side, side_of, with_side
from keras_sonify.readers.step_names import find_epoch, find_step, is_place, is_summary
from keras_sonify.training.values import read_scalar, read_values

# What a Hugging Face trainer notes besides metrics.
_NO_METRIC = frozenset(["epoch", "step", "iter"])
_NO_METRIC_ENDS = ("_flos", "_runtime", "_per_second")


class Entries:
    """Reads entries that tell steps, all of one log.

    Args:
        first: What makes its epochs zero-based.
    """

    def __init__(self, first: FirstEpoch) -> None:
        self._first = first
        self._is_fractional = False

    def read(self, entry: Mapping[Any, Any]) -> Record:
        """Return what an entry holds: nothing, if it is a summary of all of them."""
        names = tuple(map(str, entry))
        at, told = find_step(names), find_epoch(names)
        step = read_step(read_scalar(entry.get(at)))
        if side := side_of(entry):
            # MMDetection counts here the batches of the validation.
            is_other = told is not None and at is not None and at.lower() == "iter"
            step = None if is_other and is_validation_side(entry[side]) else step
            entry = with_side(entry, side)
        epoch, ends_epoch = self._epoch(read_scalar(entry.get(told)))
        if any(map(is_summary, names)):
            return Record(epoch, None, {})
        places = (name for name in names if is_place(name))
        values = entry_values(entry, {*places, *(f"val_{name}" for name in _NO_METRIC)})
        takes_means = not self._is_fractional
        return Record(epoch, step, values, {}, takes_means, ends_epoch)

    def _epoch(self, at: float | None) -> tuple[int | None, bool]:
        """Return the epoch in which a number lies, and whether it ends there."""
        if at is None or not abs(at) <= MOST_EPOCH:  # nor NaN
            return None, False
        self._is_fractional = self._is_fractional or at % 1 != 0
        if not self._is_fractional:
            return self._first.zero_based(int(at)), False
        # An epoch of 0.4 is in the middle of the first one.
        return max(math.ceil(at) - 1, 0), at % 1 == 0 and at > 0


def entry_values(
    entry: Mapping[Any, Any], places: "frozenset[str] | set[str]" = _NO_METRIC
) -> dict[str, float]:
    """Return the metrics of an entry.

    Args:
        entry: The entry.
        places: What in it tells a place. Defaults to what a Hugging Face trainer has.
    """
    values = read_values(
        {
            name_of(key): as_number(value)
            for key, value in entry.items()
            if key not in places and not str(key).endswith(_NO_METRIC_ENDS)
        },
    ).numbers
    names = metric_names(values)
    return {names[key]: value for key, value in values.items()}


def name_of(key: object) -> str:
    """Return a key as it can be written: JSON may hold halves of surrogate pairs."""
    return str(key).encode("utf-8", "replace").decode()


def epoch_of(entry: Mapping[Any, Any]) -> int | None:
    """Return the epoch that an entry tells; `None` if it tells none."""
    at = read_scalar(entry.get("epoch"))
    return int(at) if at is not None and abs(at) <= MOST_EPOCH else None


def tells_step(entry: object) -> bool:
    """Whether an entry says at which step it was."""
    if not isinstance(entry, Mapping):
        return False
    name = find_step(tuple(map(str, entry)))
    return name is not None and read_step(read_scalar(entry.get(name))) is not None
