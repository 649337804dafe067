"""One reader for any log: what it is, is told by its content, not by its name."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

from keras_sonify.readers.csv_log import CsvLog
from keras_sonify.readers.json_log import JsonLog
from keras_sonify.readers.lines import LONGEST_LINE, OVERLONG
from keras_sonify.readers.names import Names
from keras_sonify.readers.rows import EpochCounter, LogError, Row, Warn
from keras_sonify.training.foreign import shown
from keras_sonify.training.record import LOG
from keras_sonify.training.warn import warn as warn_user

_EVENT_MARK = b"brain.Event:"  # in the first record of a TensorBoard event file
_MARK_WITHIN = 256  # bytes from its beginning
_HEAD = 20  # lines by which the kind of a log is told
_MOST_WITHOUT = 20  # rows without any value before that is told
_BLANK = "\ufeff\r\n\t "


def read_log(
    source: str | os.PathLike[str] | IO[Any],
    *,
    warn: Warn = warn_user,
) -> Iterator[tuple[int, dict[str, float]]]:
    """Yield what `on_epoch_end` was given, epoch by epoch, from a log of it.

    Understood are files of Keras's `CSVLogger` and other tables with a header (any
    separator, pandas' or Lightning's too), a saved `History.history`, JSON lines,
    Hugging Face's `trainer_state.json`, TensorBoard event files or the directory that
    holds them, and the directory of a run of ours. What a log is, is told by its
    content. It is read as a stream:
    memory does not grow with a table's length.

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
        falls back.

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
    if (path / LOG).is_file():
        path = path / LOG  # a run's own directory
    is_events = path.is_dir()
    if not is_events:
        with path.open("rb") as file:
            # Looked at, not read: what comes from a pipe comes only once.
            is_events = _EVENT_MARK in file.peek(_MARK_WITHIN)[:_MARK_WITHIN]
            if not is_events:
                yield from _read_lines(file, path.name, warn)
    if is_events:
        from keras_sonify.readers.event_log import read_events

        yield from read_events(path, warn)


def _read_lines(file: IO[Any], name: str, warn: Warn) -> Iterator[Row]:
    log = LineLog(name, warn)
    while line := file.readline(LONGEST_LINE):
        yield from log.feed(line if _is_whole(line) else OVERLONG)
        while not _is_whole(line):
            line = file.readline(LONGEST_LINE)  # the rest of it is passed over
    yield from log.finish()


def _is_whole(line: str | bytes) -> bool:
    return len(line) < LONGEST_LINE or line[-1:] in ("\n", b"\n")


class LineReader(Protocol):
    """Reads one kind of log, line by line as it grows. One of them reads one log."""

    def __init__(self, name: str, warn: Warn) -> None:
        """Begin a log; `name` is what to call it in messages."""

    @staticmethod
    def claims(head: Sequence[str]) -> bool:
        """Whether a log that begins so is of this kind.

        Asked with each of the first lines, until somebody claims the log.

        Args:
            head: The lines that have come, the empty ones left out.
        """

    def feed(self, line: str) -> list[Row]:
        """Take in one line; return the epochs that are complete now.

        Raises:
            LogError: If it is no log.
        """

    def finish(self) -> list[Row]:
        """Return the epochs that only the log's end completes."""


READERS: tuple[type[LineReader], ...] = (
    JsonLog,
    CsvLog,
)
"""All kinds of logs in lines. The last one reads what nobody claims."""


class LineLog:
    """A log that comes line by line, of the kind that its first lines tell.

    Nobody waits for them: until another kind claims the log, the last of `READERS`
    reads it, and what it finds is given out from the first value on.

    Args:
        name: What to call the log in messages.
        warn: Function that is given each warning.
    """

    def __init__(self, name: str, warn: Warn) -> None:
        self._name = name
        self._warn = warn
        self._head: list[str] = []
        self._log: LineReader | None = None
        self._is_known = False
        self._held: list[Row] = []  # without any value, until the kind is known
        self._held_warnings: list[str] = []
        self._has_values = False
        self._without = 0  # rows before the first value
        self._is_warned = False
        self._is_overlong_told = False
        self._names = Names(name, warn)

    def feed(self, line: str | bytes) -> list[Row]:
        """Take in one line, decoded or not; return the epochs complete with it.

        `OVERLONG` is told and passed over.

        Raises:
            LogError: If it is no log.
        """
        if line is OVERLONG:
            self._pass_over()
            return []
        text = line if isinstance(line, str) else line.decode("utf-8", "replace")
        # Later, a machine that crashed may have left zeros in a log.
        if not self._has_values and "\x00" in text:
            raise LogError(f"{self._name} is no text.")
        if self._log is not None and self._is_known:
            return self._count(self._log.feed(text))
        return self._count(self._feed_head(text))

    def finish(self) -> list[Row]:
        """Return the epochs that only the log's end completes."""
        if self._log is None:
            return []
        rows = self._count([*self._settle(), *self._log.finish()])
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

    def _feed_head(self, text: str) -> list[Row]:
        """Take in one of the first lines, by which the kind of the log is told."""
        if not text.strip(_BLANK):
            return self._log.feed(text) if self._log else []
        self._head.append(text)
        *others, last = READERS
        kind = next((kind for kind in others if kind.claims(self._head)), None)
        if kind is not None:
            log, lines = kind(self._name, self._tell), self._head
            self._log, self._held, self._held_warnings = log, [], []
            return [*self._settle(), *(row for each in lines for row in log.feed(each))]
        if self._log is None:
            self._log = last(self._name, self._tell)
        self._held += self._log.feed(text)
        is_short = sum(map(len, self._head)) < LONGEST_LINE and len(self._head) < _HEAD
        if is_short and not any(values for _, values in self._held):
            return []
        return self._settle()

    def _settle(self) -> list[Row]:
        """Keep to the reader that there is; return what was held back for it."""
        self._is_known, self._head = True, []
        for warning in self._held_warnings:
            self._warn(warning)
        held, self._held, self._held_warnings = self._held, [], []
        return held

    def _tell(self, warning: str) -> None:
        """Pass a warning on, unless another reader may still claim the log."""
        if self._is_known:
            self._warn(warning)
        else:
            self._held_warnings.append(warning)

    def _count(self, rows: list[Row]) -> list[Row]:
        """Return rows; tell of a log that has many of them and no value in any."""
        rows = [self._names.within(row) for row in rows]
        if not self._has_values:
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
