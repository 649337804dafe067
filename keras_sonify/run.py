"""One run, from its first epoch to its end: what is kept, heard and told of it."""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial

from keras_sonify.exits import (
    Error,
    TerminatedError,
    Turn,
    at_exit,
    catch_sigterm,
    leave_sigterm,
    may_be_killed,
)
from keras_sonify.files.keeper import FilesKeeper
from keras_sonify.interpreter import Interpreter
from keras_sonify.live.advice import other_ways
from keras_sonify.live.choose import make_outputs
from keras_sonify.live.notebook import in_notebook
from keras_sonify.live.play_queue import QueuedPlayer
from keras_sonify.live.python import no_helper
from keras_sonify.live.speaker_player import SpeakerPlayer
from keras_sonify.output import Output
from keras_sonify.score.composer import Cue
from keras_sonify.score.earcons import earcon
from keras_sonify.score.note import Note
from keras_sonify.settings import Settings
from keras_sonify.training.axis import Plan
from keras_sonify.training.events import EVENTS, Event, EventKind
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Direction
from keras_sonify.training.record import Record
from keras_sonify.training.values import Values, read_values
from keras_sonify.training.warn import Warner
from keras_sonify.words import text
from keras_sonify.words.terminal import print_lines

_MOST_TOLD = 4  # times that sound went and came back; a loose plug is told no oftener
_BREATH = 0.15  # seconds between a cue and an earcon that follows it
_LONGEST_END = 3600.0  # seconds; files are given up where the disk does not answer
_LAST_SOUNDS = 3.0  # seconds that a pool's process waits until its end has sounded
_EXIT_WAIT = 1.6  # seconds that the end of a script may wait for what is not finished


class Run:
    """Takes in the epochs of a run: first recorded, then judged, then sounded.

    A fault in one of these costs that one, is told once, and costs neither the
    record nor the training.

    Args:
        settings: What the user asked for.
        planned: Number of epochs that there are to be, where it is known. Defaults to
            `None`.
        past: A run that this one may go on with, where there are no files. Defaults
            to `None`.
    """

    def __init__(
        self,
        settings: Settings,
        planned: int | None = None,
        past: History | None = None,
    ) -> None:
        self.record = Record(Plan(planned))
        self.hearing = settings.hearing()
        self._settings = settings
        self._past = past
        self._warner = Warner()
        self._troubled: set[int] = set()  # outputs, by their place
        self._returns = Counter[int]()  # how often each of them worked again
        self.keeper = (
            FilesKeeper(settings, self.hearing, self.record)
            if settings.directory
            else None
        )
        nobody: list[Output] = []
        make = partial(make_outputs, settings, self.record, self.hearing)
        live = self._warner.attempt("Live sound", make, nobody)
        self._is_told = bool(live)  # the files need no words
        # The files first: they matter most when time is short.
        self.outputs = [*([self.keeper] if self.keeper else []), *live]
        self.last_epoch = -1
        self._interpreter: Interpreter | None = None
        self._pid = os.getpid()
        _unfinished.add(self)
        at_exit(_close_unfinished, Turn.FILES)
        catch_sigterm()

    @property
    def is_ours(self) -> bool:
        """Whether it is this process's, not that of one that has forked it off."""
        return self._pid == os.getpid()

    @property
    def has_begun(self) -> bool:
        """Whether there has been an epoch."""
        return self._interpreter is not None

    def epoch(
        self,
        epoch: int,
        logs: object,
        learning_rate: float | None = None,
        directions: Mapping[str, Direction] | None = None,
        *,
        play: bool = True,
    ) -> Cue | None:
        """Take in one epoch; see `Sonifier.epoch`."""
        is_again = self.has_begun and epoch == self.last_epoch
        if is_again or not self.is_ours:
            return None  # listed twice, or in a process forked off by a data loader
        epoch = int(epoch)  # of NumPy's kind, say
        read = read_values(logs)
        values = read.numbers
        if learning_rate is not None:
            values.setdefault("learning_rate", learning_rate)
        if self._interpreter is None:
            self._interpreter = self._begin(epoch, directions or {})
        self.last_epoch = epoch
        self.record.add(epoch, values)
        if self.keeper is not None:
            self.keeper.keep()
        cue = self._make_sense(self._interpreter, epoch, values, read.unreadable)
        sentence = ""
        if self._is_told:
            planned = self.record.plan.epochs
            words = partial(text.spoken_sentence, cue, planned)
            sentence = self._warner.attempt("Wording an epoch", words, "")
        self._give(lambda output: output.epoch(cue, sentence, play=play))
        self._warn_of_values(logs, read)
        self._warn_of_names(read.unreadable)
        self._warn_of_trouble()
        return cue

    def sound(self, kind: EventKind) -> None:
        """Sound what happened between epochs or at the end."""
        words = EVENTS[kind].meaning
        if EVENTS[kind].ending:
            self.record.ending = kind
            words = text.ending_sentence(kind, self.last_epoch, self.record.plan.epochs)
        if not (self.is_ours and self.has_begun):
            return
        event = Event(kind=kind, epoch=self.last_epoch, text=words)
        notes: tuple[Note, ...] = ()
        if kind in self._settings.earcons:
            notes = earcon(kind, self._settings.style, start=_BREATH)
        self._give(lambda output: output.event(event, notes, words))

    def end(self, kind: EventKind | None) -> list[str]:
        """End the run; return what there is to say of it."""
        if not self.is_ours:
            return []
        if kind is not None:
            self.sound(kind)
        self.close(_LONGEST_END)
        if may_be_killed():
            self.drain(_LAST_SOUNDS)
        if self.has_begun:
            self._warn_of_names((), at_end=True)
        return self._closing_lines()

    def close(self, timeout: float, kind: EventKind | None = None) -> None:
        """Complete the files, and close whatever plays; see `Output.close`."""
        self.record.ending = self.record.ending or kind
        if self.is_ours:
            deadline = time.monotonic() + timeout
            self._give(lambda output: output.close(_left(deadline)))
            self._warn_of_trouble()
        # Last: a Ctrl-C in the wait leaves it to the end of the script.
        _unfinished.discard(self)
        if not _unfinished:
            leave_sigterm()

    def flush(self, timeout: float) -> None:
        """Have all files hold what was recorded, while the run goes on."""
        if self.keeper is not None and self.is_ours:
            self.keeper.flush(timeout)
            self._warn_of_trouble()

    def rest(self, *, is_over: bool = False) -> None:
        """Wait for a `fit` that may go on with this run; until then it cannot die.

        Args:
            is_over: Boolean. Whether that has begun now. Defaults to `False`.
        """
        for output in self.outputs if self.is_ours else ():
            if isinstance(output, QueuedPlayer):
                output.wake() if is_over else output.rest()

    def drain(self, timeout: float) -> None:
        """Wait at most `timeout` seconds until all cues have been played."""
        deadline = time.monotonic() + timeout
        for output in self.outputs:
            if isinstance(output, QueuedPlayer):
                output.drain(_left(deadline))

    @property
    def is_silent(self) -> bool:
        """Whether nothing of it is played."""
        return not any(
            isinstance(output, QueuedPlayer) and output.trouble is None
            for output in self.outputs
        )

    @property
    def file_trouble(self) -> str | None:
        """Why the files are not complete; `None` if they are."""
        return self.keeper.trouble if self.keeper else None

    def _begin(self, epoch: int, directions: Mapping[str, Direction]) -> Interpreter:
        """Begin with the first epoch: only now are the directions known."""
        interpreter = Interpreter(self._settings, directions)
        for past_epoch, values in self._past_before(epoch, interpreter):
            self.record.add(past_epoch, values)
            self._make_sense(interpreter, past_epoch, values)
        if interpreter.monitor.direction is None:
            self._warner.once(
                "direction", text.unknown_direction(self._settings.monitor)
            )
        return interpreter

    def _past_before(
        self, epoch: int, interpreter: Interpreter
    ) -> Iterable[tuple[int, dict[str, float]]]:
        """Return the epochs of the run that this one goes on with, if any."""
        keeper, past = self.keeper, self._past
        if keeper is not None:
            known = interpreter.directions
            kept = self._warner.attempt(
                "Going on with a run", lambda: keeper.begin(epoch, known), None
            )
            return kept.rows if kept else ()
        count = len(past) if past is not None and self._settings.append else 0
        if past is None or not count or past.at(count - 1).epoch != epoch - 1:
            return ()
        return past.rows(count)

    def _make_sense(
        self,
        interpreter: Interpreter,
        epoch: int,
        values: Mapping[str, float],
        unreadable: Sequence[str] = (),
    ) -> Cue:
        """Find out what an epoch that was recorded means; return its cue."""
        nothing: tuple[Event, ...] = ()
        attempt = self._warner.attempt
        happened = attempt(
            "Judging an epoch", lambda: interpreter.judge(epoch, values), nothing
        )
        sounded = interpreter.sounding(happened)
        metrics = attempt(
            "Choosing what sounds",
            lambda: interpreter.choose(values, unreadable),
            interpreter.selection.metrics,
        )
        self.record.note(metrics, sounded, happened)
        return attempt(
            "Composing an epoch",
            lambda: interpreter.composer.cue(
                epoch, values, metrics, sounded, happened=happened
            ),
            Cue(epoch=epoch, sounded=sounded, happened=happened),
        )

    def _give(self, call: Callable[[Output], None]) -> None:
        """Call all outputs; what one raises costs that call alone."""
        for output in self.outputs:
            name = type(output).__name__
            self._warner.attempt(f"`{name}`", partial(call, output), None)

    def _closing_lines(self) -> list[str]:
        lines = []
        if self._interpreter is not None and (best := self._interpreter.best):
            lines.append(text.best_sentence(*best, self.last_epoch))
        players = [each for each in self.outputs if isinstance(each, QueuedPlayer)]
        if dropped := max((player.dropped for player in players), default=0):
            lines.append(text.dropped_sentence(dropped))
        keeper = self.keeper
        if keeper and keeper.files.directory and not keeper.trouble:
            where = text.short_path(keeper.files.directory)
            lines.append(text.files_sentence(where, keeper.names))
        return lines

    def _warn_of_values(self, logs: object, read: Values) -> None:
        if logs is not None and not isinstance(logs, Mapping):
            self._warner.once("logs", text.no_logs_sentence(logs))
        if read.averaged and not self._warner.has_told("averaged"):
            self._warner.once("averaged", text.averaged_sentence(read.averaged))

    def _warn_of_names(
        self, unreadable: Sequence[str], *, at_end: bool = False
    ) -> None:
        if self._interpreter is None:
            return
        selection = self._interpreter.selection
        for name in (m.name for m in selection.metrics if m.name in unreadable):
            self._warner.once(
                f"unreadable {name}",
                f"`{name}` is no single number and is not sounded where it is none.",
            )
        if selection.left_out and not self._warner.has_told("left out"):
            told = text.left_out_sentence(selection.left_out)
            self._warner.once("left out", told)
        if missing := selection.missing(at_end=at_end):
            available = selection.available()
            self._warner.once("missing", text.missing_sentence(missing, available))

    def _warn_of_trouble(self) -> None:
        for place, output in enumerate(self.outputs):
            name = f"`{type(output).__name__}`"
            trouble = self._warner.attempt(name, partial(_trouble, output), None)
            if trouble and isinstance(output, QueuedPlayer) and not output.is_over:
                trouble = f"{trouble} It is tried again."
            is_auto = "auto" in self._settings.player_names
            is_speaker = isinstance(output, SpeakerPlayer)
            # The other ways need a helper process, too.
            if trouble and is_auto and is_speaker and no_helper() is None:
                trouble = f"{trouble} {other_ways(is_notebook=in_notebook())}"
            returns = min(self._returns[place], _MOST_TOLD)
            if trouble:
                self._warner.once(f"trouble {place} {returns}", trouble)
                self._troubled.add(place)
            elif is_speaker and place in self._troubled:
                self._warner.once(f"back {place} {returns}", "Live sound is back.")
                self._troubled.discard(place)
                self._returns[place] += 1
        if self.keeper is not None and self.keeper.notice:
            self._warner.once("aside", self.keeper.notice)
        if self.keeper is not None and self.keeper.is_shared:
            where = str(self.keeper.files.directory)
            _shared.once(
                where,
                f"Another run writes into {where} now: the files will be those of the "
                "one that writes last. `{run}` in `directory` keeps runs apart.",
            )


def _trouble(output: Output) -> str | None:
    return output.trouble


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0.0)


_shared = Warner()  # of a directory that two runs share, one warns for both

# Runs that did not end: Ctrl-C or an exception came, and Keras told nobody. Their
# files are completed when the process ends, which a killed one does not do: the log,
# and what was written until then, must do for it.
_unfinished: set[Run] = set()


def _close_unfinished(error: Error) -> None:
    deadline = time.monotonic() + _EXIT_WAIT
    for run in list(_unfinished):
        with suppress(Exception):  # one must not keep the others from it
            if error is TerminatedError and run.has_begun:
                run.sound("crashed")
                ended = text.ending_sentence("crashed", run.last_epoch)
                print_lines([ended], sys.stderr)
            run.close(_left(deadline))
