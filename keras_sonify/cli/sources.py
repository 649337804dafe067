"""Which runs a command was given: those of a log, or that of a directory of ours."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keras_sonify.cli.options import check_run
from keras_sonify.training.record import LOG

if TYPE_CHECKING:
    from keras_sonify.training.history import History

_OFTEN = 1000  # rows between two signs of life


@dataclass(frozen=True, slots=True)
class Source:
    """A run that a command was given.

    Attributes:
        title: What it is called in what is told.
        number: Which one of its log, from 1.
        history: What it holds.
        about: How it was heard, where it is known.
    """

    title: str
    number: int
    history: "History"
    about: Mapping[str, Any] = field(default_factory=dict)


def is_record(log: str) -> bool:
    """Whether this is the directory of a run, with its record in it."""
    return (Path(log) / LOG).is_file()


def sources(
    log: str, run: str, step: Callable[[str], object] = lambda _: None
) -> Iterator[Source]:
    """Yield the runs that were asked for.

    Args:
        log: A log, or a directory.
        run: Which of its runs; see `check_run`.
        step: Called with what is being done, again and again. Defaults to nothing.

    Raises:
        LogError: If there is no such run, or no log of a kind that can be read.
        OSError: If it cannot be read.
    """
    from keras_sonify.files.past import read_past
    from keras_sonify.readers import read_log
    from keras_sonify.readers.runs import choose_runs

    if is_record(log) and run == "last" and (past := read_past(Path(log))):
        yield Source(log, 1, past.history, past.about)
        return

    def rows() -> Iterator[tuple[int, dict[str, float]]]:
        for count, row in enumerate(read_log(log), start=1):
            if count % _OFTEN == 0:
                step(f"read {count} epochs")
            yield row

    runs = choose_runs(rows(), check_run(run), log)
    for number, _, history in runs:
        title = log if len(runs) == 1 else f"{log}, run {number}"
        yield Source(title, number, history)
