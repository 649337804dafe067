"""The kinds of logs in lines, and what a reader of one is asked."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from keras_sonify.readers.console_log import ConsoleLog
from keras_sonify.readers.csv_log import CsvLog
from keras_sonify.readers.json_log import JsonLog
from keras_sonify.readers.own_log import OwnLog
from keras_sonify.readers.printed_steps import PrintedSteps
from keras_sonify.readers.rows import Record, Row, Warn
from keras_sonify.readers.yolo_results import YoloResults
from keras_sonify.training.record import ABOUT, LOG


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


def readers_of(path: Path) -> Sequence[type[LineReader]]:
    """Return the readers that a log may be of: of our own record much is known."""
    is_ours = path.name == LOG and path.with_name(ABOUT).is_file()
    return (OwnLog,) if is_ours else READERS
