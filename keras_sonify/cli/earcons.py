"""`keras-sonify earcons`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from keras_sonify.cli.options import bad_file_ends
from keras_sonify.cli.tell import tell
from keras_sonify.training.events import EVENT_KINDS, EVENTS

if TYPE_CHECKING:
    from keras_sonify.score.note import Note


@click.command(short_help="Play the sounds of events, with what they mean.")
@click.argument("names", nargs=-1, metavar="[EVENT]...", type=click.Choice(EVENT_KINDS))
@click.option("-d", "--directory", help="Also write each as a WAV file into it.")
@click.option("--silent", is_flag=True, help="Do not play.")
def earcons(names: tuple[str, ...], directory: str | None, *, silent: bool) -> None:
    """Play the sounds of events one after the other, with what they mean.

    \b
    Examples:
      keras-sonify earcons
      keras-sonify earcons overfitting plateau
      keras-sonify earcons --silent --directory earcons
    """  # noqa: D301
    from keras_sonify.live.speaker_player import SpeakerPlayer
    from keras_sonify.score.earcons import earcon
    from keras_sonify.score.style import CLEAR

    player = SpeakerPlayer(CLEAR.fade)
    is_silent = silent
    for kind in EVENT_KINDS:
        if names and kind not in names:
            continue
        notes = earcon(kind, CLEAR)
        tell(f"{kind}: {EVENTS[kind].meaning}")
        if directory is not None:
            with bad_file_ends():
                _write(Path(directory), kind, notes)
        if not is_silent:
            player.play(notes, keep=True)
            player.drain(timeout=10.0)
        if player.trouble and not is_silent:
            is_silent = True
            tell(player.trouble, err=True)


def _write(directory: Path, kind: str, notes: "tuple[Note, ...]") -> None:
    from keras_sonify.files.atomic import whole_file
    from keras_sonify.score.style import CLEAR
    from keras_sonify.sound.synth import render_blocks
    from keras_sonify.sound.wav import FULL_SCALE, write_wav

    directory.mkdir(parents=True, exist_ok=True)
    blocks = list(
        render_blocks(
            notes,
            sample_rate=CLEAR.sample_rate,
            channels=2,
            fade=CLEAR.fade,
            full_scale=FULL_SCALE,
        ),
    )
    with whole_file(directory / f"{kind}.wav") as part:
        write_wav(
            part,
            blocks,
            frames=sum(map(len, blocks)),
            sample_rate=CLEAR.sample_rate,
            channels=2,
            dither=CLEAR.dither,
        )
