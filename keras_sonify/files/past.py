"""What a directory holds of the run that was kept in it: its log, and how it was heard.

`run.json` stands beside `log.csv` and says what the values alone do not: the style, the
names that were asked for, which way Keras said that metrics improve, how it ended.
"""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from keras_sonify.files.atomic import whole_file
from keras_sonify.files.log_table import read_table
from keras_sonify.readers.own_row import EPOCH_COLUMNS, STEP_COLUMNS, window_in
from keras_sonify.readers.rows import MOST_EPOCH, read_number
from keras_sonify.rules import Rules
from keras_sonify.score.style import Style
from keras_sonify.settings import Settings
from keras_sonify.training.axis import Plan
from keras_sonify.training.directions import Direction
from keras_sonify.training.events import EVENTS, EventKind
from keras_sonify.training.history import History
from keras_sonify.training.origin import Origin, name_of
from keras_sonify.training.points import Window
from keras_sonify.training.record import ABOUT, LOG, Record

FORM = 1
"""Of `run.json`, and of what stands beside it."""

_LATEST = 32_503_680_000.0  # seconds since 1970: the year 3000
_MOST_LOST = 5  # epochs that a kill may have kept from being written down


@dataclass(frozen=True, slots=True)
class Past:
    """The last run of a directory.

    Attributes:
        history: Its epochs, or what was recorded of its steps.
        places: The row of `log.csv` in which each of them stands, from 0.
        about: What `run.json` says; empty where there is none.
    """

    history: History
    places: list[int]
    about: Mapping[str, Any] = field(default_factory=dict)

    def before(self, epoch: int) -> "Past | None":
        """Return this run as far as one goes on with it; `None` if that is none.

        A run that was done is gone on with where it ended. Of one that was cut short,
        the end may have come later than what it is resumed from, or before its last
        epochs were written down.

        Args:
            epoch: Zero-based number of the next epoch.
        """
        whole = self.history
        count = sum(whole.at(place).epoch < epoch for place in range(len(whole)))
        if not count:
            return None
        lost = epoch - 1 - whole.at(count - 1).epoch
        was_done = self.about.get("ending") in ("finished", "stopped_early")
        is_next = lost == 0 and count == len(whole)
        goes_on = is_next if was_done else lost <= _MOST_LOST
        if not goes_on:
            return None
        kept = History()
        for place, row in enumerate(whole.rows(count)):
            kept.append(*row, whole.window(place))
        return dataclasses.replace(self, history=kept, places=self.places[:count])


def read_past(directory: Path, name: str = LOG) -> Past | None:
    """Return the last run that was kept in a directory; `None` if there is none.

    Args:
        directory: Where it is.
        name: Of another record of this form. Defaults to `log.csv`.

    Raises:
        OSError: If it cannot be read.
    """
    columns, table = read_table(directory / name)
    is_in_steps = tuple(columns[: len(STEP_COLUMNS)]) == STEP_COLUMNS
    fixed = len(STEP_COLUMNS if is_in_steps else EPOCH_COLUMNS)
    history, places = History(), list[int]()
    for number, cells in enumerate(table):
        at = read_number(cells[is_in_steps])
        if at is None or not abs(at) <= MOST_EPOCH:  # nor NaN
            continue
        values = {
            name: value
            for name, cell in zip(columns[fixed:], cells[fixed:], strict=True)
            if (value := read_number(cell)) is not None
        }
        window = window_in(cells, values) if is_in_steps else None
        if len(history) and _is_before(int(at), window, history):
            history, places = History(), []
        history.append(int(at), values, window)
        places.append(number)
    return Past(history, places, read_about(directory)) if places else None


def _is_before(at: int, window: Window | None, history: History) -> bool:
    """Whether a row begins another run than those before."""
    last = history.at(len(history) - 1).place
    return at < last or (window is None and at == last)


def read_about(directory: Path, name: str = ABOUT) -> dict[str, Any]:
    """Return what `run.json` says; nothing where it is missing or damaged.

    Args:
        directory: Where it is.
        name: Of another file of this form. Defaults to `run.json`.
    """
    try:
        about = json.loads((directory / name).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    is_ours = isinstance(about, dict) and about.get("form") == FORM
    return about if is_ours else {}


def write_about(
    directory: Path,
    settings: Settings,
    directions: Mapping[str, str],
    record: Record,
    *,
    is_rendered: bool = False,
) -> None:
    """Write `run.json`.

    Args:
        directory: Where.
        settings: What the user asked for.
        directions: Which way each family improves, where more than its name tells.
        record: The run: says how many epochs there are to be, and how it ended.
        is_rendered: Boolean. Whether it was made from a log that is elsewhere, so
            that nothing is lost with this one. Defaults to `False`.

    Raises:
        OSError: If it cannot be written.
    """
    about = {
        "form": FORM,
        "metrics": settings.metrics,
        "style": dataclasses.asdict(settings.style),
        "monitor": settings.monitor,
        "mode": settings.mode,
        "earcons": sorted(settings.earcons),
        "words": settings.words,
        "rules": dataclasses.asdict(settings.rules),
        "directions": dict(directions),
        "planned": record.plan.epochs,
        "planned_steps": record.plan.steps,
        "ending": record.ending,
        "rendered": is_rendered,
        "against": record.against
        and {
            "name": record.against.name,
            "directions": record.against.directions,
        },
        "origin": dataclasses.asdict(record.origin),
    }
    with whole_file(directory / ABOUT) as part:
        part.write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def has_record(directory: Path) -> bool:
    """Whether a directory holds a log that is one of ours, and nowhere else."""
    about = read_about(directory)
    return bool(about) and not about.get("rendered") and (directory / LOG).exists()


def arguments_of(about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a `Sonifier` with which a run was heard.

    Args:
        about: What `run.json` says; may have been changed by hand.

    Raises:
        ValueError: If an argument has a value it cannot have.
        TypeError: If one is of a type it cannot be.
    """
    names = ("metrics", "monitor", "mode", "earcons", "words", "directions")
    arguments = {name: about[name] for name in names if name in about}
    if not isinstance(about.get("directions", {}), dict):
        raise TypeError("`directions` must be a dictionary.")
    for name, kind in (("style", Style), ("rules", Rules)):
        if name in about:
            arguments[name] = kind(**about[name])
    return arguments


def directions_of(about: Mapping[str, Any]) -> dict[str, Direction]:
    """Return which way families of metrics improve, as far as `run.json` knows.

    Args:
        about: What it says; may have been changed by hand: what is no way is left out.
    """
    given = about.get("directions")
    pairs = given.items() if isinstance(given, Mapping) else ()
    return {family: way for family, way in pairs if way in ("min", "max")}


def ending_of(about: Mapping[str, Any]) -> EventKind | None:
    """Return how a run ended, by its `run.json`; `None` where that is not known."""
    ending = about.get("ending")
    endings = (kind for kind, row in EVENTS.items() if row.ending and kind == ending)
    return next(endings, None)


def plan_of(about: Mapping[str, Any]) -> Plan:
    """Return how much a run was to have, as far as that is known."""
    steps = about.get("planned_steps")
    is_known = isinstance(steps, int) and steps > 0
    return Plan(planned_of(about), steps if is_known else None)


def planned_of(about: Mapping[str, Any]) -> int | None:
    """Return how many epochs a run was to have; `None` where that is not known."""
    planned = about.get("planned")
    return planned if isinstance(planned, int) and planned > 0 else None


def origin_of(about: Mapping[str, Any], directory: Path | None = None) -> Origin:
    """Return where a run comes from, as far as its `run.json` tells.

    Args:
        about: What it says; may have been changed by hand.
        directory: Where the run is: that is its name, if it was kept there when it was
            trained. Defaults to `None`.
    """
    told = about.get("origin")
    told = told if isinstance(told, dict) else {}

    def seconds(key: str) -> float | None:
        value = told.get(key)
        if not isinstance(value, int | float) or not 0 <= value < _LATEST:
            return None
        return float(value)

    name = told.get("name")
    if directory is not None and not (about.get("rendered") and isinstance(name, str)):
        name = name_of(directory.absolute())
    return Origin(
        name=name if isinstance(name, str) else "",
        began=seconds("began"),
        ended=seconds("ended"),
        logged=seconds("logged"),
        is_read=told.get("is_read") is True,
    )
