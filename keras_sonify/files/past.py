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
from keras_sonify.files.log_csv import read_table
from keras_sonify.rules import Rules
from keras_sonify.score.style import Style
from keras_sonify.settings import Settings
from keras_sonify.training.record import LOG, Record

ABOUT = "run.json"
_FORM = 1  # of `run.json`

Row = tuple[int, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Past:
    """The last run of a directory.

    Attributes:
        rows: Its epochs: zero-based number and values.
        earlier: How many rows of `log.csv` stand before them, of other runs.
        about: What `run.json` says; empty where there is none.
    """

    rows: list[Row]
    earlier: int = 0
    about: Mapping[str, Any] = field(default_factory=dict)

    def before(self, epoch: int) -> "Past | None":
        """Return this run as far as one goes on with it; `None` if that is none.

        A run that was done is gone on with where it ended. Of one that was cut short,
        the end may have come later than what it is resumed from, or before its last
        epochs were written down.

        Args:
            epoch: Zero-based number of the next epoch.
        """
        rows = [row for row in self.rows if row[0] < epoch]
        if not rows:
            return None
        is_next = self.rows[-1][0] == epoch - 1
        was_done = self.about.get("ending") in ("finished", "stopped_early")
        return dataclasses.replace(self, rows=rows) if is_next or not was_done else None


def read_past(directory: Path) -> Past | None:
    """Return the last run that was kept in a directory; `None` if there is none.

    Raises:
        OSError: If it cannot be read.
    """
    columns, cells = read_table(directory / LOG)
    rows: list[Row] = []
    earlier = 0
    for number, row in enumerate(cells):
        try:
            epoch = int(row[0])
            values = {
                name: float(cell)
                for name, cell in zip(columns[1:], row[1:], strict=True)
                if cell not in ("NA", "")
            }
        except ValueError:
            continue
        if rows and epoch <= rows[-1][0]:
            rows, earlier = [], number
        rows.append((epoch, values))
    return Past(rows, earlier, read_about(directory)) if rows else None


def read_about(directory: Path) -> dict[str, Any]:
    """Return what `run.json` says; nothing where it is missing or damaged."""
    try:
        about = json.loads((directory / ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    is_ours = isinstance(about, dict) and about.get("form") == _FORM
    return about if is_ours else {}


def write_about(
    directory: Path,
    settings: Settings,
    directions: Mapping[str, str],
    record: Record,
) -> None:
    """Write `run.json`.

    Args:
        directory: Where.
        settings: What the user asked for.
        directions: Which way each family improves, where more than its name tells.
        record: The run: says how many epochs there are to be, and how it ended.

    Raises:
        OSError: If it cannot be written.
    """
    about = {
        "form": _FORM,
        "metrics": settings.metrics,
        "style": dataclasses.asdict(settings.style),
        "monitor": settings.monitor,
        "mode": settings.mode,
        "earcons": sorted(settings.earcons),
        "rules": dataclasses.asdict(settings.rules),
        "directions": dict(directions),
        "planned": record.planned,
        "ending": record.ending,
    }
    with whole_file(directory / ABOUT) as part:
        part.write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def arguments_of(about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a `Sonifier` with which a run was heard.

    Args:
        about: What `run.json` says; may have been changed by hand.

    Raises:
        ValueError: If an argument has a value it cannot have.
        TypeError: If one is of a type it cannot be.
    """
    names = ("metrics", "monitor", "mode", "earcons", "directions")
    arguments = {name: about[name] for name in names if name in about}
    if isinstance(about.get("style"), dict):
        arguments["style"] = Style(**about["style"])
    if isinstance(about.get("rules"), dict):
        arguments["rules"] = Rules(**about["rules"])
    return arguments
