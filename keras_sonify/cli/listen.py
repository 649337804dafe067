"""`keras-sonify listen`."""

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keras_sonify.cli.options import (
    bad_file_ends,
    directory_option,
    metrics_option,
    no_words_option,
    split_names,
    style_option,
)
from keras_sonify.cli.other import against_option
from keras_sonify.cli.tell import tell
from keras_sonify.training.record import LOG

if TYPE_CHECKING:
    from keras_sonify.cli.batches import Batch
    from keras_sonify.readers.runs import RunEdges
    from keras_sonify.score.cue import Cue
    from keras_sonify.settings import Player
    from keras_sonify.sonifier import Sonifier

_LONG = 60.0  # seconds after which it is worth a word that nothing has come
_LONGEST_IDLE = 1e9  # seconds: thirty years
_LOGS = (
    "LOG is a table with a header (Keras's CSVLogger, pandas, Lightning's "
    "metrics.csv), what a training prints (Keras's bars, `epoch 3 loss 0.12`), or JSON "
    "lines. Which one, its content tells, not its name. Of a folder the newest log "
    "counts."
)
_PARTS = 20  # in which the past of a log of steps is played, a cue each
_RINGING = 5.0  # seconds that the last cue may take to be heard to its last word


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
@no_words_option
@against_option("last|LOG")
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
    against: str | None,
    no_words: bool,
    from_start: bool,
    browser: bool,
    silent: bool,
) -> None:
    """Hear a training that runs elsewhere, from its growing log; - is standard input.

    The log may not exist yet, and may begin anew. It may be the folder into which
    TensorBoard, Lightning or a Hugging Face trainer writes. A log by step is heard
    every few seconds. Ctrl-C ends listening and completes the files.

    \b
    Examples:
      keras-sonify listen model_log.csv
      keras-sonify listen runs/
      keras-sonify listen lightning_logs/
      ssh gpu-box tail -n +1 -F nohup.out | keras-sonify listen -
      keras-sonify listen model_log.csv --until-idle 600
      keras-sonify listen model_log.csv --against last_week/
      keras-sonify listen model_log.csv --browser
    """  # noqa: D301
    from keras_sonify.cli.batches import batches
    from keras_sonify.live.speaker_player import open_ahead
    from keras_sonify.sonifier import Sonifier
    from keras_sonify.training.origin import Origin, log_origin

    record = (Path(directory) / LOG).resolve()
    if log != "-" and record in {Path(log).resolve(), (Path(log) / LOG).resolve()}:
        raise click.UsageError(
            f"{log} is the record in {directory} itself, which would be overwritten: "
            "name another directory with -d."
        )
    with bad_file_ends():
        sonifier = Sonifier(
            split_names(metrics),
            directory,
            append=False,
            against=against,
            style=style,
            words=not no_words,
            player=_player(browser=browser, silent=silent),
        )
        sonifier.origin = Origin(is_read=True) if log == "-" else log_origin(log)
        if browser:
            sonifier.begin()  # tells where the page is, before there is any epoch
        elif not silent:
            open_ahead()
    is_heard = False
    with bad_file_ends(), suppress(KeyboardInterrupt):
        come = batches(log, until_idle)
        for cue in _follow(sonifier, come, from_start=from_start):
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
    come: "Iterable[Batch]",
    *,
    from_start: bool,
) -> "Iterator[Cue]":
    """Sound the rows as they come, tell of each cue in a line, and yield it."""
    from keras_sonify.readers.runs import RunEdges
    from keras_sonify.rules.stall import Stall
    from keras_sonify.words.against import held_sentences
    from keras_sonify.words.text import cue_sentence

    edges, stall = RunEdges(), Stall()
    for batch in come:
        for place, row in enumerate(batch.rows, start=1):
            if edges.begins_with(row):
                tell("A new run begins.")
                sonifier.begin()
            sonifier.expect(batch.plan)
            is_newest = place == len(batch.rows)
            is_news = from_start or not batch.is_past
            play = from_start or (is_news and (is_newest or edges.is_in_steps))
            cues = sonifier.row(row, play=play)
            if from_start and (batch.is_past or not is_newest):
                _ring_out(sonifier, place, batch, edges)
            for cue in cues:
                is_told = cue.readings or not edges.is_in_steps
                tell(*held_sentences(cue))
                if is_told and (is_news or is_newest):
                    tell(cue_sentence(cue, batch.plan))
                for event in cue.happened:
                    tell(event.sentence)
                yield cue
            stall.heard(time.monotonic(), is_within=edges.is_within_epoch)
        if batch.is_past and batch.rows and not from_start:
            many = edges.axis.count(len(batch.rows))
            tell(f"Caught up with {many}{_silence(batch.seconds_old)}.")
        if told := stall.check(time.monotonic()):
            sonifier.sound("stalled")
            tell(told)


def _ring_out(
    sonifier: "Sonifier", place: int, batch: "Batch", edges: "RunEdges"
) -> None:
    """Let a row of many that are there at once be heard before the next comes."""
    sonifier.drain(_RINGING)
    is_part = place % max(len(batch.rows) // _PARTS, 1) == 0
    if edges.is_in_steps and batch.is_past and is_part and not sonifier.is_silent:
        time.sleep(sonifier.settings.cue_seconds)  # then another cue is due


def _silence(seconds: float) -> str:
    """Return that nothing has come for long: the training may be over, or dead."""
    from keras_sonify.words.duration import duration

    return f"; nothing new for {duration(seconds)}" if seconds >= _LONG else ""
