"""What a training printed: Keras's bars, and others' lines of numbers with names."""

import math
from collections.abc import Sequence

from keras_sonify.readers.keras_bar import Bar, read_bar, read_head
from keras_sonify.readers.named_numbers import find_epoch, find_numbers
from keras_sonify.readers.rows import MOST_EPOCH, Row, Warn, metric_names
from keras_sonify.training.directions import is_metric_name

_BLANK = "\r\n\b\t \x00"


class ConsoleLog:
    """Takes in the lines that were printed and gives out the epochs.

    An epoch is given out as soon as it has all that the one before had.

    Args:
        name: What to call the log in messages.
        warn: Function that is given each warning.
        before: Number of lines that were there before its first one. Defaults to `0`.
    """

    def __init__(self, name: str, warn: Warn, before: int = 0) -> None:
        self._printed = PrintedEpochs()
        self._bars = BarEpochs(name, warn)
        self._line = before
        self._is_keras = False

    @staticmethod
    def claims(head: Sequence[str]) -> int | None:
        """Return the last line, if it begins an epoch or tells of one."""
        last = head[-1].strip(_BLANK)
        bar = read_bar(last)
        is_told = read_head(last) is not None or (bar is not None and bar.values)
        return len(head) - 1 if is_told or _is_epoch(last) else None

    def feed(self, line: str) -> list[Row]:
        """Take in one line; return the epochs that are complete now."""
        self._line += 1
        text = line.strip(_BLANK)
        if not text:
            return []
        if (bar := read_bar(text)) is not None:
            self._is_keras = self._is_keras or bool(bar.values)
            return self._bars.read(bar, self._line, stood=line[-1] == "\n")
        if (epoch := read_head(text)) is not None:
            rows = self._bars.begin(epoch, self._line)
            return (
                rows if self._is_keras else [*rows, *self._printed.begin(float(epoch))]
            )
        return [] if self._is_keras else self._printed.read(text)

    def finish(self) -> list[Row]:
        """Return the epochs that only the log's end completes."""
        return self._bars.finish() if self._is_keras else self._printed.finish()


def _is_epoch(line: str) -> bool:
    """Whether a line tells the values of an epoch."""
    return find_epoch(line) is not None and any(map(is_metric_name, find_numbers(line)))


class BarEpochs:
    """The epochs of Keras, from its lines.

    Args:
        name: What to call the log in messages.
        warn: Function that is given each warning.
    """

    def __init__(self, name: str, warn: Warn) -> None:
        self._name = name
        self._warn = warn
        self._epoch: int | None = None  # as printed; `None` before the first one
        self._line = 0  # in which it began
        self._again = 0  # how often that epoch has come, `fit` being called in a loop
        self._is_begun = False  # not only with a head, which others print, too
        self._is_done = False
        self._held: Bar | None = None
        self._known: frozenset[str] = frozenset()  # what the epoch before had

    def begin(self, epoch: int, line: int) -> list[Row]:
        """Begin an epoch; return the one before, if it was still to come.

        Args:
            epoch: Its number, as printed.
            line: The number of the line.
        """
        if epoch == self._epoch and not self._is_done and self._held is None:
            return []  # a line that was written once more
        rows = self._close()
        if not rows and self._is_begun and not self._is_done:
            self._warn(
                f"{self._name}, line {self._line}: epoch {self._epoch} has no values "
                "at its end; it was left out."
            )
        is_again = epoch == self._epoch
        self._again = self._again + 1 if is_again else 0
        self._epoch, self._line, self._is_done = epoch, line, False
        return rows

    def read(self, bar: Bar, line: int, *, stood: bool) -> list[Row]:
        """Take in a line with values; return the epoch that it completes.

        Args:
            bar: The line.
            line: Its number.
            stood: Boolean. Whether it was not drawn anew in its place.
        """
        if self._epoch is None or self._is_done:
            return []
        self._is_begun = True
        if not bar.is_done:
            # Where the end has been seen, this is of `evaluate`.
            return self._close() if self._held else []
        for damaged in bar.damaged:
            self._warn(
                f"{self._name}, line {line}: {damaged!r} holds no number; it was left "
                "out."
            )
        names = bar.values.keys()
        if names and (self._held is None or names >= self._held.values.keys()):
            self._held = bar
        if self._held is not bar:
            return []
        has_all = bar.is_last or (self._known and names >= self._known)
        # The values of the validation come last.
        is_validated = any(name.startswith("val_") for name in names)
        return self._close() if stood and (has_all or is_validated) else []

    def finish(self) -> list[Row]:
        """Return the last epoch, unless it ended in its midst."""
        is_cut = self._held is not None and not self._held.values.keys() >= self._known
        return [] if is_cut else self._close()

    def _close(self) -> list[Row]:
        held, self._held = self._held, None
        if held is None or self._epoch is None:
            return []
        self._is_done, self._known = True, frozenset(held.values)
        return [(min(self._epoch - 1 + self._again, MOST_EPOCH), held.values)]


class PrintedEpochs:
    """The epochs of anyone else, from the numbers with names in what is printed."""

    def __init__(self) -> None:
        self._epoch: int | None = None
        self._told: float | None = None  # the epoch, as printed
        self._base = 0
        self._values: dict[str, float] = {}
        self._known: frozenset[str] = frozenset()
        self._is_done = False
        self._comes_again = False  # values of batches, the last of which counts

    def begin(self, at: float) -> list[Row]:
        """Begin an epoch, or go on with it; return the one before, if it is another."""
        if self._told is None or at < self._told:  # a training may count as it likes
            self._base = int(at != 0)
        self._told = at
        # Who prints parts of epochs prints 0.4 in the midst of the first one.
        epoch = int(at) - self._base if at.is_integer() else math.ceil(at) - 1
        if epoch == self._epoch:
            return []
        rows = self._close()
        self._epoch, self._is_done = epoch, False
        return rows

    def read(self, line: str) -> list[Row]:
        """Take in a line; return the epochs that are complete with it."""
        values = find_numbers(line)
        at = find_epoch(line)
        rows = [] if at is None or at > MOST_EPOCH else self.begin(at)
        if self._epoch is None or self._is_done:
            return rows
        names = metric_names(values)
        for name, value in values.items():
            self._comes_again = self._comes_again or names[name] in self._values
            self._values[names[name]] = value
        if self._known and self._known <= self._values.keys() and not self._comes_again:
            rows += self._close()
        return rows

    def finish(self) -> list[Row]:
        """Return the last epoch."""
        return self._close()

    def _close(self) -> list[Row]:
        values, self._values = self._values, {}
        if self._epoch is None or not any(map(is_metric_name, values)):
            return []
        self._is_done, self._known = True, frozenset(values)
        return [(self._epoch, values)]
