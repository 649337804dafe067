"""One reader for any log: what it is, is told by its content, not by its name."""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Protocol, TypeGuard

from keras_sonify.readers.binary import binary_kind
from keras_sonify.readers.console_log import ConsoleLog
from keras_sonify.readers.csv_log import CsvLog
from keras_sonify.readers.folder import log_in
from keras_sonify.readers.json_log import JsonLog
from keras_sonify.readers.lines import LONGEST_LINE, OVERLONG
from keras_sonify.readers.mlflow_run import is_mlflow_run, read_mlflow_run
from keras_sonify.readers.names import Names
from keras_sonify.readers.own_log import OwnLog
from keras_sonify.readers.printed_steps import PrintedSteps
from keras_sonify.readers.refusal import is_headless, no_log
from keras_sonify.readers.rows import EpochCounter, LogError, Record, Row, Warn
from keras_sonify.readers.text import TextLines
from keras_sonify.readers.timeline import Timeline
from keras_sonify.readers.yolo_results import YoloResults
from keras_sonify.training.foreign import shown
from keras_sonify.training.record import ABOUT, LOG
from keras_sonify.training.warn import warn as warn_user

_EVENT_MARK = b"brain.Event:"  # in the first record of a TensorBoard event file
_MARK_WITHIN = 256  # bytes from its beginning
_PIECE = 2**20  # bytes or characters that are taken at once of a longer line
_HEAD = 20  # lines at once by which the kind of a log is told
_MANY = 500  # lines of noise after which it is told that there was no log in them
_MOST_WITHOUT = 20  # rows without any value before that is told
_BLANK = "\ufeff\r\n\t "


def read_log(
    source: str | os.PathLike[str] | IO[Any],
    *,
    warn: Warn = warn_user,
) -> Iterator[tuple[int, dict[str, float]]]:
    """Yield what `on_epoch_end` was given, epoch by epoch, from a log of it.

    Understood are files of Keras's `CSVLogger` and other tables with a header (any
    separator, pandas' or Lightning's too), what Keras prints while it trains, and what
    others print if it names epochs and numbers, a saved `History.history`, JSON lines,
    Hugging Face's `trainer_state.json`, TensorBoard event files or the directory that
    holds them, the folder of a run of MLflow, and the directory of a run of ours, or
    that into which Lightning or a Hugging Face trainer writes: its newest log. What a
    log is, is told by its content. It is read as a stream: memory does not grow with
    a table's length.

    A log that tells steps is told in steps where several of them lie in an epoch, or
    where there is hardly an epoch; else in epochs, the mean of the steps of each.

    Neither pandas nor Keras nor TensorFlow is needed; event files need the
    `tensorboard` package: `pip install 'keras_sonify[tensorboard]'`.

    Args:
        source: Path of a file or directory, or an open file, text or binary.
        warn: Function that is given a sentence about each kind of damage in the log,
            with the line. Defaults to `warnings.warn`.

    Yields:
        Pairs of the zero-based epoch and a dictionary from metric to value. Values
        that are absent in the log (`NA`) are absent; `nan` and `inf` are values. A
        log that was appended to holds several runs: one begins where the epoch
        falls back. Of a log that is told in steps, pairs of the step, as the log
        counts it, and what was measured there; such a pair has a `window`, which says
        in which epoch it lies (`window.epoch`) and whether that ends with it
        (`window.ends_epoch`). What is told of a whole epoch is called `epoch_loss`.

    Raises:
        LogError: If it is no log.
        OSError: If it cannot be read.

    Example:

    ```python
    for epoch, logs in read_log("model_log.csv"):
        print(epoch, logs["loss"])
    ```
    """
    yield from EpochCounter().count(_rows(source, warn))


def _rows(source: str | os.PathLike[str] | IO[Any], warn_raw: Warn) -> Iterator[Row]:
    def warn(message: str) -> None:
        warn_raw(shown(message))  # the log's own name may be anything

    if not isinstance(source, str | os.PathLike):
        yield from _read_lines(source, str(getattr(source, "name", "the log")), warn)
        return
    path = Path(source)
    if path.is_dir():
        path = log_in(path) or path
    if is_mlflow_run(path):
        yield from read_mlflow_run(path, warn)
        return
    is_events = path.is_dir()
    if not is_events:
        with path.open("rb") as file:
            # Looked at, not read: what comes from a pipe comes only once.
            is_events = _EVENT_MARK in file.peek(_MARK_WITHIN)[:_MARK_WITHIN]
            if not is_events:
                yield from _read_lines(file, path.name, warn, readers_of(path))
    if is_events:
        from keras_sonify.readers.event_log import read_events

        yield from read_events(path, warn)


def readers_of(path: Path) -> "Sequence[type[LineReader]]":
    """Return the readers that a log may be of: of our own record much is known."""
    is_ours = path.name == LOG and path.with_name(ABOUT).is_file()
    return (OwnLog,) if is_ours else READERS


def _read_lines(
    file: IO[Any],
    name: str,
    warn: Warn,
    readers: "Sequence[type[LineReader]] | None" = None,
) -> Iterator[Row]:
    log = LineLog(name, warn, readers)
    while piece := file.readline(_PIECE):
        yield from log.feed(piece)
    yield from log.finish()


class LineReader(Protocol):
    """Reads one kind of log, line by line as it grows. One of them reads one log."""

    def __init__(self, name: str, warn: Warn, before: int = 0) -> None:
        """Begin a log.

        Args:
            name: What to call it in messages.
            warn: Function that is given each warning.
            before: How many lines there were before its first one.
        """

    @staticmethod
    def claims(head: Sequence[str]) -> int | None:
        """Return with which of these lines a log of this kind begins.

        Asked with each line that comes, until somebody claims the log. What stands
        before it is noise, of which nobody is told.

        Args:
            head: The last lines that have come, at most twenty.

        Returns:
            Its place in `head`; `None` if there is no such log in it yet.
        """

    def feed(self, line: str) -> Sequence[Row | Record]:
        r"""Take in one line; return the epochs that are complete now.

        Where the log tells steps, it returns records: which of them make a row, and
        whether the rows are epochs or steps, is found out for it.

        Args:
            line: The line with its end. `\r` or `\b` as the end tells that it was
                drawn anew.

        Raises:
            LogError: If it is no log.
        """

    def finish(self) -> Sequence[Row | Record]:
        """Return the epochs that only the log's end completes."""


READERS: tuple[type[LineReader], ...] = (
    JsonLog,
    YoloResults,
    CsvLog,
    ConsoleLog,
    PrintedSteps,
)
"""All kinds of logs in lines. Of several that claim a log, the first one reads it."""


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
