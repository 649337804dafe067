"""`keras-sonify now`."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keras_sonify.cli.options import bad_file_ends
from keras_sonify.cli.tell import tell
from keras_sonify.words.duration import duration

if TYPE_CHECKING:
    from keras_sonify.files.process import Life
    from keras_sonify.files.standing import Standing

_LONGEST_NAME = 40  # characters


@click.command(short_help="Tell in one sentence how a training stands right now.")
@click.argument("directory", default="sonification")
@click.option("--json", "as_json", is_flag=True, help="For programs: one JSON object.")
def now(directory: str, *, as_json: bool) -> None:
    """Tell in one sentence how a training stands right now.

    DIRECTORY is that of its files, sonification if none is given. Of several runs in it
    and below it, the newest is told. The training is not disturbed; where it hangs or
    has died, that is told.

    \b
    Examples:
      keras-sonify now
      keras-sonify now sonification/12
      keras-sonify now --json
    """  # noqa: D301
    from keras_sonify.files.standing import find_standing

    with bad_file_ends():
        standing = find_standing(Path(directory))
    if standing is None:
        where = Path(directory).absolute()
        raise click.ClickException(f"No epoch of a run in {where} or below it yet.")
    if as_json:
        tell(*json.dumps(as_data(standing), indent=2).split("\n"))
    else:
        tell(sentence(standing))


def state_of(standing: "Standing") -> str:
    """Return how a run stands in a word: its ending, or what it does."""
    from keras_sonify.rules.stall import longest_silence

    lives: dict[Life, str] = {"gone": "died", "paused": "paused"}
    if standing.ending or standing.life in lives:
        return standing.ending or lives[standing.life]
    if standing.is_copy:
        return "copied"
    if standing.planned is not None and standing.epoch + 1 >= standing.planned:
        return "ending"
    is_alive = standing.life == "alive"
    # How long a first epoch takes nobody knows.
    usual = math.inf if standing.epoch < 0 and is_alive else standing.usual_seconds
    is_soon = standing.silent_seconds <= longest_silence(usual or 0.0)
    if is_soon and standing.life != "closed":
        return "training"
    return "silent" if is_alive else "unknown"


def as_data(standing: "Standing") -> dict[str, Any]:
    """Return how a run stands, as plain data."""
    best = standing.best
    return {
        "directory": str(standing.directory),
        "state": state_of(standing),
        "sentence": sentence(standing),
        "epoch": standing.epoch + 1,
        "planned": standing.planned,
        "seconds_since_epoch": standing.silent_seconds,
        "seconds_since_end": standing.ended_seconds,
        "usual_epoch_seconds": standing.usual_seconds,
        "seconds_left": _seconds_left(standing),
        "best": best and {"metric": best[0], "epoch": best[1] + 1, "value": best[2]},
        "host": standing.host,
    }


def sentence(standing: "Standing") -> str:
    """Return in at most 15 words how a run stands."""
    from keras_sonify.words.text import ending_sentence

    if standing.epoch < 0:
        return _first_sentence(standing)
    state, planned, last = state_of(standing), standing.planned, standing.epoch + 1
    ago = duration(standing.silent_seconds)
    under_way = _epoch(last + 1, planned)
    if standing.ending:
        parts = [ending_sentence(standing.ending, standing.epoch, planned)]
        if standing.ended_seconds is not None:
            parts.append(f"{duration(standing.ended_seconds)} ago")
    elif state in ("died", "paused"):
        parts = [f"{state.title()} in {under_way}; last epoch {ago} ago"]
    elif state == "silent":
        usual = standing.usual_seconds
        told = f", usually {duration(usual)}" if usual else ""
        parts = [f"No epoch for {ago}{told}; {under_way}"]
    elif state in ("ending", "copied"):
        parts = [
            f"The log ends after {_epoch(last, planned)}"
            if state == "copied"
            else f"Epoch {last} of {planned}, the last, ended {ago} ago"
        ]
    elif state == "unknown":
        where = f"On {_shown(standing.host)}, " if standing.host else ""
        told = f"{where}{_epoch(last, planned)} ended {ago} ago"
        parts = [told[0].upper() + told[1:]]
    else:
        parts = [f"Training {under_way} for {ago}"]
        left = _seconds_left(standing)
        if left is not None:
            parts.append(f"{duration(left)} left")
    if standing.best:
        name, _, value = standing.best
        parts.append(f"best {_shown(name)} {value:.3g}")
    return f"{', '.join(parts)}."


def _first_sentence(standing: "Standing") -> str:
    """Return in words how a run stands that has no epoch yet."""
    state, ago = state_of(standing), duration(standing.silent_seconds)
    if state in ("died", "paused"):
        return f"{state.title()} in its first epoch, begun {ago} ago."
    if state == "unknown":
        where = f"On {_shown(standing.host)}, its" if standing.host else "Its"
        return f"{where} first epoch began {ago} ago."
    planned = f", {standing.planned} are planned" if standing.planned else ""
    return f"Training its first epoch for {ago}{planned}."


def _seconds_left(standing: "Standing") -> float | None:
    """Return how long the rest takes, by how long its epochs took so far."""
    usual, planned = standing.usual_seconds, standing.planned
    if state_of(standing) != "training" or usual is None or planned is None:
        return None
    rest = planned - standing.epoch - 1
    return max(rest * usual - min(standing.silent_seconds, usual), 0.0)


def _epoch(epoch: int, planned: int | None) -> str:
    return f"epoch {epoch} of {planned}" if planned else f"epoch {epoch}"


def _shown(name: str) -> str:
    """Return a name as one word that is not too long."""
    word = "_".join(name.split())
    return word if len(word) <= _LONGEST_NAME else f"{word[: _LONGEST_NAME - 3]}..."
