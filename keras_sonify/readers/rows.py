"""From what a log holds to epochs that Keras would have counted so."""

from collections.abc import Callable, Iterable, Iterator

from keras_sonify.training.foreign import shown
from keras_sonify.training.names import keras_name

Row = tuple[int, dict[str, float]]
"""Zero-based epoch and its values by metric."""

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


class EpochCounter:
    """Gives rows epochs that rise within a run; a run begins where they fall back.

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
        for raw, values in rows:
            # By their text, since NaN equals nothing.
            if raw == self._last_raw and repr(values) == repr(self._last_values):
                continue
            if self._last_values is None or raw < self._last_raw:
                self._last = raw
            else:
                self._last += max(raw - self._last_raw, 1)
            self._last_raw, self._last_values = raw, values
            yield self._last, values
