"""`keras-sonify demo`."""

import contextlib
import os
import sys
from collections.abc import Iterator

import click

from keras_sonify.cli.options import directory_option, style_option


@click.command(short_help="Train a small network, and hear it learn and overfit.")
@click.option(
    "--epochs",
    default=24,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="How long to train.",
)
@directory_option
@style_option
@click.option("--silent", is_flag=True, help="Do not play, only write the files.")
def demo(epochs: int, directory: str, style: str, *, silent: bool) -> None:
    """Train a small network that learns, then overfits, and let it be heard.

    \b
    Examples:
      keras-sonify demo
      keras-sonify demo --silent --directory run/sound
    """  # noqa: D301
    click.echo("Loading Keras.")
    with _quiet_libraries():
        try:
            from keras_sonify.callback import SonifyCallback
        except ImportError as error:
            raise click.ClickException(str(error)) from error
        from keras_sonify.cli.demo_training import LISTEN_FOR, train, what_was_heard
    click.echo(LISTEN_FOR)
    callback = SonifyCallback(
        directory=directory,
        style=style,
        player=None if silent else "auto",
        verbose=1,
    )
    history = train(callback, epochs)
    for line in what_was_heard(history, callback.sonifier.settings.style.tone):
        click.echo(line)


@contextlib.contextmanager
def _quiet_libraries() -> Iterator[None]:
    """Keep TensorFlow's start-up lines, which come from C, off the terminal."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - os.devnull is no Path
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
