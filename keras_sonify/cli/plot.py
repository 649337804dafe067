"""`keras-sonify plot`."""

from pathlib import Path
from typing import Any

import click

from keras_sonify.cli.options import (
    LOGS,
    bad_file_ends,
    metrics_option,
    no_words_option,
    split_names,
)
from keras_sonify.cli.sources import past_run, sources
from keras_sonify.cli.tell import tell


@click.command(epilog=LOGS)
@click.argument("log")
@click.option(
    "-o",
    "--output",
    default="training.png",
    show_default=True,
    help="Where the picture goes: a name that ends in .png or .svg.",
)
@click.option(
    "--style",
    type=click.Choice(["clear", "classic"]),
    help="How it sounds. [default: clear; of a run, its own]",
)
@metrics_option
@click.option(
    "--run",
    default="last",
    show_default=True,
    metavar="last|N",
    help="Which run of a log that holds several.",
)
@no_words_option
def plot(
    log: str,
    output: str,
    style: str | None,
    metrics: str | None,
    run: str,
    *,
    no_words: bool,
) -> None:
    """Draw the sound of a training, under its curves.

    Curves and the spectrogram of training.wav have one time axis; what happened is
    marked in both.

    \b
    Examples:
      keras-sonify plot model_log.csv
      keras-sonify plot sonification -o overfits.svg
    """  # noqa: D301
    from keras_sonify.files.atomic import whole_file
    from keras_sonify.picture import SUFFIXES, draw
    from keras_sonify.score.heard import replay
    from keras_sonify.training.warn import warn
    from keras_sonify.words.description import describe_snapshot

    path = Path(output)
    if path.suffix.lower() not in SUFFIXES:
        ends = " or ".join(SUFFIXES)
        raise click.UsageError(
            f"--output takes a name that ends in {ends}. Received: {output}"
        )
    if not path.parent.is_dir():
        raise click.UsageError(
            f"--output takes a name in a folder that is there. Received: {output}"
        )
    if run == "all":
        raise click.UsageError("--run takes last or a number from 1. Received: all")
    options: dict[str, Any] = {
        "metrics": split_names(metrics),
        "style": style,
        "words": False if no_words else None,
    }
    with bad_file_ends():
        (source,) = sources(log, run)
        settings, past = past_run(source, options)
        snapshot = past.take_in(source.history)
        if past.missing:
            warn(past.missing)
        if not snapshot.valued:
            names = ", ".join(source.history.names)
            raise click.ClickException(
                f"{log}: there is nothing to draw. Metrics in it: {names}"
            )
        with whole_file(path) as part:
            draw(replay(snapshot, settings.hearing()), part, path.suffix)
    tell(f"{output}: {describe_snapshot(snapshot)['verdict']}")
