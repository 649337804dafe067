"""One reader for any log: what it is, is told by its content, not by its name."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from keras_sonify.readers.csv_log import CsvLog
from keras_sonify.readers.json_log import JsonLog
from keras_sonify.readers.rows import EpochCounter, LogError, Row, Warn
from keras_sonify.training.warn import warn as warn_user

_LONGEST_LINE = 2**28  # bytes; a longer one is no log's
_EVENT_MARK = b"brain.Event:"  # in the first record of a TensorBoard event file
_MARK_WITHIN = 256  # bytes from its beginning


def read_log(
    source: str | os.PathLike[str] | IO[Any],
    *,
    warn: Warn = warn_user,
) -> Iterator[tuple[int, dict[str, float]]]:
    """Yield what `on_epoch_end` was given, epoch by epoch, from a log of it.

    Understood are files of Keras's `CSVLogger` and other tables with a header (any
    separator, pandas' or Lightning's too), a saved `History.history`, JSON lines,
    Hugging Face's `trainer_state.json`, and TensorBoard event files or the directory
    that holds them. What a log is, is told by its content. It is read as a stream:
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


def _rows(source: str | os.PathLike[str] | IO[Any], warn: Warn) -> Iterator[Row]:
    if not isinstance(source, str | os.PathLike):
        yield from _read_lines(source, str(getattr(source, "name", "the log")), warn)
        return
    path = Path(source)
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
    while line := file.readline(_LONGEST_LINE):
        yield from log.feed(line)
    yield from log.finish()


class LineLog:
    """A log that comes line by line: a table or JSON, as its first line tells.

    Args:
        name: What to call the log in messages.
        warn: Function that is given each warning.
    """

    def __init__(self, name: str, warn: Warn) -> None:
        self._name = name
        self._warn = warn
        self._log: CsvLog | JsonLog | None = None
        self._has_values = False

    def feed(self, line: str | bytes) -> list[Row]:
        """Take in one line, decoded or not; return the epochs complete with it.

        Raises:
            LogError: If it is no log.
        """
        text = line if isinstance(line, str) else line.decode("utf-8", "replace")
        # Later, a machine that crashed may have left zeros in a log.
        if not self._has_values and "\x00" in text:
            raise LogError(f"{self._name} is no text.")
        if self._log is None:
            start = text.strip("\ufeff\r\n\t ")[:1]
            if not start:
                return []
            kind = JsonLog if start in "{[" else CsvLog
            self._log = kind(self._name, self._warn)
        rows = self._log.feed(text)
        self._has_values = self._has_values or any(values for _, values in rows)
        return rows

    def finish(self) -> list[Row]:
        """Return the epochs that only the log's end completes."""
        return self._log.finish() if self._log else []
