"""What the user asked for, checked."""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, TypeVar

from keras_sonify.rules import Rules
from keras_sonify.score.style import Style, resolve_style
from keras_sonify.training.events import EVENT_KINDS, EventKind
from keras_sonify.training.metrics import Direction, family_of

Player = Literal["auto", "speaker", "notebook", "browser"]
Mode = Literal["auto", "min", "max"]
_Choice = TypeVar("_Choice")

_PLAYERS: tuple[Player | None, ...] = (
    "auto",
    "speaker",
    "notebook",
    "browser",
    None,
)
_DIRECTIONS: tuple[Direction, ...] = ("min", "max")
_MODES: tuple[Mode, ...] = ("auto", *_DIRECTIONS)
_WEB = ("starlette", "uvicorn", "sse_starlette")
_LEAST_DB, _MOST_DB = -60.0, 20.0


@dataclass(kw_only=True, slots=True)
class Settings:
    """The arguments of a `Sonifier`, as it uses them; see there.

    Attributes:
        metrics: Names of metrics, or `None` for the losses and accuracies.
        directory: Template of the directory, or `None`.
        style: How it sounds.
        player: What plays, or `None`.
        monitor: Metric whose best epoch is told.
        mode: Which way it improves.
        earcons: The kinds of events that sound.
        rules: Thresholds of the events.
        cue_freq: Of how many epochs one sounds live.
        gain_db: Level of the live sound.
        directions: Which way a family improves, as far as is known.
    """

    metrics: tuple[str, ...] | None
    directory: str | None
    style: Style
    player: Player | None
    monitor: str
    mode: Mode
    earcons: frozenset[EventKind]
    rules: Rules
    cue_freq: int
    gain_db: float
    directions: dict[str, Direction] = field(default_factory=dict)


def check_settings(
    *,
    metrics: object,
    directory: object,
    style: object,
    player: Player | None,
    monitor: object,
    mode: Mode,
    earcons: object,
    rules: object,
    cue_freq: object,
    gain_db: object,
    directions: Mapping[str, Direction] | None,
) -> Settings:
    """Return the settings.

    Raises:
        ValueError: If an argument has a value it cannot have.
        TypeError: If an argument is of a type it cannot be.
        ImportError: If `player` needs what is not installed.
    """
    if not isinstance(monitor, str):
        raise TypeError(f"`monitor` must be a string. Received: monitor={monitor!r}")
    if rules is not None and not isinstance(rules, Rules):
        raise TypeError(f"`rules` must be `Rules` or `None`. Received: rules={rules!r}")
    if not isinstance(cue_freq, int) or isinstance(cue_freq, bool) or cue_freq < 1:
        raise ValueError(
            "`cue_freq` must be a positive integer: every how many epochs to sound. "
            f"Received: cue_freq={cue_freq!r}",
        )
    if (
        not isinstance(gain_db, int | float)
        or isinstance(gain_db, bool)
        or not _LEAST_DB <= gain_db <= _MOST_DB
    ):
        raise ValueError(
            f"`gain_db` must be a number from {_LEAST_DB:g} to {_MOST_DB:g}. "
            f"Received: gain_db={gain_db!r}",
        )
    _require_libraries(_choice("player", player, _PLAYERS))
    return Settings(
        metrics=_names(metrics),
        directory=_directory(directory),
        style=resolve_style(style),
        player=player,
        monitor=monitor,
        mode=_choice("mode", mode, _MODES),
        earcons=_kinds(earcons),
        rules=rules or Rules(),
        cue_freq=cue_freq,
        gain_db=float(gain_db),
        directions={
            family_of(name): _choice(f"directions[{name!r}]", direction, _DIRECTIONS)
            for name, direction in (directions or {}).items()
        },
    )


def _require_libraries(player: Player | None) -> None:
    """Refuse a player whose libraries are missing, before any training begins."""
    if player == "browser" and any(find_spec(name) is None for name in _WEB):
        raise ImportError(
            "`player='browser'` needs a web server's libraries. Install them with: "
            "pip install 'keras_sonify[web]'",
        )


def _names(metrics: object) -> tuple[str, ...] | None:
    if metrics is None:
        return None
    names = (metrics,) if isinstance(metrics, str) else metrics
    if not isinstance(names, Sequence) or not all(isinstance(n, str) for n in names):
        raise TypeError(
            "`metrics` must be a string, a list of strings or `None`. "
            f"Received: metrics={metrics!r}",
        )
    return tuple(dict.fromkeys(names))


def _directory(directory: object) -> str | None:
    if directory is None:
        return None
    if not isinstance(directory, str | os.PathLike):
        raise TypeError(
            "`directory` must be a string, a path or `None`. "
            f"Received: directory={directory!r}",
        )
    return str(Path(directory))


def _kinds(earcons: object) -> frozenset[EventKind]:
    if isinstance(earcons, bool):
        return frozenset(EVENT_KINDS if earcons else ())
    if isinstance(earcons, str) or not isinstance(earcons, Collection):
        raise TypeError(
            "`earcons` must be a boolean or a list of events. "
            f"Received: earcons={earcons!r}",
        )
    chosen = frozenset(kind for kind in EVENT_KINDS if kind in earcons)
    if unknown := [kind for kind in earcons if kind not in chosen]:
        raise ValueError(
            f"Unrecognized earcons {unknown}. Expected some of {EVENT_KINDS}. "
            f"Received: earcons={earcons!r}",
        )
    return chosen


def _choice(name: str, value: _Choice, choices: Sequence[_Choice]) -> _Choice:
    if value not in choices:
        raise ValueError(
            f"Unrecognized {name}. Expected one of {tuple(choices)}. "
            f"Received: {name}={value!r}",
        )
    return value
