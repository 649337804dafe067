"""`keras-sonify render`."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keras_sonify.cli.options import (
    LOGS,
    bad_file_ends,
    check_run,
    metrics_option,
    no_words_option,
    run_option,
    split_names,
)
from keras_sonify.cli.other import against_option, find_other_run
from keras_sonify.cli.progress import Progress
from keras_sonify.cli.sources import is_record, past_run, sources
from keras_sonify.cli.tell import tell, tell_mistake
from keras_sonify.training.record import LOG

if TYPE_CHECKING:
    from keras_sonify.files.run_files import RunFiles
    from keras_sonify.training.against import OtherRun

_DIRECTORY = "sonification"


@click.command(epilog=LOGS)
@click.argument("logs", nargs=-1, required=True, metavar="LOG...")
@click.option(
    "-d",
    "-o",
    "--directory",
    help=f"Where the files go. [default: {_DIRECTORY}; of a run, its own]",
)
@click.option(
    "--style",
    type=click.Choice(["clear", "classic"]),
    help="How it sounds. [default: clear; of a run, its own]",
)
@metrics_option
@run_option
@against_option("LOG")
@no_words_option
@click.option("--full", is_flag=True, help="A tone an epoch, however many there are.")
@click.option("--play", is_flag=True, help="Play the summary of each.")
def render(
    logs: tuple[str, ...],
    directory: str | None,
    style: str | None,
    metrics: str | None,
    run: str,
    *,
    against: str | None,
    no_words: bool,
    full: bool,
    play: bool,
) -> None:
    """Write the files of trainings that are over, from their logs.

    LOG may also be the directory of a run: its files are made again, from its log.csv,
    as they were. With several logs, or several runs, each gets a directory of its own
    in DIRECTORY.

    \b
    Examples:
      keras-sonify render model_log.csv
      keras-sonify render sonification
      keras-sonify render model_log.csv --against baseline.csv
      keras-sonify render model_log.csv --style classic -o blog
      keras-sonify render runs/*.csv -o sound --metrics loss,val_loss
      keras-sonify render tensorboard_logs/ --play
    """  # noqa: D301
    check_run(run)
    other = find_other_run(against)
    options: dict[str, Any] = {
        "metrics": split_names(metrics),
        "style": style,
        "words": False if no_words else None,
    }
    errors: list[click.ClickException] = []
    for log, target in _targets(logs, directory):
        try:
            made = partial(_render, log, target, options, run)
            for line in made(other=other, full=full, play=play):
                tell(line)
        except click.ClickException as error:
            errors.append(error)  # the other logs may be sound
    for mistake in errors:
        tell_mistake(mistake)
    if errors:
        click.get_current_context().exit(errors[0].exit_code)


def _targets(
    logs: tuple[str, ...], directory: str | None
) -> list[tuple[str, str | None]]:
    from keras_sonify.files.atomic import file_stem

    if len(logs) == 1:
        return [(logs[0], directory)]
    taken: set[str] = set()
    stems = [file_stem(Path(log).stem, taken) for log in logs]
    return [
        (
            log,
            None
            if directory is None and is_record(log)
            else str(Path(directory or _DIRECTORY) / stem),
        )
        for log, stem in zip(logs, stems, strict=True)
    ]


def _directory_of(log: str, target: str | None, run: str, number: int) -> str:
    where = target or (log if is_record(log) else _DIRECTORY)
    return where if run != "all" else str(Path(where) / f"run{number}")


def _is_log_of(log: str, directory: str) -> bool:
    """Whether a log is the record of a directory, which must not be overwritten."""
    path = Path(log) / LOG if Path(log).is_dir() else Path(log)
    own = Path(directory) / LOG
    return own.exists() and path.exists() and own.samefile(path)


def _render(
    log: str,
    target: str | None,
    options: Mapping[str, Any],
    run: str,
    *,
    other: "OtherRun | None",
    full: bool,
    play: bool,
) -> Iterator[str]:
    """Render one log and yield the lines that say what was done."""
    from keras_sonify.offline import OfflineRun
    from keras_sonify.training.warn import warn

    progress = Progress(log)
    with bad_file_ends():
        for source in sources(log, run, progress.step):
            where = _directory_of(log, target, run, source.number)
            settings, past = past_run(
                source, options, directory=where, other=other, step=progress.step
            )
            made = OfflineRun(
                settings,
                past,
                is_full=full,
                keeps_log=not _is_log_of(log, where),
                step=progress.step,
            )
            lines = made.write(source.history)
            for told in (past.missing, past.left_out):
                if told:
                    warn(told)
            if made.kept_aside:
                warn(f"The log of another run is kept as {made.kept_aside}.")
            if made.files.directory is None:
                names = source.history.names
                raise click.ClickException(
                    f"{source.title}: nothing was written. "
                    f"Metrics in it: {', '.join(names)}",
                )
            yield from (f"{source.title}: {line}" for line in lines)
            if made.failed:
                raise click.ClickException(
                    f"{source.title}: its files are not complete: "
                    + "; ".join(f"{name} ({why})" for name, why in made.failed.items()),
                )
            if play:
                _play(made.files, settings.style.fade)


def _play(files: "RunFiles", fade: float) -> None:
    from keras_sonify.live.speaker_player import SpeakerPlayer

    player = SpeakerPlayer(fade)
    player.play(files.summary, keep=True)
    player.drain(timeout=30.0)
    if player.trouble:
        tell(player.trouble, err=True)
