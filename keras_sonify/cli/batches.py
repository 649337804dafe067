"""The rows of a log as they come, in batches of what was there at once."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from keras_sonify.cli.tell import tell
from keras_sonify.files.past import plan_of, read_about
from keras_sonify.readers.follow import follow_stream, poll
from keras_sonify.readers.growing import GrowingLog
from keras_sonify.readers.growing_lines import GrowingLines
from keras_sonify.readers.rows import LogError, Row
from keras_sonify.training.axis import UNPLANNED, Plan
from keras_sonify.training.warn import warn

_BEAT = 1.0  # seconds between two looks at the clock while nothing comes


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that were there at once.

    Attributes:
        rows: The epochs, or steps.
        is_past: Whether they were there from the beginning.
        plan: How much there is to be of their training, as far as that is known.
        seconds_old: How long nothing has come since; 0 if nobody knows.
    """

    rows: Sequence[Row]
    is_past: bool
    plan: Plan = UNPLANNED
    seconds_old: float = 0.0


def batches(log: str, idle: float | None) -> Iterator[Batch]:
    """Yield the rows of a log as they come, and empty batches while none do."""
    if log == "-":
        yield from _from_stream(idle)
        return
    source = GrowingLog(Path(log), warn)
    waits = " There is no log in it yet." if source.is_empty else ""
    tell(f"Listening to {Path(log).resolve().name}.{waits} Ctrl-C ends.")
    is_past = True
    with suppress(KeyboardInterrupt):  # what only the end completes is still to come
        for rows in poll(source.look, idle=idle, beat=_BEAT):
            told = rows or source.settle()
            seconds_old = source.seconds_old if is_past else 0.0
            yield Batch(told, is_past, _plan(source, Path(log)), seconds_old)
            is_past = False
    yield Batch(source.finish(), is_past=False)


def _plan(source: GrowingLog, log: Path) -> Plan:
    """Return how much there is to be: the log says so, or `run.json` beside ours."""
    if source.plan != UNPLANNED:
        return source.plan
    return plan_of(read_about(log if log.is_dir() else log.parent))


def _from_stream(idle: float | None) -> Iterator[Batch]:
    """Yield the rows that come through standard input.

    What a pipe brings first may be the past or the first epoch of all: of more than one
    row at once the newest is news.
    """
    if not sys.stdin:
        raise LogError("Standard input is closed.")
    tell("Listening to standard input. Ctrl-C ends.")
    lines = GrowingLines("standard input", warn)
    with suppress(KeyboardInterrupt):  # what only the end completes is still to come
        for come in follow_stream(sys.stdin.buffer, idle=idle, beat=_BEAT):
            rows = lines.feed(come) if come else lines.settle()
            yield Batch(rows, is_past=False, plan=lines.plan)
    yield Batch(lines.finish(), is_past=False)
