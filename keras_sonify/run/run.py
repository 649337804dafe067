"""One run, from its first epoch to its end: what is kept, heard and told of it."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

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
from keras_sonify.live.choose import make_outputs
from keras_sonify.live.queued_player import QueuedPlayer
from keras_sonify.output import Output
from keras_sonify.rules.step_rows import Recorded
from keras_sonify.run.before import other_before, past_before, past_in_memory
from keras_sonify.run.rows import Rows
from keras_sonify.run.troubles import Troubles
from keras_sonify.score.cue import Cue
from keras_sonify.score.earcons import earcon
from keras_sonify.score.note import Note
from keras_sonify.search import TrialEnd, trial_end
from keras_sonify.settings import Settings
from keras_sonify.step_feed import StepFeed
from keras_sonify.training.axis import EPOCHS, STEPS, UNPLANNED, At, Plan
from keras_sonify.training.directions import Direction
from keras_sonify.training.events import EVENTS, Event, EventKind
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.origin import Origin
from keras_sonify.training.record import Record
from keras_sonify.training.values import read_values
from keras_sonify.training.warn import Warner
from keras_sonify.words import closing, notices, text
from keras_sonify.words.terminal import print_lines

_BREATH = 0.15  # seconds between a cue and an earcon that follows it
_LONGEST_END = 3600.0  # seconds; files are given up where the disk does not answer
_COMPLETE = ("finished", "stopped_early")
_LAST_SOUNDS = 5.0  # seconds that a pool's process waits until its end was spoken
_EXIT_WAIT = 1.6  # seconds that the end of a script may wait for what is not finished


class Run:
    """Takes in the epochs of a run: first recorded, then judged, then sounded.

    A fault in one of these costs that one, is told once, and costs neither the
    record nor the training.

    Args:
        settings: What the user asked for.
        plan: How much there is to be of it. Defaults to what nobody knows.
        past: A run that this one may go on with, where there are no files. Defaults
            to `None`.
        origin: Where it comes from, if it is not one that begins now. Defaults to
            `None`.
    """

    def __init__(
        self,
        settings: Settings,
        plan: Plan = UNPLANNED,
        past: History | None = None,
        origin: Origin | None = None,
    ) -> None:
        self.record = Record(plan)
        self.record.origin = origin or Origin(began=time.time())
        self.hearing = settings.hearing()
        self._settings = settings
        self._past = past if settings.append else None
        self._warner = Warner()
        self.keeper = (
            FilesKeeper(settings, self.hearing, self.record)
            if settings.directory
            else None
        )
        # Read now: a mistake is told before hours of training, and the run before this
        # one is still there.
        self.record.against = other_before(settings, self._warner)
        nobody: list[Output] = []
        make = partial(
            make_outputs, settings, self.record, self.hearing, self._find_files
        )
        live = self._warner.attempt("Live sound", make, nobody)
        self._is_told = bool(live)  # the files need no words
        # The files first: they matter most when time is short.
        self.outputs = [*([self.keeper] if self.keeper else []), *live]
        self._troubles = Troubles(self._warner, settings, self.outputs, self.keeper)
        self._ended_epoch = -1
        self._rows: Rows | None = None  # before the first
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
        return self._rows is not None

    @property
    def at(self) -> At:
        """Where the last row lies; epoch -1 before the first."""
        return self._rows.at if self._rows is not None else At(-1)

    @property
    def last_epoch(self) -> int:
        """The epoch in which the last row lies; -1 before the first."""
        return self.at.epoch

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
        if epoch == self._ended_epoch or not self.is_ours:
            return None  # listed twice, or in a process forked off by a data loader
        epoch = self._ended_epoch = int(epoch)  # of NumPy's kind, say
        read = read_values(logs)
        values = read.numbers
        if learning_rate is not None:
            values.setdefault("learning_rate", learning_rate)
        if self._rows is None:
            self._rows = self._begin(epoch, directions or {})
        taken = self._rows
        row = Recorded(epoch, values, None)
        if taken.feed is not None:
            row = taken.feed.end_epoch(epoch, values) or row
        taken.take(row, read.unreadable)
        if self.keeper is not None:
            self.keeper.keep()
        cue = taken.cue()
        self._tell(cue, play=play)
        self._troubles.of_values(logs, read)
        self._troubles.of_names(taken.interpreter.selection, read.unreadable)
        self._troubles.of_outputs()
        return cue

    def steps(
        self,
        rows: Iterable[tuple[int, Mapping[str, float]]],
        epoch: int,
        directions: Mapping[str, Direction] | None = None,
        *,
        play: bool = True,
        are_counted: bool = False,
    ) -> Cue | None:
        """Take in steps of an epoch; see `Sonifier.steps`."""
        if not self.is_ours:
            return None
        if self._rows is None:
            self._rows = self._begin(epoch, directions or {}, is_in_steps=True)
        taken, feed = self._rows, self._rows.feed
        if feed is None:
            self._warner.once("axis", notices.not_in_steps_sentence())
            return None
        count = len(self.record.history)
        happened: list[Event] = []
        for step, values in rows:
            for row in feed.take(step, epoch, values, is_counted=are_counted):
                happened += taken.take(row)
        is_urgent = any(event.must_be_heard for event in happened)
        cue = None
        if feed.is_due or is_urgent:
            for row in feed.close():
                taken.take(row)
            cue = taken.cue()
        if self.keeper is not None and len(self.record.history) > count:
            self.keeper.keep(is_within=True)
        if cue is not None and (cue.readings or cue.happened):
            self._tell(cue, play=play)
            self._troubles.of_names(taken.interpreter.selection)
            self._troubles.of_outputs()
        return cue

    def _tell(self, cue: Cue, *, play: bool) -> None:
        """Give a cue to all outputs, in words, too, if anybody takes them."""
        sentence = ""
        if self._is_told:
            words = partial(text.spoken_sentence, cue, self.record.plan)
            sentence = self._warner.attempt("Wording an epoch", words, "")
        self._give(lambda output: output.epoch(cue, sentence, play=play))

    def sound(self, kind: EventKind) -> None:
        """Sound what happened between epochs or at the end."""
        words = EVENTS[kind].meaning
        if EVENTS[kind].ending:
            self.record.ending = kind
            words = closing.ending_sentence(kind, self.at, self.record.plan)
        if not (self.is_ours and self.has_begun):
            return
        event = Event(kind=kind, epoch=self.last_epoch, text=words, step=self.at.step)
        notes: tuple[Note, ...] = ()
        if kind in self._settings.earcons:
            said, style = self._settings.words, self._settings.style
            notes = earcon(kind, style, start=_BREATH, words=said)
        if kind in _COMPLETE and (found := self._beside_others(notes)):
            notes = (*notes, *found.notes) if notes else notes
            words = f"{words}. {found.sentence}"
        self._give(lambda output: output.event(event, notes, words))

    def _beside_others(self, notes: Sequence[Note]) -> TrialEnd | None:
        """Return how the run did in a search, to be heard after some notes."""
        interpreter = self._rows.interpreter if self._rows is not None else None
        if self.keeper is None or interpreter is None or interpreter.best is None:
            return None
        name, at, value = interpreter.best
        place = partial(
            trial_end,
            self.keeper.directory,
            Metric.named(name, interpreter.directions),
            self._settings.style,
            at=at,
            value=value,
            start=notes[-1].end if notes else 0.0,
        )
        return self._warner.attempt("Looking at the runs before", place, None)

    def end(self, kind: EventKind | None) -> list[str]:
        """End the run; return what there is to say of it."""
        if not self.is_ours:
            return []
        if kind is not None:
            self.sound(kind)
        self.close(_LONGEST_END)
        if may_be_killed():
            self.drain(_LAST_SOUNDS)
        if self._rows is not None:
            self._troubles.of_names(self._rows.interpreter.selection, at_end=True)
        return self._closing_lines()

    def close(self, timeout: float, kind: EventKind | None = None) -> None:
        """Complete the files, and close whatever plays; see `Output.close`."""
        self.record.ending = self.record.ending or kind
        origin = self.record.origin
        if self.record.ending and origin.began is not None and origin.ended is None:
            self.record.note_origin(ended=time.time())
        if self.is_ours:
            deadline = time.monotonic() + timeout
            self._give(lambda output: output.close(_left(deadline)))
            self._troubles.of_outputs()
        # Last: a Ctrl-C in the wait leaves it to the end of the script.
        _unfinished.discard(self)
        if not _unfinished:
            leave_sigterm()

    def flush(self, timeout: float) -> None:
        """Have all files hold what was recorded, while the run goes on."""
        if self.keeper is not None and self.is_ours:
            self.keeper.flush(timeout)
            self._troubles.of_outputs()

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

    def _find_files(self) -> Path | None:
        """Return where the files are; `None` if there are none."""
        return self.keeper.files.directory if self.keeper else None

    def _begin(
        self,
        epoch: int,
        directions: Mapping[str, Direction],
        *,
        is_in_steps: bool = False,
    ) -> Rows:
        """Begin with the first epoch: only now are the directions known."""
        known = self._settings.known_directions(directions)
        if self.keeper is not None:
            past = past_before(epoch, known, self.keeper, self._warner)
        else:
            past = past_in_memory(epoch, self._past)
        if len(past) and self.keeper is not None:
            where = self.keeper.files.directory
            self.record.against = other_before(self._settings, self._warner, where)
        interpreter = Interpreter(self._settings, known, self.record.against)
        taken = Rows(self.record, interpreter, self._warner)
        # Not heard again, but what comes is held against it.
        points = past.points(len(past), is_full=past.axis is EPOCHS)
        ends = {point.place + point.count for point in points}
        for place, (at, values) in enumerate(past.rows(len(past))):
            taken.take(Recorded(at, values, past.window(place)))
            if place + 1 in ends:
                taken.cue()
        interpreter.composer.tell_again()
        if past.axis is STEPS or (is_in_steps and not len(past)):
            settings = self._settings
            taken.feed = StepFeed(
                settings.update_freq, settings.cue_seconds, last=taken.at.step or 0
            )
        if interpreter.monitor.direction is None:
            self._warner.once(
                "direction", notices.unknown_direction(self._settings.monitor)
            )
        return taken

    def _give(self, call: Callable[[Output], None]) -> None:
        """Call all outputs; what one raises costs that call alone."""
        for output in self.outputs:
            name = type(output).__name__
            self._warner.attempt(f"`{name}`", partial(call, output), None)

    def _closing_lines(self) -> list[str]:
        lines: list[str] = []
        interpreter = self._rows.interpreter if self._rows is not None else None
        if interpreter is not None and (best := interpreter.best):
            directions = interpreter.directions
            lines += closing.best_lines(best, self.at, self.record, directions)
        players = [each for each in self.outputs if isinstance(each, QueuedPlayer)]
        if dropped := max((player.dropped for player in players), default=0):
            lines.append(closing.dropped_sentence(dropped, self.record.history.axis))
        keeper = self.keeper
        if keeper and keeper.files.directory and not keeper.trouble:
            where = closing.short_path(keeper.files.directory)
            lines.append(closing.files_sentence(where, keeper.names))
        return lines


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0.0)


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
                ended = closing.ending_sentence("crashed", run.at)
                print_lines([ended], sys.stderr)
            run.close(_left(deadline))
