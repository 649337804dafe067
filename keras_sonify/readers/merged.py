"""Epochs that several rows of a log make together."""

from keras_sonify.readers.rows import Row
from keras_sonify.training.directions import infer_direction


class Merged:
    """Merges the rows that follow one another in one epoch.

    Of a metric that comes again, as that of each hundredth batch does, the mean is the
    epoch's; of what is no measure, a learning rate, say, the last value.
    """

    def __init__(self) -> None:
        self._epoch: int | None = None
        self._values: dict[str, float] = {}
        self._counts: dict[str, int] = {}

    def add(self, row: Row, *, takes_means: bool = True) -> list[Row]:
        """Take in a row; return the epoch before, if this is the first of another.

        Args:
            row: The row.
            takes_means: Boolean. Whether what comes again is not a mean already.
                Defaults to `True`.
        """
        epoch, values = row
        rows = self.finish() if epoch != self._epoch else []
        self._epoch = epoch
        for name, value in values.items():
            count = self._counts[name] = self._counts.get(name, 0) + 1
            before = self._values.get(name)
            if takes_means and before is not None and infer_direction(name):
                value = before + (value - before) / count  # noqa: PLW2901 - the mean
            self._values[name] = value
        return rows

    @property
    def epoch(self) -> int | None:
        """The epoch that is still to come; `None` before the first one."""
        return self._epoch

    def finish(self) -> list[Row]:
        """Return the last epoch."""
        epoch, values = self._epoch, self._values
        self._epoch, self._values, self._counts = None, {}, {}
        return [] if epoch is None else [(epoch, values)]
