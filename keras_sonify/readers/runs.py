"""The runs of a log, each as a whole."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from keras_sonify.readers.rows import LogError, Row, window_of
from keras_sonify.training.axis import EPOCHS, STEPS
from keras_sonify.training.history import History


def read_runs(rows: Iterable[Row]) -> Iterator[History]:
    """Yield each run when it is complete; one begins where its place falls back.

    Args:
        rows: What `read_log` yields.
    """
    run, edges = History(), RunEdges()
    for row in rows:
        if edges.begins_with(row):
            yield run
            run = History()
        run.append(*row, window_of(row))
    if len(run):
        yield run


class RunEdges:
    """Tells where in a log another run begins: at an earlier place, or another axis.

    Attributes:
        axis: That of the last row.
        is_within_epoch: Whether no epoch has ended with it.
    """

    def __init__(self) -> None:
        self.axis = EPOCHS
        self.is_within_epoch = False
        self._last: int | None = None

    @property
    def is_in_steps(self) -> bool:
        """Whether the last row was one of steps."""
        return self.axis is STEPS

    def begins_with(self, row: Row) -> bool:
        """Take in a row; return whether another run begins with it."""
        window, last = window_of(row), self._last
        axis = EPOCHS if window is None else STEPS
        is_other = axis is not self.axis
        self.axis, self._last = axis, row[0]
        self.is_within_epoch = window is not None and not window.ends_epoch
        if last is None:
            return False
        return is_other or row[0] < last or (row[0] == last and window is None)


class Chosen(NamedTuple):
    """A run of a log.

    Attributes:
        number: Which one, from 1.
        of: How many there are.
        history: Its rows: epochs, or steps.
    """

    number: int
    of: int
    history: History


def choose_runs(rows: Iterable[Row], choice: str, name: str) -> list[Chosen]:
    """Return the chosen runs of a log.

    Args:
        rows: What `read_log` yields.
        choice: `"last"`, `"all"`, or a number from 1.
        name: What to call the log in messages.

    Raises:
        LogError: If the log holds no row, or no such run.
    """
    count = 0
    chosen: list[tuple[int, History]] = []
    for count, run in enumerate(read_runs(rows), start=1):
        if choice == "last":
            chosen = [(count, run)]
        elif choice in ("all", str(count)):
            chosen.append((count, run))
    if not count:
        raise LogError(f"{name} holds no epoch yet.")
    if not any(run.names for _, run in chosen) and chosen:
        raise LogError(f"{name} holds no value of a metric.")
    if not chosen:
        runs = "1 run" if count == 1 else f"{count} runs"
        raise LogError(f"{name} holds {runs}. Received: --run {choice}")
    return [Chosen(number, count, run) for number, run in chosen]
