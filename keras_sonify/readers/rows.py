"""From what a log holds to epochs, or steps, that Keras would have counted so."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from keras_sonify.training.foreign import shown
from keras_sonify.training.names import keras_name
from keras_sonify.training.points import Window

Row = tuple[int, dict[str, float]]
"""Zero-based epoch and its values by metric; in steps a `StepRow`."""


class StepRow(Row):
    """The same of a log by step: its first part is the step, as its owner counts.

    Attributes:
        window: What the row stands for: the epoch in which it lies, and how many steps.
    """

    window: Window

    def __new__(cls, step: int, values: dict[str, float], window: Window) -> Self:
        """Make one."""
        row = super().__new__(cls, (step, values))
        row.window = window
        return row


class Record(NamedTuple):
    """What stands at one place of a log that tells steps; several may make a row.

    Attributes:
        epoch: Zero-based epoch in which it lies; `None` if it does not say.
        step: The step, as it is written; `None` if it does not say: that of the one
            before.
        values: What was measured there, by metric.
        means: What the log says of the epoch as a whole, by metric. Defaults to none.
        takes_means: Boolean. Whether of a metric that comes again in an epoch the
            mean is the epoch's, and not the last value. Defaults to `True`.
        ends_epoch: Boolean. Whether it says that the epoch ends there. Defaults to
            `False`.
    """

    epoch: int | None
    step: int | None
    values: dict[str, float]
    means: Mapping[str, float] = MappingProxyType({})
    takes_means: bool = True
    ends_epoch: bool = False

    @property
    def is_of_epoch(self) -> bool:
        """Whether it tells of an epoch that is over, and of no step."""
        return self.ends_epoch and self.step is None


Warn = Callable[[str], None]

MOST_EPOCH = 2**53  # floats, in which epochs may be logged, tell no greater ones apart


class LogError(ValueError):
    """A log that cannot be read; the message names the file and says why."""

    def __init__(self, message: str) -> None:
        super().__init__(shown(message))


def metric_names(columns: Iterable[str]) -> dict[str, str]:
    """Return Keras's name for each column of a log.

    `Validation Loss`, `eval_loss` and `val_loss` are one thing to the ear. A column
    keeps its own name where the new one would clash with another column's.

    >>> metric_names(["Train Accuracy", "Validation Loss", "val_acc"])
    {'Train Accuracy': 'accuracy', 'Validation Loss': 'val_loss', 'val_acc': 'val_acc'}
    """
    columns = list(columns)
    new = {column: keras_name(column) for column in columns}
    counts: dict[str, int] = {}
    for name in new.values():
        counts[name] = counts.get(name, 0) + 1
    return {
        column: name if counts[name] == 1 else column for column, name in new.items()
    }


def read_number(text: str) -> float | None:
    """Return a cell's number; `None` if it holds none.

    `nan` and `inf` are numbers that went wrong; `NA` and nothing are absent ones.
    """
    try:
        return float(text)
    except ValueError:
        return None


def window_of(row: tuple[int, Mapping[str, Any]]) -> Window | None:
    """Return what a row of steps stands for; `None` if it is an epoch."""
    return row.window if isinstance(row, StepRow) else None


def read_step(number: float | None) -> int | None:
    """Return a number as a step; `None` if it is none: steps are whole."""
    is_whole = number is not None and 0 <= number <= MOST_EPOCH and number % 1 == 0
    return int(number) if number is not None and is_whole else None


class EpochCounter:
    """Gives rows epochs that rise within a run; a run begins where they fall back.

    Steps stay as they are: somebody has counted them.

    Where the epoch stays the same, a row like the one before is left out (a resumed
    training wrote its last epoch again); else the epochs are counted on (`fit` called
    in a loop writes epoch 0 again and again).
    """

    def __init__(self) -> None:
        self._last_raw = 0
        self._last = -1
        self._last_values: dict[str, float] | None = None

    def count(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows that are no repetition, counted."""
        for row in rows:
            if isinstance(row, StepRow):
                yield row
                continue
            raw, values = row
            # By their text, since NaN equals nothing.
            if raw == self._last_raw and repr(values) == repr(self._last_values):
                continue
            if self._last_values is None or raw < self._last_raw:
                self._last = raw
            else:
                self._last += max(raw - self._last_raw, 1)
            self._last_raw, self._last_values = raw, values
            yield self._last, values
