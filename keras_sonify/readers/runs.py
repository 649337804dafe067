"""The runs of a log, each as a whole."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from keras_sonify.readers.rows import LogError, Row, window_of
from keras_sonify.training.axis import STEPS
from keras_sonify.training.history import History


def read_runs(rows: Iterable[Row]) -> Iterator[History]:
    """Yield each run when it is complete; one begins where its place falls back.

    Args:
        rows: What `read_log` yields.
    """
    run, last = History(), -1
    for row in rows:
        (at, values), window = row, window_of(row)
        is_other_axis = (window is None) == (run.axis is STEPS)
        is_anew = at < last or (at == last and window is None)
        if len(run) and (is_anew or is_other_axis):
            yield run
            run = History()
        run.append(at, values, window)
        last = at
    if len(run):
        yield run


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
