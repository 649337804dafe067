"""`keras-sonify earcons`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keras_sonify.cli.options import bad_file_ends, no_words_option
from keras_sonify.cli.sound_file import write_sound
from keras_sonify.cli.tell import tell
from keras_sonify.training.events import EVENT_KINDS, EVENTS, EventKind

if TYPE_CHECKING:
    from keras_sonify.score.note import Note

_SCALE = "scale"
_SCALE_LINE = "Better, worse, an alarm: for a loss the second tone falls, or rises."


@click.command(short_help="Play the sounds of events, with what they mean.")
@click.argument("names", nargs=-1, metavar="[EVENT]...", type=click.Choice(EVENT_KINDS))
@click.option("-d", "--directory", help="Also write each as a WAV file into it.")
@no_words_option
@click.option("--silent", is_flag=True, help="Do not play.")
def earcons(
    names: tuple[str, ...], directory: str | None, *, no_words: bool, silent: bool
) -> None:
    """Play what training sounds like, then the sounds of events, one after the other.

    First of all better, worse and an alarm, as loud as they will be: set the volume by
    them. Each event is one of five figures, and a word that says which; some are only
    told unless `earcons=` names them.

    \b
    Examples:
      keras-sonify earcons
      keras-sonify earcons overfitting plateau
      keras-sonify earcons --silent --directory earcons
    """  # noqa: D301
    from keras_sonify.live.speaker_player import SpeakerPlayer
    from keras_sonify.score.style import CLEAR

    player = SpeakerPlayer(CLEAR.fade)
    is_silent = silent
    for name, line, notes in _sounds(names, words=not no_words):
        tell(line)
        if directory is not None:
            with bad_file_ends():
                write_sound(Path(directory) / f"{name}.wav", notes)
        if not is_silent:
            player.play(notes, keep=True)
            player.drain(timeout=10.0)
        if player.trouble and not is_silent:
            is_silent = True
            tell(player.trouble, err=True)


def _sounds(
    names: tuple[str, ...], *, words: bool
) -> "Iterator[tuple[str, str, tuple[Note, ...]]]":
    """Yield what is to be heard: its name, what is told of it, its notes."""
    from keras_sonify.score.earcons import earcon
    from keras_sonify.score.first_sight import first_sight
    from keras_sonify.score.style import CLEAR

    if not names:
        yield _SCALE, _SCALE_LINE, first_sight(CLEAR, words=words)
    for kind in EVENT_KINDS:
        if not names or kind in names:
            notes = earcon(kind, CLEAR, words=words)
            yield kind, _line(kind), notes


def _line(kind: EventKind) -> str:
    row = EVENTS[kind]
    heard = row.figure if row.is_heard else f"{row.figure}, if asked for"
    return f"{kind}: {row.meaning} ({heard})"
