"""Tables that other tools export: which metric they are of, or that they are none."""

import re
from collections.abc import Sequence

from keras_sonify.readers.cells import Cells
from keras_sonify.readers.sides import is_side

TENSORBOARD = ["wall time", "step", "value"]
"""The columns of one metric, as TensorBoard exports it, in lower case."""

_EXPORT = re.compile(r"run-(?P<run>.+?)-tag-(?P<tag>.+)")
RUN_NAMES = frozenset(["name", "run", "run_name", "run name", "run_id", "experiment"])
"""Columns that hold the names of runs, in lower case."""
_LONGEST_TOLD = 40  # characters of a cell


def metric_of_file(name: str) -> str:
    """Return the metric whose values a file holds, by the file's name.

    >>> metric_of_file("valid_loss.csv")
    'valid_loss'
    >>> metric_of_file("run-fit_validation-tag-epoch_loss.csv")
    'validation_loss'
    """
    stem = re.sub(r"\.\w+$", "", name)
    if found := _EXPORT.fullmatch(stem):
        side = re.split(r"[_.\W]", found["run"])[-1]
        metric = found["tag"].removeprefix("epoch_")
        return f"{side}_{metric}" if is_side(side) else metric
    return stem


def counts_epochs(name: str) -> bool:
    """Whether the steps of what TensorBoard exported are epochs, as Keras's are."""
    found = _EXPORT.fullmatch(re.sub(r"\.\w+$", "", name))
    return found is not None and found["tag"].startswith("epoch_")


def trainings_in_rows(header: Sequence[str], row: Sequence[str]) -> str | None:
    """Return a sentence where each row is a training of its own; else `None`.

    Args:
        header: The names of the columns of a table without epochs.
        row: Its first row.
    """
    cells = Cells(",")
    for name, cell in zip(header, row, strict=True):
        if name.lower() in RUN_NAMES and cell and cells.read(cell) is None:
            return (
                f"each row is a training of its own, as its {name} says "
                f"({cell[:_LONGEST_TOLD]!r}), not an epoch of one: `keras-sonify "
                "compare` takes it. Or export the history of one of them."
            )
    return None
