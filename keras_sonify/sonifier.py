"""From one epoch's `logs` to sound: what the callback and the command line drive."""

import atexit
import math
import os
import time
import weakref
from collections import ChainMap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

from keras_sonify import earcons, text
from keras_sonify.advice import warn
from keras_sonify.composer import Composer, Cue
from keras_sonify.files import RunFiles
from keras_sonify.logs import read_values
from keras_sonify.metrics import Direction, describe, family_of
from keras_sonify.player import SpeakerPlayer
from keras_sonify.readers.json_log import history_rows
from keras_sonify.recorder import Recorder
from keras_sonify.selection import Selection
from keras_sonify.style import Style, resolve_style

Player = Literal["auto", "speaker"]
_Choice = TypeVar("_Choice")

_PLAYERS: tuple[Player | None, ...] = ("auto", "speaker", None)
_DIRECTIONS: tuple[Direction, ...] = ("min", "max")
_MODES: tuple[Literal["auto", "min", "max"], ...] = ("auto", *_DIRECTIONS)
_SETTLING = 1.0  # seconds that the end may wait to learn whether sound came out
_FINISHING = 60.0  # seconds that the end may wait for the last round of files
_EXIT_WAIT = 1.5  # seconds that the end of a script may wait for them


class Sonifier:
    """Makes a run of epochs heard: live, and as files.

    It knows nothing of Keras. `SonifyCallback` drives it from a training; a script of
    your own can do so from anything that has values per epoch.

    Example:

    ```python
    sonifier = Sonifier(directory="run/sound")
    for epoch in range(20):
        sonifier.epoch(epoch, {"loss": train(), "val_loss": validate()})
    sonifier.end()
    ```

    Args:
        metrics: String or list of strings. Metrics to sound, by their names in
            `logs`. `None` sounds the losses and accuracies with their validation
            twins. Defaults to `None`.
        directory: String or path. Where the files go; made with its parents.
            `{time}` in it becomes the time of the first epoch, `{run}` the next free
            number. `None` writes no files. Defaults to `"sonification"`.
        style: String or `Style`. How it sounds: `"clear"`, `"classic"` or a style of
            your own. Defaults to `"clear"`.
        player: String. `"speaker"` plays through this machine's loudspeaker,
            `"auto"` where it can be heard (at present the same); `None` plays
            nothing. Defaults to `"auto"`.
        monitor: String. Metric whose best epoch is told at the end. Defaults to
            `"val_loss"`; where a run has none, the loss is taken.
        mode: String. One of `{"auto", "min", "max"}`. Whether `monitor` improves as
            it falls or as it rises; `"auto"` goes by its name. Defaults to `"auto"`.
        earcons: Boolean. Whether the end of a run sounds. Defaults to `True`.
        directions: Dictionary from metric name to `"min"` or `"max"`, for metrics
            whose name does not tell which way they improve. Defaults to `None`.

    Attributes:
        files: The files of the last run that was begun; `None` if there are none.

    Raises:
        ValueError: If an argument has a value it cannot have.
        TypeError: If an argument is of a type it cannot be.
    """

    def __init__(
        self,
        metrics: str | Sequence[str] | None = None,
        directory: str | os.PathLike[str] | None = "sonification",
        *,
        style: str | Style = "clear",
        player: Player | None = "auto",
        monitor: str = "val_loss",
        mode: Literal["auto", "min", "max"] = "auto",
        earcons: bool = True,
        directions: Mapping[str, Direction] | None = None,
    ) -> None:
        self.metrics = _names(metrics)
        self.directory = _directory(directory)
        self.style = resolve_style(style)
        self.player = _choice("player", player, _PLAYERS)
        self.monitor = _string("monitor", monitor)
        self.mode: Literal["auto", "min", "max"] = _choice("mode", mode, _MODES)
        self.earcons = _boolean("earcons", earcons)
        self.directions: dict[str, Direction] = {
            family_of(name): _choice(f"directions[{name!r}]", direction, _DIRECTIONS)
            for name, direction in (directions or {}).items()
        }
        self.files: RunFiles | None = None
        self._run: _Run | None = None

    @classmethod
    def from_history(cls, history: object, **arguments: Any) -> "Sonifier":  # noqa: ANN401
        """Make a run that is over heard: write its files.

        Args:
            history: What `model.fit` returned, its `history` dictionary, a pandas
                DataFrame with a column per metric, or a list of dictionaries, one an
                epoch.
            **arguments: Those of `Sonifier`. Nothing is played live.

        Returns:
            The sonifier, whose `files` say where they are.

        Raises:
            ValueError: If the history holds no epoch.
        """
        epochs = getattr(history, "epoch", None)
        columns = getattr(history, "history", history)
        if hasattr(columns, "to_dict"):
            columns = columns.to_dict("list")
        rows = list(history_rows(columns))
        if not rows:
            raise ValueError(
                "`history` must be what `fit` returned, a dictionary of lists, a "
                f"DataFrame or a list of dictionaries. Received: {type(history)}",
            )
        if isinstance(epochs, list) and len(epochs) == len(rows):
            rows = [
                (epoch, values) for epoch, (_, values) in zip(epochs, rows, strict=True)
            ]
        sonifier = cls(**{**arguments, "player": None})
        for epoch, values in rows:
            sonifier.epoch(epoch, values)
        sonifier.end()
        return sonifier

    def begin(self) -> None:
        """Begin a new run. What a run before it left unfinished is finished first.

        `epoch` does so by itself when no run is under way.
        """
        self.close()
        self._run = _Run(self)
        self.files = self._run.files

    def epoch(
        self,
        epoch: int,
        logs: Mapping[str, Any] | None,
        *,
        play: bool = True,
    ) -> Cue | None:
        """Sound one epoch and keep it for the files; returns within a millisecond.

        Args:
            epoch: Integer. Zero-based number of the epoch. A number that has just
                been sounded is not sounded again.
            logs: Dictionary from metric name to value; it is not changed. NaN and
                infinities sound as noise. What is no single number is left out.
            play: Boolean. Whether to play it live, if anything is. Defaults to
                `True`.

        Returns:
            The cue, or `None` if the epoch was not sounded.
        """
        if self._run is None:
            self.begin()
        return self._run.epoch(epoch, logs, play=play) if self._run else None

    def end(self) -> list[str]:
        """End the run: sound it, complete the files, and return what there is to say.

        Waits until the files are complete. Live sound rings out by itself. Without a
        run under way, nothing happens.

        Returns:
            Plain lines: the best epoch, where the files are, what was not played.
        """
        run, self._run = self._run, None
        return run.end() if run else []

    def close(self) -> None:
        """Complete the files of a run that did not end by itself, without a sound.

        May be called at any time and more than once.
        """
        run, self._run = self._run, None
        if run:
            run.close(_FINISHING)

    def drain(self, timeout: float) -> None:
        """Wait at most `timeout` seconds until all cues have been played."""
        if self._run and self._run.player:
            self._run.player.drain(timeout)

    @property
    def is_silent(self) -> bool:
        """Whether the run that is under way has no live sound."""
        player = self._run.player if self._run else None
        return player is None or player.trouble is not None

    def __getstate__(self) -> dict[str, Any]:
        """Leave the run behind: a copy starts anew (threads cannot be copied)."""
        return {**self.__dict__, "_run": None, "files": None}


class _Run:
    """What lives from the beginning of a run to its end."""

    def __init__(self, sonifier: Sonifier) -> None:
        style = sonifier.style
        # A view, not a copy: the callback learns directions at the first epoch's end.
        directions = ChainMap[str, Direction]({}, sonifier.directions)
        if sonifier.mode != "auto":
            directions[family_of(sonifier.monitor)] = sonifier.mode
        self._style = style
        self._earcons = sonifier.earcons
        self._selection = Selection(sonifier.metrics, directions)
        self._composer = Composer(style)
        self._best = _Best(sonifier.monitor, directions)
        self.files = (
            RunFiles(sonifier.directory, style, sonifier.metrics or ())
            if sonifier.directory
            else None
        )
        self._recorder = Recorder(self.files) if self.files else None
        self.player = SpeakerPlayer(style.fade) if sonifier.player else None
        self._last_epoch: int | None = None
        self._warned: set[str] = set()
        self._pid = os.getpid()
        _unfinished.add(self)

    def epoch(self, epoch: int, logs: object, *, play: bool) -> Cue | None:
        if epoch == self._last_epoch or self._pid != os.getpid():
            return None  # listed twice, or in a process forked off by a data loader
        self._last_epoch = epoch
        values, unreadable = read_values(logs)
        self._selection.meet([*values, *unreadable])
        metrics = self._selection.metrics
        heard = {m.name: values[m.name] for m in metrics if m.name in values}
        cue = self._composer.cue(epoch, heard, metrics)
        self._best.meet(epoch, values)
        if self._recorder:
            self._recorder.add(epoch, heard, metrics)
        if self.player and play:
            self.player.play(cue.notes)
        self._warn_of_names([m.name for m in metrics if m.name in unreadable])
        self._warn_of_trouble()
        return cue

    def end(self) -> list[str]:
        if self._pid != os.getpid():
            return []
        if self.player and self._last_epoch is not None:
            if self._earcons:
                self.player.play(earcons.finished(self._style), keep=True)
            self.player.settle(_SETTLING)
        self.close(_FINISHING)
        if self._last_epoch is not None:
            self._warn_of_names([], at_end=True)
        self._warn_of_trouble()
        return self._summary()

    def close(self, timeout: float) -> None:
        _unfinished.discard(self)
        if self._recorder and self._pid == os.getpid():
            self._recorder.close(timeout)

    def _summary(self) -> list[str]:
        lines = []
        if self._last_epoch is not None and (best := self._best.found()):
            lines.append(text.best_line(*best, self._last_epoch))
        if self.player and self.player.dropped:
            lines.append(text.dropped_line(self.player.dropped))
        if self.files and self.files.directory:
            lines.append(text.files_line(str(self.files.directory), self.files.names))
        return lines

    def _warn_of_names(
        self,
        unreadable: Sequence[str],
        *,
        at_end: bool = False,
    ) -> None:
        for name in unreadable:
            self._warn_once(
                f"unreadable {name}",
                f"`{name}` is no single number and is not sounded where it is none.",
            )
        if missing := self._selection.missing(at_end=at_end):
            self._warn_once(
                "missing",
                f"Metrics to sound that are not in `logs`: {', '.join(missing)}. "
                f"Available are: {', '.join(self._selection.available())}.",
            )

    def _warn_of_trouble(self) -> None:
        for kind, source in (("sound", self.player), ("files", self._recorder)):
            if source and source.trouble:
                self._warn_once(kind, source.trouble)

    def _warn_once(self, kind: str, message: str) -> None:
        if kind not in self._warned:
            self._warned.add(kind)
            warn(message)


class _Best:
    """The best epoch of the monitored metric, or of the loss where it never comes."""

    def __init__(self, monitor: str, directions: Mapping[str, Direction]) -> None:
        self._directions = directions
        self._names = (monitor, "val_loss", "loss")
        self._best: dict[str, tuple[float, int]] = {}

    def meet(self, epoch: int, values: Mapping[str, float]) -> None:
        for name in self._names:
            value = values.get(name, math.nan)
            if not math.isfinite(value):
                continue
            rises = describe(name, self._directions).direction == "max"
            best = self._best.get(name)
            if best is None or (value > best[0] if rises else value < best[0]):
                self._best[name] = value, epoch

    def found(self) -> tuple[str, float, int] | None:
        for name in self._names:
            if name in self._best:
                return name, *self._best[name]
        return None


# Runs that did not end: Ctrl-C or an exception came, and Keras told nobody. Their
# files are completed when the script ends, which a killed process does not do: what
# the recorder has written until then must do for it.
_unfinished: "weakref.WeakSet[_Run]" = weakref.WeakSet()


@atexit.register
def _close_unfinished() -> None:
    deadline = time.monotonic() + _EXIT_WAIT
    for run in list(_unfinished):
        run.close(max(0.0, deadline - time.monotonic()))


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


def _string(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"`{name}` must be a string. Received: {name}={value!r}")
    return value


def _boolean(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"`{name}` must be a boolean. Received: {name}={value!r}")
    return value


def _choice(name: str, value: _Choice, choices: Sequence[_Choice]) -> _Choice:
    if value not in choices:
        raise ValueError(
            f"Unrecognized {name}. Expected one of {tuple(choices)}. "
            f"Received: {name}={value!r}",
        )
    return value
