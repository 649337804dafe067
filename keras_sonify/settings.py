"""What the user asked for, checked."""

import math
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, TypeGuard, TypeVar, get_args

from keras_sonify.output import Output
from keras_sonify.rules import Rules
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.style import Style
from keras_sonify.score.styles import resolve_style
from keras_sonify.training.directions import Direction
from keras_sonify.training.events import EVENT_KINDS, EVENTS, Event, EventKind
from keras_sonify.training.names import family_of
from keras_sonify.training.selection import ALL

PlayerName = Literal["auto", "speaker", "notebook", "browser"]
Player = PlayerName | Output
Append = Literal["auto"] | bool
Mode = Literal["auto", "min", "max"]
_Choice = TypeVar("_Choice")

_PLAYERS: tuple[PlayerName | None, ...] = (*get_args(PlayerName), None)
_DIRECTIONS: tuple[Direction, ...] = ("min", "max")
_MODES: tuple[Mode, ...] = ("auto", *_DIRECTIONS)
LAST = "last"
"""What asks for the run that was kept in the directory before this one."""
_WEB = ("starlette", "uvicorn", "sse_starlette")
_LEAST_DB, _MOST_DB = -60.0, 20.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The arguments of a `Sonifier`, as it uses them; see there.

    Attributes:
        metrics: Names of metrics, `ALL` of them, or `None` for losses and accuracies.
        directory: Template of the directory, or `None`.
        style: How it sounds.
        players: What plays, by name, or objects.
        append: Whether to go on with the run that is in the directory.
        against: Which run it is held against: `LAST`, a path, or `None`.
        on_event: What is called with each event; `None` for nothing.
        monitor: Metric whose best epoch is told.
        mode: Which way it improves.
        earcons: The kinds of events that sound.
        words: Whether a word says what they are.
        rules: Thresholds of the events.
        gain_db: Level of the live sound.
        update_freq: How many steps a row of the log stands for at least.
        cue_seconds: Seconds between two cues in steps, at least.
        directions: Which way a family improves, as far as is known.
    """

    metrics: tuple[str, ...] | None
    directory: str | None
    style: Style
    players: tuple[Player, ...]
    append: Append
    against: str | None
    on_event: Callable[[Event], object] | None
    monitor: str
    mode: Mode
    earcons: frozenset[EventKind]
    words: bool
    rules: Rules
    gain_db: float
    update_freq: int
    cue_seconds: float
    directions: Mapping[str, Direction] = field(default_factory=dict)

    def hearing(self, *, is_full: bool = False) -> Hearing:
        """Return how a run is heard, so far as the settings say."""
        asked = () if self.metrics == ALL else self.metrics or ()
        return Hearing(style=self.style, asked=asked, is_full=is_full, words=self.words)

    def known_directions(
        self, directions: Mapping[str, Direction]
    ) -> dict[str, Direction]:
        """Return which way each family improves: what the user said counts most.

        Args:
            directions: What else is known.
        """
        known = {**directions, **self.directions}
        if self.mode != "auto":
            known[family_of(self.monitor)] = self.mode
        return known

    @property
    def player_names(self) -> list[PlayerName]:
        """Those of the players that the user named."""
        return [player for player in self.players if isinstance(player, str)]


def check_settings(
    *,
    metrics: object,
    directory: object,
    style: object,
    player: object,
    append: object,
    against: object,
    on_event: object,
    monitor: object,
    mode: Mode,
    earcons: object,
    words: object,
    rules: object,
    gain_db: object,
    update_freq: object,
    cue_seconds: object,
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
    if append != "auto" and not isinstance(append, bool):
        raise ValueError(
            "Unrecognized append. Expected 'auto', True or False. "
            f"Received: append={append!r}",
        )
    if on_event is not None and not callable(on_event):
        raise TypeError(
            "`on_event` must be a function that takes an event, or `None`. "
            f"Received: on_event={on_event!r}",
        )
    if not (_is_number(gain_db) and _LEAST_DB <= gain_db <= _MOST_DB):
        raise ValueError(
            f"`gain_db` must be a number from {_LEAST_DB:g} to {_MOST_DB:g}. "
            f"Received: gain_db={gain_db!r}",
        )
    if (
        not isinstance(update_freq, int)
        or isinstance(update_freq, bool)
        or update_freq < 1
    ):
        raise ValueError(
            "`update_freq` must be a positive integer. "
            f"Received: update_freq={update_freq!r}",
        )
    if not (_is_number(cue_seconds) and 0.0 < cue_seconds < math.inf):
        raise ValueError(
            "`cue_seconds` must be a positive number of seconds. "
            f"Received: cue_seconds={cue_seconds!r}",
        )
    if not isinstance(words, bool):
        raise TypeError(f"`words` must be a boolean. Received: words={words!r}")
    players = _check_players(player)
    return Settings(
        metrics=_names(metrics),
        directory=_directory(directory),
        style=resolve_style(style),
        players=players,
        append=append,
        against=_against(against, directory),
        on_event=on_event,
        monitor=monitor,
        mode=_choice("mode", mode, _MODES),
        earcons=_kinds(earcons),
        words=words,
        rules=rules or Rules(),
        gain_db=float(gain_db),
        update_freq=update_freq,
        cue_seconds=float(cue_seconds),
        directions={
            family_of(name): _choice(f"directions[{name!r}]", direction, _DIRECTIONS)
            for name, direction in (directions or {}).items()
        },
    )


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_players(player: object) -> tuple[Player, ...]:
    """Return who plays; refuse a player whose libraries are missing, before any run."""
    if player is None:
        return ()
    players = player if isinstance(player, list | tuple) else (player,)
    for each in players:
        if isinstance(each, str):
            _choice("player", each, _PLAYERS)
        elif isinstance(each, type) or not isinstance(each, Output):
            raise TypeError(
                f"`player` must be one of {_PLAYERS}, an object with the methods of "
                "`keras_sonify.output.Output`, or a list of such. "
                f"Received: player={player!r}",
            )
    has_page = any(isinstance(each, str) and each == "browser" for each in players)
    if has_page and any(find_spec(name) is None for name in _WEB):
        raise ImportError(
            "`player='browser'` needs a web server's libraries. Install them with: "
            "pip install 'keras_sonify[web]'",
        )
    return tuple(players)


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


def _against(against: object, directory: object) -> str | None:
    if against is None:
        return None
    if not isinstance(against, str | os.PathLike):
        raise TypeError(
            f"`against` must be {LAST!r}, a path or `None`. "
            f"Received: against={against!r}",
        )
    if against == LAST and directory is None:
        raise ValueError(
            f"`against={LAST!r}` needs a `directory`, in which the run before is kept. "
            "Received: directory=None",
        )
    return str(against) if against == LAST else str(Path(against))


def _kinds(earcons: object) -> frozenset[EventKind]:
    if isinstance(earcons, bool):
        return frozenset(k for k in EVENT_KINDS if earcons and EVENTS[k].is_heard)
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
