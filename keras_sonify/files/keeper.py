"""The run's directory, kept current in the background while it trains."""

import time
from collections.abc import Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

from keras_sonify.files.directory import RunDirectory
from keras_sonify.files.log_csv import LogCsv
from keras_sonify.files.other import keep_other
from keras_sonify.files.past import Past, origin_of, read_about, read_past, write_about
from keras_sonify.files.run_files import RunFiles
from keras_sonify.files.running import Running
from keras_sonify.paced import PacedThread
from keras_sonify.rules.stall import Stall
from keras_sonify.score.cue import Cue
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.note import Note
from keras_sonify.settings import Settings
from keras_sonify.training.directions import Direction
from keras_sonify.training.events import Event
from keras_sonify.training.foreign import shown
from keras_sonify.training.origin import name_of
from keras_sonify.training.record import LOG, Record

_PAUSE = 1.0  # seconds between two rounds, however cheap they are
_CREDIT = 0.5  # seconds of the processor's time, for the rounds of a short run
_PATIENCE = 5.0  # seconds after which a disk that does not answer is given up


class FilesKeeper:
    """Keeps the directory of a run current: an output like any other.

    `log.csv` is appended to within a second of each epoch. All else is made from the
    run and written anew in a daemon thread, so rarely that it takes about 1 % of the
    processor's time. So whatever ends the process, the directory holds valid files,
    and the log all values.

    Args:
        settings: What the user asked for.
        hearing: How the run is heard.
        record: The run.

    Attributes:
        directory: Where they are.
        files: What is made from the run.
    """

    def __init__(self, settings: Settings, hearing: Hearing, record: Record) -> None:
        self._settings = settings
        self._record = record
        self.directory = RunDirectory(settings.directory or "")
        self._directions: Mapping[str, Direction] = {}
        self._log: LogCsv | None = None
        self._trouble: str | None = None
        self._other_trouble: str | None = None
        self._written = 0
        self._pace = Stall()
        self._pace.heard(time.monotonic())
        self._running = Running(self.directory.base, record.plan.epochs)
        self._is_unread = False
        self._thread = PacedThread(
            "keras-sonify-files",
            self._write,
            _PAUSE,
            credit=_CREDIT,
            # Loads NumPy, for 0.15 s, where nobody waits for it.
            prepare=partial(import_module, "keras_sonify.sound.wav"),
        )
        self.files = RunFiles(self.directory, hearing, self._thread.step)

    def begin(self, epoch: int, directions: Mapping[str, Direction]) -> Past | None:
        """Begin with the first epoch; return the run that it goes on with, if any.

        Args:
            epoch: Its zero-based number.
            directions: Which way each family improves, where more than its name
                tells.
        """
        self._directions = directions
        newest, appends = self.directory.newest, self._settings.append is True
        past, rows = self._find_past(newest, epoch), 0
        before = past.before(epoch) if past else None
        kept = len(before.history) if before else 0
        if before:
            self._record.note_origin(began=origin_of(before.about).began)
        if newest and past and (before or appends):
            self.directory.go_on_in(newest)
            rows = (before or past).places[-1] + 1
        is_known = newest is None or bool(rows) or bool(read_about(newest))
        self._log = LogCsv(
            self.directory,
            self._record.history,
            earlier=rows,
            kept=kept,
            is_foreign=self._is_unread or not is_known,
            before=self._begin_to_write,
        )
        return before

    def _find_past(self, newest: Path | None, epoch: int) -> Past | None:
        """Return the run that this one may go on with."""
        append = self._settings.append
        if newest is None or not (append is True or (append == "auto" and epoch > 0)):
            return None
        try:
            return read_past(newest)
        except OSError:
            self._is_unread = True  # it is kept aside
            return None

    def _begin_to_write(self) -> None:
        # First: this run's log takes the place of the one before it.
        try:
            keep_other(self.directory, self._record.against)
        except Exception as error:  # noqa: BLE001 - it must not cost the record
            self._other_trouble = (
                f"The run that this one is held against could not be kept: {error}"
            )
        self._write_about()
        self._running.note(self.directory.make(), self._pace.usual)

    def _write_about(self) -> None:
        directory = self.directory.make()
        if not self._record.origin.name:
            self._record.note_origin(name=name_of(directory))
        write_about(directory, self._settings, self._directions, self._record)

    def keep(self, *, is_within: bool = False) -> None:
        """Be told of values that were recorded: they are written down first of all.

        Args:
            is_within: Boolean. Whether the epoch goes on. Defaults to `False`.
        """
        if not is_within:
            self._pace.heard(time.monotonic())
        if self._log is not None:
            self._log.notify()

    @property
    def trouble(self) -> str | None:
        """Why the files are not as they should be; `None` if they are."""
        trouble = self._trouble or (self._log.trouble if self._log else None)
        trouble = trouble or self._other_trouble
        return shown(trouble) if trouble else None  # it may hold a path

    @property
    def is_shared(self) -> bool:
        """Whether another run writes into the same directory."""
        return self._log is not None and self._log.is_shared

    @property
    def notice(self) -> str | None:
        """What is to be told once; `None` if nothing is."""
        aside = self._log.kept_aside if self._log else None
        if aside is None:
            return None
        return (
            f"{aside.with_name(LOG)} was there and is not known to be a run of ours: "
            f"it is kept as {aside.name}."
        )

    @property
    def names(self) -> list[str]:
        """Names of all files that there are, the summary first, the record last."""
        return [name for name in self.files.names if name in self.files.written] + [LOG]

    def epoch(self, cue: Cue, sentence: str, *, play: bool) -> None:
        """Be told of an epoch; returns at once."""
        self._thread.notify()

    def event(self, event: Event, notes: Sequence[Note], sentence: str) -> None:
        """Be told of an event: the record has it, the last round writes it."""

    def flush(self, timeout: float) -> None:
        """Have all files hold what was recorded, while the run goes on."""
        deadline = time.monotonic() + timeout
        # The record first: the others' thread knows nothing of it.
        is_kept = self._log is None or self._log.flush(min(timeout, _PATIENCE))
        left = max(deadline - time.monotonic(), 0.0)
        is_done = is_kept and self._thread.flush(left, _PATIENCE)
        if not is_done and self._trouble is None:
            self._trouble = "The run's files are late: the disk does not answer."

    def close(self, timeout: float) -> None:
        """Write what is missing, and say what could not be.

        Args:
            timeout: Seconds that it may take. It is given up earlier where the disk
                does not answer.
        """
        deadline, count = time.monotonic() + timeout, len(self._record.history)
        self._running.forget()
        if self._log is not None and not self._log.close(min(timeout, _PATIENCE)):
            self._trouble = (
                f"The disk does not answer: {LOG} holds {self._log.written} of "
                f"{count} rows, and the other files are older."
            )
            return
        left = max(deadline - time.monotonic(), 0.0)
        if self._thread.close(left, _PATIENCE) or self._trouble:
            return
        behind = [name for name in self.files.names if not self._is_done(name, count)]
        if behind:
            self._trouble = (
                f"Not complete are: {', '.join(behind)}. {LOG} holds all {count} "
                f"rows: `keras-sonify render {self.files.directory}` completes them."
            )

    def _is_done(self, name: str, count: int) -> bool:
        return self.files.written.get(name, 0) >= count

    def _write(self, is_last: bool) -> bool:
        snapshot = self._record.snapshot()
        # The last round also tells how the run ended.
        is_ending = is_last and snapshot.ending is not None
        if snapshot.count == self._written and not is_ending:
            return True
        if self._log is not None and self._log.is_replaced:
            return True  # another run has the directory by now
        try:
            if is_ending:
                self._write_about()
            self._running.note(self.directory.make(), self._pace.usual)
            failed = self.files.write(snapshot)
        except Exception as error:  # noqa: BLE001 - told, never raised
            self._trouble = f"The run's files could not be written: {error}"
            return False
        if failed:
            which, why = ", ".join(failed), next(iter(failed.values()))
            self._trouble = f"The run's files could not be written: {which} ({why})"
            return False
        self._written, self._trouble = snapshot.count, None
        return True
