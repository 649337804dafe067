"""A log that comes line by line: whose it is, its lines tell."""

from collections import deque
from collections.abc import Sequence
from typing import TypeGuard

from keras_sonify.readers.binary import binary_kind
from keras_sonify.readers.kinds import READERS, LineReader
from keras_sonify.readers.lines import LONGEST_LINE, OVERLONG
from keras_sonify.readers.names import Names
from keras_sonify.readers.refusal import is_headless, no_log
from keras_sonify.readers.rows import LogError, Record, Row, Warn
from keras_sonify.readers.text import TextLines
from keras_sonify.readers.timeline import Timeline

_HEAD = 20  # lines at once by which the kind of a log is told


_MANY = 500  # lines of noise after which it is told that there was no log in them


_MOST_WITHOUT = 20  # rows without any value before that is told


_BLANK = "\ufeff\r\n\t "


class LineLog:
    """A log that comes line by line, of the kind that some of its lines tell.

    Nobody waits for a number of lines: as soon as a reader claims the log, it is read,
    and what is found is given out.

    Args:
        name: What to call the log in messages.
        warn: Function that is given each warning.
        readers: The kinds that it may be of. Defaults to all.
        is_by_step: Boolean. Whether it is told in steps, where that is known. Defaults
            to `None`.
    """

    def __init__(
        self,
        name: str,
        warn: Warn,
        readers: Sequence[type[LineReader]] | None = None,
        *,
        is_by_step: bool | None = None,
    ) -> None:
        self._name = name
        self._warn = warn
        self._readers = READERS if readers is None else readers
        self._text = TextLines()
        self._is_begun = False
        self._head: deque[str] = deque(maxlen=_HEAD)
        self._lines = 0  # that have come before it was claimed
        self._log: LineReader | None = None
        self._has_values = False
        self._without = 0  # rows before the first value
        self._is_warned = False
        self._is_overlong_told = False
        self._is_noise_told = False
        self._names = Names(name, warn)
        self._timeline = Timeline(is_by_step=is_by_step)
        self._is_recorded = False  # whether there have been records

    def feed(self, line: str | bytes) -> list[Row]:
        """Take in what comes next, decoded or not; return the epochs complete with it.

        `OVERLONG` stands for a line that is too long: it is told and passed over.

        Raises:
            LogError: If it is no log.
        """
        if not self._is_begun and isinstance(line, bytes):
            self._is_begun = True
            if told := binary_kind(self._name, line):
                raise LogError(told)
        lines = self._text.skip() if line is OVERLONG else self._text.feed(line)
        if self._log is not None and self._has_values and len(lines) == 1:
            return [self._names.within(row) for row in self._feed(lines[0])]
        return self._count([row for text in lines for row in self._feed(text)])

    def settle(self) -> list[Row]:
        """Return what can be told already, since nothing has come for a while.

        Of a log of steps it is the last row: what still comes of it is one of its own.
        """
        return self._count(self._timeline.settle())

    def finish(self) -> list[Row]:
        """Return the epochs that only the log's end completes.

        Raises:
            LogError: If it was no log.
        """
        rows = [row for text in self._text.finish() for row in self._feed(text)]
        if self._log is not None:
            rows += self._last(self._log.finish())
        elif self._lines:
            raise no_log(self._name, self._head, self._lines)
        rows = self._count([*rows, *self._timeline.finish()])
        self._warn_without_value()
        return rows

    def _pass_over(self) -> None:
        """Tell of a line that is too long to be one of a log."""
        long = f"a line longer than {LONGEST_LINE >> 20} megabytes"
        if self._log is None:
            raise LogError(f"{self._name} is no log: it begins with {long}.")
        if not self._is_overlong_told:
            self._is_overlong_told = True
            self._warn(f"{self._name}: {long}; it was left out.")

    def _feed(self, text: str | None) -> Sequence[Row]:
        if text is None:
            self._pass_over()
            return []
        # Later, a machine that crashed may have left zeros in a log.
        if not self._has_values and "\x00" in text:
            raise LogError(f"{self._name} is no text.")
        if self._log is not None:
            return self._placed(self._log.feed(text))
        is_blank = not text.strip(_BLANK)
        if is_blank and not self._head:
            self._lines += 1
            return []
        self._head.append(text)
        self._lines += 1
        while len(self._head) > 1 and sum(map(len, self._head)) > LONGEST_LINE:
            self._head.popleft()
        return [] if is_blank else self._claim()

    def _claim(self) -> list[Row]:
        """Look whose log it is; return the epochs in the lines that came before."""
        head = list(self._head)
        for kind in self._readers:
            place = kind.claims(head)
            if place is not None:
                lines = head[place:]
                self._log = kind(self._name, self._warn, self._lines - len(lines))
                self._head.clear()
                return [row for each in lines for row in self._feed(each)]
        if is_headless(head):
            raise no_log(self._name, head, self._lines)
        if self._lines >= _MANY and not self._is_noise_told:
            self._is_noise_told = True
            self._warn(
                f"{self._name}: no epoch with values in the first {_MANY} lines so far."
            )
        return []

    def _placed(self, told: Sequence[Row | Record]) -> Sequence[Row]:
        """Return the rows in what was told, and those that records make."""
        if not self._is_recorded and _are_rows(told):
            return told
        self._is_recorded = True
        rows: list[Row] = []
        for each in told:
            if isinstance(each, Record):
                rows += self._timeline.add(each)
            else:
                rows += (*self._timeline.finish(), each)
        return rows

    def _last(self, told: Sequence[Row | Record]) -> list[Row]:
        """Return the rows in what a reader told at the log's end."""
        records = [each for each in told if isinstance(each, Record)]
        if not records or len(records) < len(told):
            return [*self._placed(told)]
        return [*self._timeline.take_whole(records)]

    def _count(self, rows: list[Row]) -> list[Row]:
        """Return rows; tell of a log that has many of them and no value in any."""
        rows = [self._names.within(row) for row in rows]
        if not self._has_values and rows:
            self._has_values = any(values for _, values in rows)
            self._without += len(rows)
            if self._without >= _MOST_WITHOUT:
                self._warn_without_value()
        return rows

    def _warn_without_value(self) -> None:
        if self._without and not self._has_values and not self._is_warned:
            self._is_warned = True
            rows = "1 row" if self._without == 1 else f"{self._without} rows"
            self._warn(
                f"{self._name} holds no value of a metric so far, in {rows}. "
                "Keras's `CSVLogger` writes a log that does."
            )


def _are_rows(told: Sequence[Row | Record]) -> TypeGuard[Sequence[Row]]:
    """Whether there are no records among what a reader told: they come last."""
    return not told or type(told[-1]) is tuple
