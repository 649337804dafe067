"""`keras-sonify demo`."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keras_sonify.cli.demo_words import listen_for, what_was_heard
from keras_sonify.cli.options import directory_option, no_words_option, style_option
from keras_sonify.cli.tell import tell

if TYPE_CHECKING:
    from keras_sonify.sonifier import Sonifier

_EPOCHS = 24  # it learns in the first ten, and overfits after that
_CUE = 5.0  # seconds that a cue may take at most; the longest lasts 3, with its word
_OPENING = 10.0  # seconds that the first one may take: the device is opened for it


@click.command(short_help="Hear a network learn and overfit.")
@click.option("--train", is_flag=True, help="Train it here and now, with Keras.")
@click.option(
    "--epochs",
    type=click.IntRange(1, 1000),
    help=f"How long to train, with --train.  [default: {_EPOCHS}]",
)
@directory_option
@style_option
@no_words_option
@click.option("--silent", is_flag=True, help="Do not play, only write the files.")
def demo(
    epochs: int | None,
    directory: str,
    style: str,
    *,
    no_words: bool,
    train: bool,
    silent: bool,
) -> None:
    """Let a small network be heard that learns, then overfits.

    It is the record of a real training, and sounds at once; --train trains it anew.

    \b
    Examples:
      keras-sonify demo
      keras-sonify demo --train
      keras-sonify demo --silent --directory run/sound
    """  # noqa: D301
    if epochs is not None and not train:
        raise click.UsageError("--epochs says how long to train: add --train.")
    arguments: dict[str, Any] = {
        "directory": directory,
        "style": style,
        "words": not no_words,
        "player": None if silent else "auto",
    }
    if train:
        _train(epochs or _EPOCHS, arguments)
    else:
        _replay(arguments)


def _replay(arguments: dict[str, Any]) -> None:
    if arguments["player"] is not None:
        # Before all else, lest the first cue wait for its lead-in and for the rest.
        from keras_sonify.live.speaker_player import open_ahead

        open_ahead()
    from keras_sonify.readers.log import read_log
    from keras_sonify.sonifier import Sonifier
    from keras_sonify.training.axis import At, Plan
    from keras_sonify.words.closing import ending_sentence
    from keras_sonify.words.text import cue_sentence

    tell(*listen_for(words=arguments["words"]))
    rows = list(read_log(Path(__file__).with_name("demo.csv")))
    plan = Plan(len(rows))
    sonifier = Sonifier(append=False, **arguments)
    sonifier.begin(plan.epochs)
    for epoch, values in rows:
        cue = sonifier.epoch(epoch, values)
        if cue:
            tell(cue_sentence(cue, plan))
            tell(*(event.sentence for event in cue.happened))
        _wait(sonifier, epoch)
    lines = sonifier.end()
    tell(ending_sentence("finished", At(len(rows) - 1), plan))
    validation = [values["val_loss"] for _, values in rows]
    tell(*lines, *what_was_heard(validation, sonifier.settings.style.tone))


def _train(epochs: int, arguments: dict[str, Any]) -> None:
    tell("Loading Keras.")
    with _quiet_libraries():
        try:
            from keras_sonify.callback import SonifyCallback
        except ImportError as error:
            raise click.ClickException(str(error)) from error
        from keras_sonify.cli.demo_training import train
    tell(*listen_for(words=arguments["words"]))
    callback = SonifyCallback(**arguments, verbose=1)
    history = train(callback, epochs, _wait)
    tone = callback.sonifier.settings.style.tone
    tell(*what_was_heard(history["val_loss"], tone))


def _wait(sonifier: "Sonifier", epoch: int) -> None:
    """Wait for the cue of an epoch."""
    if not sonifier.is_silent:
        sonifier.drain(_OPENING if epoch == 0 else _CUE)


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
