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
        tell(*json.dumps(as_data(standing), indent=2).split("\n"), as_is=True)
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
    if _is_last(standing):
        return "ending"
    is_alive = standing.life == "alive"
    # How long a first epoch takes nobody knows. A step takes next to nothing.
    usual = None if standing.step is not None else standing.usual_seconds
    usual = math.inf if standing.epoch < 0 and is_alive else usual
    is_soon = standing.silent_seconds <= longest_silence(usual or 0.0)
    if is_soon and standing.life != "closed":
        return "training"
    return "silent" if is_alive else "unknown"


def as_data(standing: "Standing") -> dict[str, Any]:
    """Return how a run stands, as plain data."""
    best, axis = standing.best, standing.at.axis
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
        "best": best
        and {"metric": best[0], axis.unit: axis.number(best[1]), "value": best[2]},
        "host": standing.host,
    } | _steps(standing)


def _steps(standing: "Standing") -> dict[str, Any]:
    """Return what besides is known of a run in steps."""
    if standing.step is None:
        return {}
    return {"step": standing.step, "planned_steps": standing.planned_steps}


def _is_last(standing: "Standing") -> bool:
    """Whether all that was planned has come."""
    if standing.step is not None:
        planned = standing.planned_steps
        return planned is not None and standing.step >= planned
    return standing.planned is not None and standing.epoch + 1 >= standing.planned


def sentence(standing: "Standing") -> str:
    """Return in at most 15 words how a run stands."""
    from keras_sonify.training.events import EVENTS

    if standing.epoch < 0:
        return _first_sentence(standing)
    state, last = state_of(standing), standing.at.out_of(standing.plan)
    ago = duration(standing.silent_seconds)
    if standing.ending:
        parts = [f"Training {EVENTS[standing.ending].ending} after {last}"]
        if standing.ended_seconds is not None:
            parts.append(f"{duration(standing.ended_seconds)} ago")
    elif state == "copied":
        parts = [f"The log ends after {last}"]
    elif state == "ending":
        parts = [f"{last.capitalize()}, the last, ended {ago} ago"]
    elif state == "unknown":
        where = f"On {_shown(standing.host)}, " if standing.host else ""
        told = f"{where}{last} ended {ago} ago"
        parts = [told[0].upper() + told[1:]]
    else:
        parts = _under_way(standing, state, ago)
    if standing.best:
        name, _, value = standing.best
        parts.append(f"best {_shown(name)} {value:.3g}")
    return f"{', '.join(parts)}."


def _under_way(standing: "Standing", state: str, ago: str) -> list[str]:
    """Return how a run stands that has been going on; in parts of a sentence."""
    unit = standing.at.axis.unit
    if standing.step is None:  # an epoch is told of when it has ended
        at = standing.at._replace(epoch=standing.epoch + 1)
        place = at.out_of(standing.plan)
        broken = f"in {place}; last {unit} {ago} ago"
        doing = f"Training {place} for {ago}"
    else:
        place = standing.at.out_of(standing.plan)
        broken = f"after {place}, {ago} ago"
        doing = f"Training, {place}"
    if state in ("died", "paused"):
        return [f"{state.title()} {broken}"]
    if state == "silent":
        usual = standing.usual_seconds if standing.step is None else None
        told = f", usually {duration(usual)}" if usual else ""
        return [f"No {unit} for {ago}{told}; {place}"]
    left = _seconds_left(standing)
    return [doing, *([] if left is None else [f"{duration(left)} left"])]


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
    if standing.step is not None:
        steps = standing.planned_steps
        return None if not steps else usual * planned * (1.0 - standing.step / steps)
    rest = planned - standing.epoch - 1
    return max(rest * usual - min(standing.silent_seconds, usual), 0.0)


def _shown(name: str) -> str:
    """Return a name as one word that is not too long."""
    word = "_".join(name.split())
    return word if len(word) <= _LONGEST_NAME else f"{word[: _LONGEST_NAME - 3]}..."
