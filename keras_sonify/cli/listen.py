"""`keras-sonify listen`."""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keras_sonify.cli.options import (
    bad_file_ends,
    directory_option,
    metrics_option,
    split_names,
    style_option,
)
from keras_sonify.cli.tell import tell
from keras_sonify.training.record import LOG

if TYPE_CHECKING:
    from keras_sonify.readers.rows import Row
    from keras_sonify.score.composer import Cue
    from keras_sonify.settings import Player
    from keras_sonify.sonifier import Sonifier

_BEAT = 1.0  # seconds between two looks at the clock while nothing comes
_LONG = 60.0  # seconds after which it is worth a word that nothing has come
_LONGEST_IDLE = 1e9  # seconds: thirty years
_LOGS = (
    "LOG is a table with a header (Keras's CSVLogger, pandas, Lightning's "
    "metrics.csv), what a training prints (Keras's bars, `epoch 3 loss 0.12`), or JSON "
    "lines. Which one, its content tells, not its name."
)
_RINGING = 3.0  # seconds that the last cue may take to be heard to its end


def _check_seconds(
    _context: click.Context,
    _parameter: click.Parameter,
    seconds: float | None,
) -> float | None:
    if seconds is not None and not 0 < seconds <= _LONGEST_IDLE:  # nor NaN
        raise click.BadParameter(f"must be above 0. Received: {seconds:g}")
    return seconds


@click.command(
    epilog=_LOGS, short_help="Hear a training that runs elsewhere, from its log."
)
@click.argument("log")
@directory_option
@style_option
@metrics_option
@click.option("--from-start", is_flag=True, help="Play what is there already, too.")
@click.option(
    "--until-idle",
    type=float,
    callback=_check_seconds,
    metavar="SECONDS",
    help="End when nothing was added for so long.",
)
@click.option("--browser", is_flag=True, help="Play in a page whose address is told.")
@click.option("--silent", is_flag=True, help="Do not play, only tell and write.")
def listen(
    log: str,
    directory: str,
    style: str,
    metrics: str | None,
    until_idle: float | None,
    *,
    from_start: bool,
    browser: bool,
    silent: bool,
) -> None:
    """Hear a training that runs elsewhere, from its growing log; - is standard input.

    The log may not exist yet, and may begin anew. Ctrl-C ends listening and completes
    the files.

    \b
    Examples:
      keras-sonify listen model_log.csv
      ssh gpu-box tail -n +1 -F nohup.out | keras-sonify listen -
      keras-sonify listen model_log.csv --until-idle 600
      keras-sonify listen model_log.csv --browser
    """  # noqa: D301
    from keras_sonify.sonifier import Sonifier

    if log != "-" and (Path(directory) / LOG).resolve() == Path(log).resolve():
        raise click.UsageError(
            f"{log} is the record in {directory} itself, which would be overwritten: "
            "name another directory with -d."
        )
    with bad_file_ends():
        sonifier = Sonifier(
            split_names(metrics),
            directory,
            append=False,
            style=style,
            player=_player(browser=browser, silent=silent),
        )
        if browser:
            sonifier.begin()  # tells where the page is, before there is any epoch
    is_heard = False
    with bad_file_ends(), suppress(KeyboardInterrupt):
        batches = _batches(log, until_idle)
        for cue in _follow(sonifier, batches, from_start=from_start):
            is_heard = is_heard or bool(cue.readings)
        sonifier.drain(_RINGING)
    # That nothing comes any more says nothing of how the training ended.
    tell(*sonifier.end(None))
    if not is_heard:
        raise click.ClickException("Nothing was heard: no epoch with a metric came.")
    if sonifier.file_trouble:
        click.get_current_context().exit(1)


def _player(*, browser: bool, silent: bool) -> "Player | None":
    if browser and silent:
        raise click.UsageError("--browser plays and --silent does not: choose one.")
    if browser:
        return "browser"
    return None if silent else "auto"


def _follow(
    sonifier: "Sonifier",
    batches: "Iterable[_Batch]",
    *,
    from_start: bool,
) -> "Iterator[Cue]":
    """Sound the epochs as they come, tell of each in a line, and yield its cue."""
    from keras_sonify.rules.stall import Stall
    from keras_sonify.words.text import cue_sentence

    last, stall = -1, Stall()
    for batch in batches:
        for place, (epoch, values) in enumerate(batch.rows, start=1):
            if epoch <= last:
                tell("A new run begins.")
                sonifier.begin()
            last = epoch
            is_newest = place == len(batch.rows)
            is_news = from_start or not batch.is_past
            cue = sonifier.epoch(
                epoch,
                values,
                play=from_start or (is_news and is_newest),
            )
            if from_start and (batch.is_past or not is_newest):
                sonifier.drain(_RINGING)
            if cue and (is_news or is_newest):
                tell(cue_sentence(cue))
            for event in cue.happened if cue else ():
                tell(event.sentence)
            if cue:
                yield cue
            stall.heard(time.monotonic())
        if batch.is_past and batch.rows and not from_start:
            epochs = "1 epoch" if len(batch.rows) == 1 else f"{len(batch.rows)} epochs"
            tell(f"Caught up with {epochs}{_silence(batch.seconds_old)}.")
        if told := stall.check(time.monotonic()):
            sonifier.sound("stalled")
            tell(told)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Epochs that were there at once.

    Attributes:
        rows: The epochs.
        is_past: Whether they were there from the beginning.
        seconds_old: How long nothing has come since; 0 if nobody knows.
    """

    rows: "Sequence[Row]"
    is_past: bool
    seconds_old: float = 0.0


def _silence(seconds: float) -> str:
    """Return that nothing has come for long: the training may be over, or dead."""
    from keras_sonify.words.duration import duration

    return f"; nothing new for {duration(seconds)}" if seconds >= _LONG else ""


def _age(log: str) -> float:
    """Return how long ago a file was written to, in seconds; 0 if nobody knows."""
    try:
        return time.time() - Path(log).stat().st_mtime
    except OSError:
        return 0.0


def _batches(log: str, idle: float | None) -> Iterator[_Batch]:
    from keras_sonify.readers.follow import RESTARTED, follow_file, follow_stream
    from keras_sonify.readers.log import LineLog, readers_of
    from keras_sonify.readers.rows import EpochCounter, LogError
    from keras_sonify.training.warn import warn

    name = "standard input" if log == "-" else Path(log).name
    if log != "-" and Path(log).is_dir():
        raise LogError(f"{log} is a directory: listen follows a file that grows.")
    if log == "-" and not sys.stdin:
        raise LogError("Standard input is closed.")
    batches = (
        follow_stream(sys.stdin.buffer, idle=idle, beat=_BEAT)
        if log == "-"
        else follow_file(Path(log), idle=idle, beat=_BEAT)
    )
    tell(f"Listening to {name}. Ctrl-C ends.")
    readers = None if log == "-" else readers_of(Path(log))
    counter, reader = EpochCounter(), LineLog(name, warn, readers)
    is_past = True
    heard: list[Row] = []
    with suppress(KeyboardInterrupt):  # what only the end completes is still to come
        for lines in batches:
            rows: list[Row] = []
            is_anew = False
            for line in lines:
                if line is RESTARTED:
                    reader, rows, is_anew = LineLog(name, warn, readers), [], True
                else:
                    rows += counter.count(reader.feed(line))
            if is_anew and _are_same(heard, rows):
                rows = rows[len(heard) :]  # a column was added, or it was moved
            elif is_anew:
                heard = []
            heard += rows
            # What a pipe brings first may be the past or the first epoch of all: of
            # more than one row at once the newest is news.
            is_past = is_past and log != "-"
            yield _Batch(rows, is_past, _age(log) if is_past else 0.0)
            is_past = False
    yield _Batch(list(counter.count(reader.finish())), is_past=False)


def _are_same(heard: "Sequence[Row]", rows: "Sequence[Row]") -> bool:
    """Whether a log that was replaced holds all that was in the one before."""
    return 0 < len(heard) <= len(rows) and all(
        epoch == again
        and all(repr(new.get(name)) == repr(v) for name, v in old.items())
        for (epoch, old), (again, new) in zip(heard, rows, strict=False)
    )
