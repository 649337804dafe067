"""From one epoch's `logs` to sound: what the callback and the command line drive."""

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from keras_sonify.comparison import compare
from keras_sonify.exits import is_terminating
from keras_sonify.files.run_files import RunFiles
from keras_sonify.page.comparison import comparison_page
from keras_sonify.page.embed import PageFrame, run_page
from keras_sonify.readers.in_memory import rows_of
from keras_sonify.readers.rows import window_of
from keras_sonify.rules import Rules
from keras_sonify.run import Run
from keras_sonify.score.beside import hear_beside
from keras_sonify.score.cue import Cue
from keras_sonify.score.heard import replay
from keras_sonify.score.style import CLEAR, Style
from keras_sonify.settings import Append, Mode, Player, check_settings
from keras_sonify.training.axis import EPOCH_MEAN, UNPLANNED, At, Plan
from keras_sonify.training.directions import Direction
from keras_sonify.training.events import Event, EventKind
from keras_sonify.training.names import is_validation
from keras_sonify.training.origin import Origin
from keras_sonify.training.record import Record
from keras_sonify.training.values import read_values


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
            `logs`; `"all"` sounds everything. `None` sounds losses and accuracies with
            their validation twins, six at most. Defaults to `None`.
        directory: String or path. Where the files go; made with its parents.
            `{time}` in it becomes the time at which the run begins, `{run}` the next
            free number. `None` writes no files. Defaults to `"sonification"`.
        style: String or `Style`. How it sounds: `"clear"`, `"classic"` or a style of
            your own. Defaults to `"clear"`.
        player: String. `"speaker"` plays through this machine's loudspeaker,
            `"notebook"` in the output of the cell that trains (extra `notebook`),
            `"browser"` in a page on 127.0.0.1 whose address is printed (extra `web`).
            `"auto"` is the notebook if there is one, else the loudspeaker; `None`
            plays nothing. An object of your own is played to if it has the methods of
            `keras_sonify.output.Output`; a list plays on all that are in it. Defaults
            to `"auto"`.
        append: String or boolean. Whether to go on with the run whose log is in
            `directory`: `"auto"` where the first epoch follows its last one, `True`
            adds to its log in any case, `False` overwrites it. Defaults to `"auto"`.
        against: String or path. Another run, whose values at the same epoch, or step,
            are the references from then on: `"last"`, the one that was kept in
            `directory` before (with `{run}`, the one before this), the directory of a
            run, or any log that `read_log` takes. Words and events tell which of the
            two is ahead. Defaults to `None`: the references are the best values so far.
        monitor: String. Metric whose best epoch is told at the end, and whose new
            bests are events. Defaults to `"val_loss"`; where a run has none, the loss
            is taken.
        mode: String. One of `{"auto", "min", "max"}`. Whether `monitor` improves as
            it falls or as it rises; `"auto"` goes by its name. Defaults to `"auto"`.
        earcons: Boolean, or list of strings. Whether events sound; a list chooses, as
            `["nan_loss", "finished"]`. `keras-sonify earcons` plays them all with
            their names. Defaults to `True`: all but those that are only told,
            `"oscillation"`, `"learning_rate"` and `"nan_metric"`.
        words: Boolean. Whether a word says what happened after the figure that sounds.
            Defaults to `True`.
        on_event: Function. Called with each event as it happens, in a thread of ours:
            it has `kind`, `epoch`, `text` and `sentence`. Defaults to `None`.
        rules: `Rules`. Thresholds of the events. Defaults to those of `Rules`.
        gain_db: Float. Level of the live sound in dB: 0 as in the files, -6 half the
            amplitude; from -60 to 20. Defaults to `0.0`.
        update_freq: Integer. How many steps a row of `log.csv` stands for at least; in
            a long run, it is more. Defaults to `1`.
        cue_seconds: Float. Seconds between two cues in steps, at least: each stands
            for all steps since the last one. Defaults to `4.0`.
        directions: Dictionary from metric name to `"min"` or `"max"`, for metrics
            whose name does not tell which way they improve. Defaults to `None`.

    Attributes:
        files: The files of the last run that was begun; `None` if there are none.
        file_trouble: Why those of the last run that ended are not complete; `None` if
            they are.
        origin: Where its runs come from, for their page to say, if they are read from
            a log; `None` if this program trains them.

    Raises:
        ValueError: If an argument has a value it cannot have.
        TypeError: If an argument is of a type it cannot be.
        ImportError: If `player` needs what is not installed.
    """

    def __init__(
        self,
        metrics: str | Sequence[str] | None = None,
        directory: str | os.PathLike[str] | None = "sonification",
        *,
        style: str | Style = "clear",
        player: Player | Sequence[Player] | None = "auto",
        append: Append = "auto",
        against: str | os.PathLike[str] | None = None,
        monitor: str = "val_loss",
        mode: Mode = "auto",
        earcons: bool | Collection[EventKind] = True,
        words: bool = True,
        on_event: Callable[[Event], object] | None = None,
        rules: Rules | None = None,
        gain_db: float = 0.0,
        update_freq: int = 1,
        cue_seconds: float = 4.0,
        directions: Mapping[str, Direction] | None = None,
    ) -> None:
        self.settings = check_settings(
            metrics=metrics,
            directory=directory,
            style=style,
            player=player,
            append=append,
            against=against,
            monitor=monitor,
            mode=mode,
            earcons=earcons,
            words=words,
            on_event=on_event,
            rules=rules,
            gain_db=gain_db,
            update_freq=update_freq,
            cue_seconds=cue_seconds,
            directions=directions,
        )
        self.files: RunFiles | None = None
        self.file_trouble: str | None = None
        self.origin: Origin | None = None
        self._run: Run | None = None
        self._record: Record | None = None

    @classmethod
    def from_history(cls, history: object, **arguments: Any) -> "Sonifier":  # noqa: ANN401
        """Make a run that is over heard: write its files.

        Args:
            history: What `model.fit` returned, its `history` dictionary, a pandas
                DataFrame with a column per metric, or a list of dictionaries, one an
                epoch, or one every few steps as a Hugging Face trainer's.
            **arguments: Those of `Sonifier`. Nothing is played live.

        Returns:
            The sonifier, whose `files` say where they are.

        Raises:
            ValueError: If the history holds no epoch, or no number.
        """
        rows = rows_of(history)
        sonifier = cls(**{"append": False, **arguments, "player": None})
        sonifier.origin = Origin(is_read=True)
        for row in rows:
            sonifier.row(row)
        sonifier.end()
        return sonifier

    @classmethod
    def compare(cls, runs: Sequence[object], **arguments: Any) -> PageFrame:  # noqa: ANN401
        """Show several runs on one page, over one another, to be heard in turn.

        Args:
            runs: The runs, as `keras_sonify.compare` takes them.
            **arguments: Those of `keras_sonify.compare`.

        Returns:
            What a notebook shows as a player; its `html` is the page.

        Raises:
            ValueError: If they cannot be compared, or fewer than two have a course.
            OSError: If a log cannot be read.
        """
        told = compare(*runs, **arguments)
        heard = hear_beside(told, CLEAR)
        if heard is None:
            raise ValueError(
                "`runs` must hold two of more than one epoch to be shown over one "
                f"another. Received: {told.sentences[0]}"
            )
        return PageFrame(comparison_page(told, heard))

    def begin(self, epochs: int | None = None, steps: int | None = None) -> None:
        """Begin a new run. What a run before it left unfinished is finished first.

        `epoch` does so by itself when no run is under way.

        Args:
            epochs: Integer. How many epochs there are to be, where it is known.
                Defaults to `None`.
            steps: Integer. How many steps there are to be in all of them. Defaults to
                `None`.
        """
        self.close()
        self._start(Plan(epochs, steps))

    def _start(self, plan: Plan = UNPLANNED) -> Run | None:
        if is_terminating():
            return None  # a training that dies may still go on for a moment
        past = self._record.history if self._record else None
        run = self._run = Run(self.settings, plan, past, self.origin)
        self._record = run.record
        self.files = run.keeper.files if run.keeper else None
        return run

    def expect(self, plan: Plan) -> None:
        """Be told how much there is to be of the run, where it is known only now.

        Args:
            plan: Number of epochs and of steps; nothing happens where nobody knows.
        """
        run = (self._run or self._start()) if plan != UNPLANNED else None
        if run is not None:
            run.record.plan = plan

    def epoch(
        self,
        epoch: int,
        logs: Mapping[str, Any] | None,
        *,
        learning_rate: float | None = None,
        directions: Mapping[str, Direction] | None = None,
        play: bool = True,
    ) -> Cue | None:
        """Sound one epoch and keep it for the files; returns within a millisecond.

        In a run told in steps it ends an epoch: its validation values are heard with
        the steps since the last cue.

        Args:
            epoch: Integer. Zero-based number of the epoch. A number that has just
                been sounded is not sounded again.
            logs: Dictionary from metric name to value; it is not changed. NaN and
                infinities sound as noise. A vector is heard by its mean; what is no
                number is left out.
            learning_rate: Float. For the event of a lower one, where `logs` do not
                hold it. Defaults to `None`.
            directions: Dictionary from metric to `"min"` or `"max"`, where Keras knows
                better than a name tells; taken in with the run's first epoch. Those
                of the constructor count more. Defaults to `None`.
            play: Boolean. Whether to play it live, if anything is. Defaults to
                `True`.

        Returns:
            The cue, or `None` if the epoch was not sounded.
        """
        run = self._run or self._start()
        if run is None:
            return None
        return run.epoch(epoch, logs, learning_rate, directions, play=play)

    def step(
        self,
        step: int,
        logs: Mapping[str, Any] | None,
        *,
        epoch: int = 0,
        play: bool = True,
    ) -> Cue | None:
        """Keep one step, a batch, and sound those since the last cue when it is time.

        A run that begins with a step is told in steps; `epoch` then ends an epoch.

        Example:

        ```python
        for step, batch in enumerate(batches, start=1):
            sonifier.step(step, {"loss": train_on(batch)})
        sonifier.end()
        ```

        Args:
            step: Integer. How many steps have been done with it. A number that has
                just been told is not told again.
            logs: Dictionary from metric name to the value of this very batch; it is
                not changed. NaN and infinities sound at once.
            epoch: Integer. Zero-based epoch in which it lies. Defaults to `0`.
            play: Boolean. Whether to play it live, if anything is. Defaults to
                `True`.

        Returns:
            The cue of all steps since the last one; `None` if it is not time for one.
        """
        return self.steps([(step, read_values(logs).numbers)], epoch=epoch, play=play)

    def steps(
        self,
        rows: Sequence[tuple[int, Mapping[str, float]]],
        *,
        epoch: int = 0,
        directions: Mapping[str, Direction] | None = None,
        play: bool = True,
    ) -> Cue | None:
        """Keep several steps of an epoch; see `step`.

        Args:
            rows: For each the number of steps that have been done with it, and its own
                values, as plain floats.
            epoch: Integer. Zero-based epoch in which they lie. Defaults to `0`.
            directions: As `epoch` takes them. Defaults to `None`.
            play: Boolean. Whether to play them live, if anything is. Defaults to
                `True`.

        Returns:
            The cue of all steps since the last one; `None` if it is not time for one.
        """
        run = self._run or self._start()
        return None if run is None else run.steps(rows, epoch, directions, play=play)

    def row(
        self, row: tuple[int, Mapping[str, Any]], *, play: bool = True
    ) -> list[Cue]:
        """Sound a row of a log, as `read_log` yields it: an epoch, or a step.

        Args:
            row: Zero-based epoch, or step, and dictionary from metric name to value.
            play: Boolean. Whether to play it live, if anything is. Defaults to
                `True`.

        Returns:
            Its cues: of a step none, if it is not time for one; where an epoch ends
            with it, there may be two.
        """
        (at, values), window = row, window_of(row)
        if window is None:
            cues = [self.epoch(at, values, play=play)]
        else:
            ends = {
                name: value
                for name, value in values.items()
                if window.ends_epoch
                and (is_validation(name) or name.startswith(EPOCH_MEAN))
            }
            steps = read_values(
                {name: value for name, value in values.items() if name not in ends}
            ).numbers
            run = self._run or self._start()
            if run is None:
                return []
            cues = [run.steps([(at, steps)], window.epoch, play=play, are_counted=True)]
            if window.ends_epoch:
                cues.append(self.epoch(window.epoch, ends, play=play))
        return [cue for cue in cues if cue is not None]

    def sound(self, kind: EventKind) -> None:
        """Sound an event that is none of an epoch, such as `"crashed"`.

        Args:
            kind: Which one.
        """
        if self._run:
            self._run.sound(kind)

    def end(self, kind: EventKind | None = "finished") -> list[str]:
        """End the run: sound it, complete the files, and return what there is to say.

        Waits until the files are complete, as long as the disk takes them. Live sound
        rings out by itself. Without a run under way, nothing happens.

        Args:
            kind: How it ended: `"finished"` or `"stopped_early"`; `None` if nobody
                knows, and no end sounds. Defaults to `"finished"`.

        Returns:
            Plain lines: the best epoch, where the files are, what was not played.
        """
        run, self._run = self._run, None
        lines = run.end(kind) if run else []
        self.file_trouble = run.file_trouble if run else None
        return lines

    def close(self, timeout: float = 60.0, kind: EventKind | None = None) -> None:
        """Complete the files of a run that did not end by itself, without a sound.

        May be called at any time and more than once.

        Args:
            timeout: Float. Seconds to wait for it at most. Defaults to `60.0`.
            kind: How it ended, such as `"crashed"`, for the files to tell. Defaults to
                `None`: nobody knows.
        """
        run, self._run = self._run, None
        if run:
            run.close(timeout, kind)
            self.file_trouble = run.file_trouble

    def flush(self, timeout: float = 60.0) -> None:
        """Have all files hold the run so far, while it goes on.

        Args:
            timeout: Float. Seconds to wait for it at most. Defaults to `60.0`.
        """
        if self._run:
            self._run.flush(timeout)

    def rest(self, *, is_over: bool = False) -> None:
        """Wait for epochs that may come or not: until then the run cannot die.

        The end of the program is the end of the run then, and no death.

        Args:
            is_over: Boolean. Whether the next epoch has begun now, as `epoch` says by
                itself when it has ended. Defaults to `False`.
        """
        if self._run:
            self._run.rest(is_over=is_over)

    def drain(self, timeout: float) -> None:
        """Wait at most `timeout` seconds until all cues have been played."""
        if self._run:
            self._run.drain(timeout)

    def page(self) -> PageFrame:
        """Return the run's page, as `index.html` holds it, for a notebook to show.

        It may be had at any time, also while the run is under way, and without files.

        Returns:
            What a notebook shows as a player; its `html` is the page.

        Raises:
            ValueError: If there is no epoch yet.
        """
        snapshot = self._record.snapshot() if self._record else None
        if snapshot is None or not snapshot.valued:
            raise ValueError("There is nothing to hear yet: no epoch has ended.")
        return PageFrame(run_page(replay(snapshot, self.settings.hearing())))

    def _repr_html_(self) -> str | None:
        # What a notebook shows of a sonifier; before the first epoch its plain name.
        try:
            return self.page()._repr_html_()
        except ValueError:
            return None

    @property
    def last_epoch(self) -> int:
        """The last epoch of the run that is under way; -1 before the first.

        A process that was forked off has none of the run.
        """
        return self.at.epoch

    @property
    def at(self) -> At:
        """Where the last row of the run that is under way lies.

        Its epoch is -1 before the first one.
        """
        return self._run.at if self._run and self._run.is_ours else At(-1)

    @property
    def is_silent(self) -> bool:
        """Whether the run that is under way has no live sound."""
        return self._run is None or self._run.is_silent

    def __getstate__(self) -> dict[str, Any]:
        """Leave the run behind: a copy starts anew (threads cannot be copied)."""
        return {**self.__dict__, "_run": None, "_record": None, "files": None}
