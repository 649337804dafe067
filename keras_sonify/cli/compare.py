"""`keras-sonify compare`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from keras_sonify.cli.options import LOGS, bad_file_ends
from keras_sonify.cli.tell import tell

if TYPE_CHECKING:
    from keras_sonify.score.note import Note

_RINGING = 30.0  # seconds that a device may take besides


@click.command(epilog=LOGS, short_help="Tell and hear which of several runs is better.")
@click.argument("runs", nargs=-1, required=True, metavar="LOG...")
@click.option("-d", "-o", "--directory", help="Write it as sound, too, to there.")
@click.option("--metric", metavar="NAME", help="What counts. [default: val_loss]")
@click.option(
    "--mode",
    type=click.Choice(["auto", "min", "max"]),
    default="auto",
    show_default=True,
    help="Whether it is to fall or to rise.",
)
@click.option("--play", is_flag=True, help="Play it.")
@click.option("--json", "as_json", is_flag=True, help="For programs: one JSON object.")
def compare(
    runs: tuple[str, ...],
    directory: str | None,
    metric: str | None,
    mode: Literal["auto", "min", "max"],
    *,
    play: bool,
    as_json: bool,
) -> None:
    """Tell and hear which of several runs is better, where, and by how much.

    LOG may be a log, the directory of a run, or one that holds several: runs, or the
    trials of keras-tuner. A table of runs as W&B exports it will do, too. More than
    nine runs are heard as a search: a tone each.

    \b
    Examples:
      keras-sonify compare baseline.csv larger.csv
      keras-sonify compare sonification/run1 sonification/run2 --play
      keras-sonify compare trials/* -d search
      keras-sonify compare model_log.csv --metric val_accuracy --json
    """  # noqa: D301
    from keras_sonify.comparison import compare as compare_runs
    from keras_sonify.comparison import heard
    from keras_sonify.files.comparison_files import write_comparison
    from keras_sonify.score.style import CLEAR
    from keras_sonify.words.closing import files_sentence
    from keras_sonify.words.comparison_data import as_data

    with bad_file_ends():
        told = compare_runs(*runs, metric=metric, mode=mode)
        if as_json:
            tell(*json.dumps(as_data(told), indent=2).splitlines())
        else:
            tell(*told.sentences)
        notes = heard(told, CLEAR) if directory or play else []
        if directory:
            names = write_comparison(Path(directory), told, notes, CLEAR)
            if not as_json:
                tell(files_sentence(directory, names))
    if play:
        _play([note for _, note in notes])


def _play(notes: "Sequence[Note]") -> None:
    from keras_sonify.live.speaker_player import SpeakerPlayer
    from keras_sonify.score.style import CLEAR

    player = SpeakerPlayer(CLEAR.fade)
    player.play(notes, keep=True)
    player.drain(timeout=notes[-1].end + _RINGING)
    if player.trouble:
        raise click.ClickException(player.trouble)
