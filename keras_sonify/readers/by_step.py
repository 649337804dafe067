"""From the records of a log by step to its rows, each at its step."""

from collections.abc import Mapping

from keras_sonify.readers.merged import Merged
from keras_sonify.readers.rows import Record, Row, StepRow
from keras_sonify.training.axis import EPOCH_MEAN
from keras_sonify.training.directions import infer_direction
from keras_sonify.training.names import is_validation
from keras_sonify.training.points import Window

_MOST_KNOWN = 1000  # metrics; a log that has more is damaged


class Steps:
    """Makes rows of the records of a log by step: one of all that lie at one step."""

    def __init__(self) -> None:
        self._row = Merged()
        self._step: int | None = None
        self._epoch = 0
        self._row_epoch = 0
        self._is_told = False  # whether the log says in which epoch it is
        self._ends_epoch = False
        self._raw = 0  # the step as it was written last
        self._base = 0  # what it lacks where each epoch counts anew
        self._trained = -1  # the last one of the training, as it was written
        self._stride = 1
        self._known: set[str] = set()  # metrics that came at a step of their own
        self._window = Window(0)
        # Lightning tells a rate before the rest of a step, and not in which epoch.
        self._ahead: Record | None = None

    def add(self, record: Record) -> list[Row]:
        """Take in a record; return the row before it, if it is of another step."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead.step != record.step:
            return [*self._add(ahead), *self.add(record)]
        if ahead is not None:
            record = record._replace(values=ahead.values | record.values)
        is_ahead = record.step is not None and record.step > self._raw
        if record.epoch is None and self._is_told and is_ahead:
            self._ahead = record
            return []
        return self._add(record)

    def _add(self, record: Record) -> list[Row]:
        values = record.values | _named_means(record.means)
        if not values:
            return []
        step = self._step_of(record)
        epoch = self._epoch if record.epoch is None else record.epoch
        # The next one says that an epoch is over.
        self._ends_epoch = self._ends_epoch or epoch > self._epoch
        rows = self._close() if step != self._step else []
        self._step, self._epoch = step, epoch
        self._ends_epoch = self._ends_epoch or record.ends_epoch
        if self._row.epoch is None:
            self._row_epoch = epoch
        # What is told of a step once more, by a run begun anew, say, counts.
        self._row.add((step, values), takes_means=False)
        return rows

    def settle(self) -> list[Row]:
        """Return what has come so far."""
        ahead, self._ahead = self._ahead, None
        return [*(self._add(ahead) if ahead is not None else ()), *self._close()]

    def _close(self) -> list[Row]:
        """Return the row under way; what still comes of it is one of its own."""
        ends_epoch, self._ends_epoch = self._ends_epoch, False
        window = self._window
        if (window.epoch, window.ends_epoch) != (self._row_epoch, ends_epoch):
            # Rows share what they stand for: a log may have 300 000 of them.
            window = Window(self._row_epoch, ends_epoch=ends_epoch)
        if not ends_epoch:
            self._window = window
        return [StepRow(at, values, window) for at, values in self._row.finish()]

    def finish(self) -> list[Row]:
        """Return the last row."""
        return self.settle()

    def _step_of(self, record: Record) -> int:
        """Return the step of a record, counted through the whole run."""
        raw, last = record.step, self._step
        is_next = record.epoch is not None and record.epoch > self._epoch
        self._is_told = self._is_told or record.epoch is not None
        if raw is None:
            return last or 0
        if last is None or raw >= self._raw:
            if raw > self._trained and not all(map(is_validation, record.values)):
                self._stride = raw - self._trained if last is not None else 1
                self._trained = raw
            if len(self._known) < _MOST_KNOWN:
                self._known |= record.values.keys()
        elif is_next:  # each epoch counts its batches anew
            following = self._trained + self._base + self._stride
            self._base = max(following, last + 1) - raw
            self._trained = raw
        elif record.epoch is None and self._is_of_what_is_there(record):
            return last
        else:  # a run begins
            self._base, self._trained = 0, raw
        self._raw = raw
        return raw + self._base

    def _is_of_what_is_there(self, record: Record) -> bool:
        """Whether a record whose step falls back counts something else by it.

        MMEngine tells with the values of a validation the number of the epoch.
        """
        return self._is_told or self._known.isdisjoint(record.values)


def _named_means(means: Mapping[str, float]) -> dict[str, float]:
    """Return what is told of an epoch, under the names that it has in a row of steps.

    A validation is measured once: its mean is its value; and so it is with a rate.
    """
    return {
        f"{EPOCH_MEAN}{name}" if _has_steps(name) else name: value
        for name, value in means.items()
    }


def _has_steps(name: str) -> bool:
    return infer_direction(name) is not None and not is_validation(name)
