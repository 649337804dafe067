"""One run, from its first epoch to its end: what is heard, kept and told of it."""

import atexit
import math
import os
import time
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import replace

from keras_sonify.files.recorder import Recorder
from keras_sonify.files.run_files import RunFiles
from keras_sonify.live.advice import other_ways
from keras_sonify.live.choose import make_player
from keras_sonify.live.notebook import in_notebook
from keras_sonify.page.embed import plain_player
from keras_sonify.rules import Watch
from keras_sonify.score.composer import Composer, Cue
from keras_sonify.score.earcons import earcon
from keras_sonify.settings import Settings
from keras_sonify.training.events import EventKind, most_important
from keras_sonify.training.metrics import Direction, Metric, family_of
from keras_sonify.training.record import Record
from keras_sonify.training.selection import Selection
from keras_sonify.training.values import read_values
from keras_sonify.training.warn import warn
from keras_sonify.words import text

_SETTLING = 1.0  # seconds that the end may wait to learn whether sound came out
_FINISHING = 60.0  # seconds that the end may wait for the last round of files
_BREATH = 0.15  # seconds between a cue and an earcon that follows it
_EXIT_WAIT = 1.5  # seconds that the end of a script may wait for them

# Small news may give way to a newer cue; the rest is heard in any case.
_MAY_BE_DROPPED: frozenset[EventKind] = frozenset(["best", "learning_rate"])


class Run:
    """Takes in the epochs of a run.

    Args:
        settings: What the user asked for.
        planned: Number of epochs that there are to be, where it is known. Defaults to
            `None`.
    """

    def __init__(self, settings: Settings, planned: int | None = None) -> None:
        style = settings.style
        # Seen through, not copied: the callback learns them at an epoch's end.
        directions = ChainMap[str, Direction]({}, settings.directions)
        if settings.mode != "auto":
            directions[family_of(settings.monitor)] = settings.mode
        self._settings = settings
        self._selection = Selection(settings.metrics, directions)
        self._composer = Composer(style)
        self._watch = Watch(settings.rules, settings.monitor, directions)
        self._best = _Best(settings.monitor, directions)
        self.files = (
            RunFiles(settings.directory, style, settings.metrics or ())
            if settings.directory
            else None
        )
        self.record = Record()
        self._recorder = Recorder(self.files, self.record) if self.files else None
        self.player = make_player(settings, self.record, planned)
        self._planned = planned
        self.last_epoch = -1
        self._has_begun = False
        self._warned: set[str] = set()
        self._pid = os.getpid()
        _unfinished.add(self)

    def epoch(
        self,
        epoch: int,
        logs: object,
        learning_rate: float | None = None,
        *,
        play: bool = True,
    ) -> Cue | None:
        """Sound one epoch; see `Sonifier.epoch`."""
        is_again = self._has_begun and epoch == self.last_epoch
        if is_again or self._pid != os.getpid():
            return None  # listed twice, or in a process forked off by a data loader
        self._has_begun, self.last_epoch = True, epoch
        values, unreadable = read_values(logs)
        self._selection.update([*values, *unreadable])
        metrics = self._selection.metrics
        heard = {m.name: values[m.name] for m in metrics if m.name in values}
        watched = values
        if learning_rate is not None and "learning_rate" not in values:
            watched = {**values, "learning_rate": learning_rate}
        events = self._watch.check(epoch, watched)
        event = most_important(
            tuple(event for event in events if event.kind in self._settings.earcons),
        )
        cue = self._composer.cue(epoch, heard, metrics, event)
        self._best.update(epoch, values)
        self.record.add(epoch, heard, metrics, event, events)
        if self._recorder:
            self._recorder.notify()
        if self.player:
            lines = [text.epoch_sentence(cue, self._planned), *(e.text for e in events)]
            said = ". ".join(lines)
            self.player.show(said)
            if play and ((epoch + 1) % self._settings.cue_freq == 0 or event):
                must = event is not None and event.kind not in _MAY_BE_DROPPED
                self.player.play(cue.notes, keep=must, said=said)
        self._warn_of_names([m.name for m in metrics if m.name in unreadable])
        self._warn_of_trouble()
        return replace(cue, happened=events)

    def sound(self, kind: EventKind) -> None:
        """Sound what happened between epochs or at the end."""
        said = ""
        if kind in text.ENDINGS:
            self.record.ending = kind
            said = text.ending_sentence(kind, self.last_epoch, self._planned)
        is_ours = self._pid == os.getpid() and kind in self._settings.earcons
        if self.player and self._has_begun and is_ours:
            notes = earcon(kind, self._settings.style, start=_BREATH)
            self.player.play(notes, keep=True, said=said)

    def end(self, kind: EventKind) -> list[str]:
        """End the run; return what there is to say of it."""
        if self._pid != os.getpid():
            return []
        self.sound(kind)
        if self.player and self._has_begun:
            self.player.settle(_SETTLING)
        self.close()
        self.leave_player()
        if self._has_begun:
            self._warn_of_names([], at_end=True)
        self._warn_of_trouble()
        return self._summary()

    def close(self, timeout: float = _FINISHING) -> None:
        """Complete the files."""
        _unfinished.discard(self)
        if self._pid != os.getpid():
            return
        if self.player:
            self.player.close()
        if self._recorder:
            self._recorder.close(timeout)

    def leave_player(self) -> None:
        """Leave a player in the notebook in which the run was heard."""
        is_asked = self._settings.player in ("auto", "notebook")
        if self.player and self._has_begun and is_asked and in_notebook():
            snapshot, asked = self.record.snapshot(), self._settings.metrics or ()
            if snapshot.valued:
                self.player.leave(plain_player(snapshot, self._settings.style, asked))

    @property
    def file_trouble(self) -> str | None:
        """Why the files could not be written; `None` if they could."""
        return self._recorder.trouble if self._recorder else None

    def _summary(self) -> list[str]:
        lines = []
        if self._has_begun and (best := self._best.found()):
            lines.append(text.best_sentence(*best, self.last_epoch))
        if self.player and self.player.dropped:
            lines.append(text.dropped_sentence(self.player.dropped))
        if self.files and self.files.directory and not self.file_trouble:
            lines.append(
                text.files_sentence(str(self.files.directory), self.files.names)
            )
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
        if self.player and self.player.trouble:
            trouble = self.player.trouble
            if self._settings.player == "auto":
                trouble = f"{trouble} {other_ways(is_notebook=in_notebook())}"
            self._warn_once("sound", trouble)
        if self._recorder and self._recorder.trouble:
            self._warn_once("files", self._recorder.trouble)

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

    def update(self, epoch: int, values: Mapping[str, float]) -> None:
        for name in self._names:
            value = values.get(name, math.nan)
            if not math.isfinite(value):
                continue
            rises = Metric.named(name, self._directions).direction == "max"
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
_unfinished: set[Run] = set()


@atexit.register
def _close_unfinished() -> None:
    deadline = time.monotonic() + _EXIT_WAIT
    for run in list(_unfinished):
        run.close(max(0.0, deadline - time.monotonic()))
