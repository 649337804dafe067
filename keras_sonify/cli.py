"""The command line: `keras-sonify demo` and `keras-sonify devices`."""

import contextlib
import os
import sys
import warnings
from collections.abc import Iterator

import click

from keras_sonify import __version__

_ENDED_BY_CTRL_C = 130


def main() -> None:
    """Run the command line; a user's mistake or a Ctrl-C never shows a traceback."""
    warnings.showwarning = _show_warning
    try:
        status = commands(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        status = _ENDED_BY_CTRL_C
    except BrokenPipeError:
        # Whoever read our output has gone: nothing is left to say, to nobody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(status)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(version)s")
def commands() -> None:
    """Hear a Keras model train."""


@commands.command()
@click.option("--epochs", default=24, show_default=True, type=click.IntRange(1, 1000))
@click.option(
    "-d",
    "--directory",
    default="sonification",
    show_default=True,
    help="Where the WAV files go.",
)
@click.option(
    "--style",
    default="clear",
    show_default=True,
    type=click.Choice(["clear", "classic"]),
)
@click.option("--silent", is_flag=True, help="Do not play, only write the files.")
def demo(epochs: int, directory: str, style: str, *, silent: bool) -> None:
    """Train a small network that learns, then overfits, and let it be heard.

    \b
    Examples:
      keras-sonify demo
      keras-sonify demo --silent --directory run/sound
    """  # noqa: D301 - \b is click's mark for lines that it must not fill
    click.echo("Loading Keras.")
    with _quiet_libraries():
        try:
            from keras_sonify.callback import SonifyCallback
        except ImportError as error:
            raise click.ClickException(str(error)) from error
        from keras_sonify.demo import LISTEN_FOR, train, what_was_heard
    click.echo(LISTEN_FOR)
    callback = SonifyCallback(
        directory=directory,
        style=style,
        player=None if silent else "auto",
        verbose=1,
    )
    history = train(callback, epochs)
    for line in what_was_heard(history, callback.sonifier.style.tone):
        click.echo(line)


@commands.command()
@click.option("--test", "device", metavar="DEVICE", help="Play a test tone on it.")
def devices(device: str | None) -> None:
    """List the devices that can play, or play a tone on one.

    \b
    Examples:
      keras-sonify devices
      keras-sonify devices --test default
      keras-sonify devices --test 3
    The device of a training is the default one, or the one that the environment
    variable KERAS_SONIFY_DEVICE names by its index or a part of its name.
    """  # noqa: D301
    from keras_sonify.advice import sound_advice
    from keras_sonify.player import list_devices

    answer = list_devices()
    if "error" in answer:
        raise click.ClickException(sound_advice(answer["error"], answer["message"]))
    if not answer["devices"]:
        raise click.ClickException(sound_advice("device", "none found"))
    if device is not None:
        _play_test_tones(device)
        return
    for output in answer["devices"]:
        default = ", default" if output["is_default"] else ""
        click.echo(
            f"{output['index']}: {output['name']}, {output['channels']} channels, "
            f"{output['sample_rate_hz']:.0f} Hz{default}",
        )


def _play_test_tones(device: str) -> None:
    from keras_sonify.earcons import test_tones
    from keras_sonify.player import DEVICE_VARIABLE, SpeakerPlayer
    from keras_sonify.style import CLEAR

    if device != "default":
        os.environ[DEVICE_VARIABLE] = device
    player = SpeakerPlayer(CLEAR.fade)
    player.play(test_tones(CLEAR), keep=True)
    player.drain(timeout=15.0)
    if player.trouble:
        raise click.ClickException(player.trouble)
    click.echo("Played 440 Hz on the left, then 660 Hz on the right.")


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


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    click.echo(message, err=True)
