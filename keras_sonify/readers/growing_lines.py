"""The rows of a log that comes line by line, each once, however often it is written."""

from collections.abc import Iterable
from pathlib import Path

from keras_sonify.readers.again import Again
from keras_sonify.readers.follow import RESTARTED
from keras_sonify.readers.kinds import readers_of
from keras_sonify.readers.line_log import LineLog
from keras_sonify.readers.planned import Planned
from keras_sonify.readers.rows import EpochCounter, Row, Warn, window_of
from keras_sonify.training.axis import Plan


class GrowingLines:
    """Takes in lines as they come and gives out rows, each once.

    Args:
        name: What to call the log in messages.
        warn: Function that is given each warning.
        path: Where it is; `None` for a pipe. Defaults to `None`.
    """

    def __init__(self, name: str, warn: Warn, path: Path | None = None) -> None:
        self._name = name
        self._warn = warn
        self._path = path
        self._again = Again()
        self._is_by_step: bool | None = None
        self._begin()

    def _begin(self, *, is_by_step: bool | None = None) -> None:
        readers = None if self._path is None else readers_of(self._path)
        self._log = LineLog(self._name, self._warn, readers, is_by_step=is_by_step)
        self._counter = EpochCounter()
        self._planned = Planned()
        self._again.begin()

    @property
    def plan(self) -> Plan:
        """How much there is to be of the training, as far as its log says so."""
        return self._planned.plan

    def begin(self, path: Path, *, keeps_axis: bool = False) -> None:
        """Be told that what follows is a log from its beginning, of another file.

        Args:
            path: The file.
            keeps_axis: Boolean. Whether it is of the same training, and told as that
                has been told. Defaults to `False`.
        """
        self._path = path
        self._begin(is_by_step=self._is_by_step if keeps_axis else None)

    def feed(self, lines: Iterable[bytes]) -> list[Row]:
        """Take in lines; return the rows that are complete now, and news."""
        rows: list[Row] = []
        for line in lines:
            if line is RESTARTED:
                self._begin()
            else:
                self._planned.feed(line)
                rows += self._news(self._log.feed(line))
        return rows

    def settle(self) -> list[Row]:
        """Return what can be told already, since nothing has come for a while."""
        return self._news(self._log.settle())

    def finish(self) -> list[Row]:
        """Return the rows that only the end completes."""
        return self._news(self._log.finish())

    def _news(self, rows: Iterable[Row]) -> list[Row]:
        news = self._again.news(self._counter.count(rows))
        if news:
            self._is_by_step = window_of(news[-1]) is not None
        return news
