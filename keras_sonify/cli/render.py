"""`keras-sonify render`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keras_sonify.cli.options import (
    bad_file_ends,
    check_run,
    directory_option,
    metrics_option,
    run_option,
    split_names,
    style_option,
)

if TYPE_CHECKING:
    from keras_sonify.files.run_files import RunFiles


@click.command()
@click.argument("logs", nargs=-1, required=True, metavar="LOG...")
@directory_option
@style_option
@metrics_option
@run_option
@click.option("--play", is_flag=True, help="Play the summary of each.")
def render(
    logs: tuple[str, ...],
    directory: str,
    style: str,
    metrics: str | None,
    run: str,
    *,
    play: bool,
) -> None:
    """Write the WAV files of trainings that are over, from their logs.

    With several logs, or several runs, each gets a directory of its own in DIRECTORY.

    \b
    Examples:
      keras-sonify render model_log.csv
      keras-sonify render model_log.csv --style classic -o blog
      keras-sonify render runs/*.csv -o sound --metrics loss,val_loss
      keras-sonify render tensorboard_logs/ --play
    """  # noqa: D301
    check_run(run)
    names = split_names(metrics)
    targets = _targets(logs, directory)
    lines: list[str] = []
    errors: list[click.ClickException] = []
    with click.progressbar(
        targets,
        label="Rendering",
        # A bar that redraws itself is noise to a screen reader and in a file.
        hidden=len(targets) == 1 or not sys.stdout.isatty(),
    ) as progress:
        for log, target in progress:
            try:
                lines += _render(log, target, style, names, run, play=play)
            except click.ClickException as error:
                errors.append(error)  # the other logs may be sound
    for line in lines:
        click.echo(line)
    for mistake in errors:
        mistake.show()
    if errors:
        click.get_current_context().exit(errors[0].exit_code)


def _targets(logs: tuple[str, ...], directory: str) -> list[tuple[str, str]]:
    from keras_sonify.files.atomic import file_stem

    if len(logs) == 1:
        return [(logs[0], directory)]
    taken: set[str] = set()
    return [
        (log, str(Path(directory) / file_stem(Path(log).stem, taken))) for log in logs
    ]


def _render(
    log: str,
    target: str,
    style: str,
    metrics: tuple[str, ...] | None,
    run: str,
    *,
    play: bool,
) -> list[str]:
    """Render one log and return the lines that say what was done."""
    from keras_sonify.readers import read_log
    from keras_sonify.readers.runs import choose_runs
    from keras_sonify.sonifier import Sonifier

    lines: list[str] = []
    with bad_file_ends():
        runs = choose_runs(read_log(log), check_run(run), log)
        for number, history in runs:
            where = target if run != "all" else str(Path(target) / f"run{number}")
            sonifier = Sonifier(metrics, where, style=style, player=None)
            for epoch, values in history.rows(len(history)):
                sonifier.epoch(epoch, values)
            title = log if len(runs) == 1 else f"{log}, run {number}"
            lines += [f"{title}: {line}" for line in sonifier.end()]
            if sonifier.files is None or sonifier.files.directory is None:
                raise click.ClickException(
                    f"{title}: nothing was written. "
                    f"Metrics in it: {', '.join(history.names)}",
                )
            if sonifier.file_trouble:  # why, a warning has told
                raise click.ClickException(f"{title}: its files are not complete.")
            if play:
                _play(sonifier.files, sonifier.settings.style.fade)
    return lines


def _play(files: "RunFiles", fade: float) -> None:
    from keras_sonify.live.speaker_player import SpeakerPlayer

    player = SpeakerPlayer(fade)
    player.play(files.summary, keep=True)
    player.drain(timeout=30.0)
    if player.trouble:
        click.echo(player.trouble, err=True)
