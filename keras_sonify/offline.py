"""A run that is over, from its epochs to all that is heard of it, in one go."""

from collections.abc import Callable
from pathlib import Path

from keras_sonify.files.directory import RunDirectory
from keras_sonify.files.log_csv import LogCsv
from keras_sonify.files.other import AGAINST, keep_other
from keras_sonify.files.past import has_record, write_about
from keras_sonify.files.run_files import RunFiles
from keras_sonify.interpreter import Interpreter
from keras_sonify.rules.step_rows import recorded
from keras_sonify.settings import Settings
from keras_sonify.training.against import OtherRun
from keras_sonify.training.axis import UNPLANNED, At, Plan
from keras_sonify.training.events import EventKind
from keras_sonify.training.history import History
from keras_sonify.training.origin import UNKNOWN, Origin
from keras_sonify.training.record import LOG, Record, Snapshot
from keras_sonify.words import closing, notices

_OFTEN = 1000  # epochs between two signs of life


class PastRun:
    """A run that is over, taken in row by row as if it came only now.

    Args:
        settings: How it is heard.
        plan: How much there was to be of it. Defaults to what nobody knows.
        origin: Where it comes from. Defaults to what nobody knows.
        ending: How it ended; `None` if nobody knows. Defaults to `None`.
        other: The run that it is held against. Defaults to `None`.
        step: Called with what is being done, again and again. Defaults to nothing.

    Attributes:
        record: What has come of it.
        directions: Which way each family improves, where more than its name tells.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        plan: Plan = UNPLANNED,
        origin: Origin = UNKNOWN,
        ending: EventKind | None = None,
        other: OtherRun | None = None,
        step: Callable[[str], object] = lambda _: None,
    ) -> None:
        self.record = Record(plan)
        self.record.ending = ending
        self.record.against = other
        self._interpreter = Interpreter(settings, {}, other)
        self.record.origin = origin
        self.directions = self._interpreter.directions
        self._step = step
        self._last = At(-1)

    def take_in(self, history: History) -> Snapshot:
        """Judge all rows, and return the run.

        Args:
            history: The run, as it was read.
        """
        interpreter, record = self._interpreter, self.record
        history = recorded(history)
        for place, (at, values) in enumerate(history.rows(len(history))):
            self._last, window = history.at(place), history.window(place)
            if place % _OFTEN == 0:
                self._step(f"listening to {self._last.name}")
            record.add(at, values, window)
            happened = interpreter.judge(self._last, values, window)
            sounded = interpreter.sounding(happened)
            record.note(interpreter.choose(values), sounded, happened)
        return record.snapshot()

    @property
    def best(self) -> list[str]:
        """Where it was best, and how that is beside the other run, a line each."""
        best = self._interpreter.best
        if best is None:
            return []
        return closing.best_lines(best, self._last, self.record, self.directions)

    @property
    def left_out(self) -> str | None:
        """What does not sound unless one asks for it, told; `None` if all do."""
        left_out = self._interpreter.selection.left_out
        return notices.left_out_sentence(left_out) if left_out else None

    @property
    def missing(self) -> str | None:
        """What was asked for and did not come, in a sentence; `None` if all came."""
        selection = self._interpreter.selection
        missing = selection.missing(at_end=True)
        if not missing:
            return None
        return notices.missing_sentence(missing, selection.available())


class OfflineRun:
    """Makes the files of a run that is over, as they were made while it trained.

    Args:
        settings: How it is heard, and where its files go.
        run: The run, of which nothing has been taken in.
        is_full: Boolean. Whether each epoch has its tone, however many there are.
            Defaults to `False`.
        keeps_log: Boolean. Whether to write `log.csv`, too: not where the run comes
            from it. Defaults to `True`.
        step: Called again and again while files are written. Defaults to nothing.

    Attributes:
        files: The files that are made.
        failed: What could not be written, by name.
        kept_aside: Where the log of another run is that was there; `None` if none.
    """

    def __init__(
        self,
        settings: Settings,
        run: PastRun,
        *,
        is_full: bool = False,
        keeps_log: bool = True,
        step: Callable[[str], object] = lambda _: None,
    ) -> None:
        self._settings = settings
        self._run = run
        self._keeps_log = keeps_log
        self._directory = RunDirectory(settings.directory or "")
        self.files = RunFiles(
            self._directory,
            settings.hearing(is_full=is_full),
            lambda: step("writing"),
        )
        self.failed: dict[str, OSError] = {}
        self.kept_aside: Path | None = None

    def write(self, history: History) -> list[str]:
        """Write all files; return what there is to say.

        Args:
            history: The run, as it was read.

        Raises:
            OSError: If the directory could not be made.
        """
        run = self._run
        snapshot = run.take_in(history)
        if not snapshot.valued:
            return []
        directory = self._directory.make()
        is_other = has_record(directory)  # of a run that stands nowhere else
        if self._keeps_log:
            log = LogCsv(self._directory, run.record.history, is_foreign=is_other)
            if not log.write():
                self.failed[LOG] = OSError(log.trouble)
            self.kept_aside = log.kept_aside
        try:
            keep_other(self._directory, run.record.against)
        except OSError as error:
            self.failed[AGAINST] = error
        write_about(
            directory,
            self._settings,
            run.directions,
            run.record,
            is_rendered=self._keeps_log,
        )
        self.failed.update(self.files.write(snapshot))
        lines = run.best
        if not self.failed:
            where = closing.short_path(directory)
            lines.append(closing.files_sentence(where, [*self.files.names, LOG]))
        return lines
