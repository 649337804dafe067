"""`SonifyCallback`: what Keras calls, passed on to a `Sonifier`."""

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, Literal, get_args

try:
    import keras
except ImportError as error:
    raise ImportError(
        "`SonifyCallback` needs Keras 3. Install it together with TensorFlow: "
        "pip install 'keras_sonify[tensorflow]'",
    ) from error

from keras_sonify.callback import aftermath
from keras_sonify.callback.directions import ask_keras
from keras_sonify.callback.endings import LateEnd, WordlessEnd, give_way
from keras_sonify.callback.fits import Fit
from keras_sonify.callback.harmless import harmless
from keras_sonify.callback.hearing import StepHearing, sentence_of_few
from keras_sonify.callback.learning_rate import LearningRate
from keras_sonify.callback.lines import Lines
from keras_sonify.callback.loop import Loop
from keras_sonify.callback.means import Means
from keras_sonify.callback.primary import is_primary
from keras_sonify.callback.steps import HOOK, Steps, UpdateFreq, check_update_freq
from keras_sonify.page.embed import PageFrame
from keras_sonify.rules import Rules
from keras_sonify.score.style import Style
from keras_sonify.settings import Append, Mode, Player
from keras_sonify.sonifier import Sonifier
from keras_sonify.training.axis import UNPLANNED, Plan
from keras_sonify.training.directions import Direction
from keras_sonify.training.events import Event, EventKind
from keras_sonify.training.warn import warn
from keras_sonify.words import closing, text
from keras_sonify.words.against import held_sentences

Verbose = Literal["auto", 0, 1, 2]

_FEW_EPOCHS = 2  # of which little is heard


class SonifyCallback(keras.callbacks.Callback):
    """Callback that lets you hear a model train.

    At the end of every epoch each metric sounds as a short tone: the higher the
    value, the higher the pitch, on the range that its family (a metric and its
    validation twin) has covered so far. Training tones sit on the left, validation
    tones on the right. Just before a tone, a shorter and softer one sounds the
    metric's best value so far: a falling loss is a new best, a rising one is worse
    than the best, and the interval tells by how much. NaN and infinities are a
    burst of noise. When training is over, four quick tones rise.

    While the model trains, `directory` gets `log.csv`, the record: a row an epoch with
    all its values, as `CSVLogger` writes it, at most a second behind whatever ends
    the program. Everything else is made from it in the background: `training.wav`, the
    run in a few seconds; one WAV file per metric, a tone per epoch on the metric's own
    range in the whole run; `score.csv`, which lists every tone; and `index.html`, a
    page to hear and see the run. After Ctrl-C, an exception or SIGTERM they are
    completed as far as a second and a half allow, and what is missing is named;
    `keras-sonify render DIRECTORY` makes them all again.

    A training overwrites the run before it in the same directory, as
    `CSVLogger(append=False)` does, unless it goes on with it: see `append`. `{run}`
    or `{time}` in the path keeps runs apart, as in `"sonification/{run}"`.

    Sound never stops a training. Where no audio device can be opened, or files
    cannot be written, there is one warning, and training goes on without.

    Example:

    ```python
    sonify = SonifyCallback()
    model.fit(x, y, validation_split=0.2, epochs=20, callbacks=[sonify])
    ```

    Args:
        metrics: String or list of strings. Metrics to sound, by their names in
            `logs`; `"all"` sounds everything. `None` sounds losses and accuracies with
            their validation twins, six at most. Defaults to `None`.
        directory: String or path. Where the files go; made with its parents, and
            fixed when the training begins. `None` writes no files. Defaults to
            `"sonification"`.
        style: String or `Style`. How it sounds: `"clear"`, `"classic"` (1000 to
            3000 Hz, each metric on its own range, without reference), or a
            `keras_sonify.Style` of your own. Defaults to `"clear"`.
        player: String. `"speaker"` plays through this machine's loudspeaker,
            `"notebook"` in the output of the cell that trains (extra `notebook`),
            `"browser"` in a page on 127.0.0.1 whose address is printed (extra `web`).
            `"auto"` is the notebook if there is one, else the loudspeaker; `None`
            plays nothing. An object of your own is played to if it has the methods of
            `keras_sonify.output.Output`; a list plays on all that are in it. Defaults
            to `"auto"`.
        append: String or boolean. Whether to go on with the run whose log is in
            `directory`. `"auto"` does where a training begins at the epoch after its
            last one (`initial_epoch`, `BackupAndRestore`), or where `fit` is called in
            a loop for one epoch each: ranges, best values, events and files go on.
            `True` adds to the log in any case, `False` overwrites it. Defaults to
            `"auto"`.
        against: String or path. Another run, whose values at the same epoch, or step,
            are the references from then on: `"last"`, the one that was kept in
            `directory` before (with `{run}`, the one before this), the directory of a
            run, or any log that `read_log` takes. Words and events tell which of the
            two is ahead. Defaults to `None`: the references are the best values so far.
        update_freq: String or integer. When to sound: `"epoch"`, at the end of every
            epoch; `"batch"`, also within it, so that a training is heard, and
            recorded, in steps; an integer: each row of the record stands for at least
            so many steps. `"auto"` begins within the first epoch if that lasts for a
            minute, and goes by epochs if it does not; until then it costs nothing. In
            Keras 2 (`tf_keras`), which looks for batches at the beginning only, it goes
            by epochs. Defaults to `"auto"`.
        cue_seconds: Float. Seconds between two sounds within an epoch, at least; each
            stands for all steps since the one before. Defaults to `4.0`.
        monitor: String. Metric whose best epoch is told at the end, and whose new
            bests are events. Defaults to `"val_loss"`; where a training has none, the
            loss is taken.
        mode: String. One of `{"auto", "min", "max"}`. Whether `monitor` improves as
            it falls (`"min"`) or as it rises (`"max"`); `"auto"` asks Keras, then
            goes by the name. Defaults to `"auto"`.
        earcons: Boolean, or list of strings. Whether events sound; a list chooses, as
            `["nan_loss", "finished"]`. `keras-sonify earcons` plays them all with
            their names. Defaults to `True`: all but those that are only told,
            `"oscillation"`, `"learning_rate"` and `"nan_metric"`.
        words: Boolean. Whether a word says what happened after the figure that sounds.
            Defaults to `True`.
        on_event: Function. Called with each event as it happens, in a thread of ours:
            it has `kind`, `epoch`, `text` and `sentence`. Defaults to `None`.
        verbose: 0, 1, 2 or `"auto"`. With 1 each epoch and each event is told in a line
            that a screen reader can read, and at the end the best epoch and the files;
            with 2 also what sounds within an epoch. `"auto"` is 1 unless `fit` is
            silent. Defaults to `0`.
        rules: `keras_sonify.Rules`. Thresholds of the events. Defaults to those of
            `Rules`.
        gain_db: Float. Level of the live sound in dB: 0 as in the files, -6 half the
            amplitude; from -60 to 20. Defaults to `0.0`.
        primary: Boolean. Whether this process sounds and writes, of a training that
            is distributed over several. `None` asks JAX, PyTorch or TensorFlow.
            Defaults to `None`.

    Attributes:
        sonifier: The `Sonifier` that it drives: its `files` say where they are.

    Raises:
        ValueError: If an argument has a value it cannot have.
        TypeError: If an argument is of a type it cannot be.
        ImportError: If `player` needs what is not installed.
    """

    # tf_keras, the Keras 2 that `TF_USE_LEGACY_KERAS=1` brings, asks for this and
    # for the three methods at the end. No batch hook is overridden: whoever hears
    # epochs has none. The one of those who hear steps may be called in any thread.
    _supports_tf_logs = False
    async_safe = True

    _long_epoch_seconds = 60.0  # until `"auto"` tells of steps

    def __init__(
        self,
        metrics: str | Sequence[str] | None = None,
        directory: str | os.PathLike[str] | None = "sonification",
        *,
        style: str | Style = "clear",
        player: Player | Sequence[Player] | None = "auto",
        append: Append = "auto",
        against: str | os.PathLike[str] | None = None,
        update_freq: UpdateFreq = "auto",
        cue_seconds: float = 4.0,
        monitor: str = "val_loss",
        mode: Mode = "auto",
        earcons: bool | Collection[EventKind] = True,
        words: bool = True,
        on_event: Callable[[Event], object] | None = None,
        verbose: Verbose = 0,
        rules: Rules | None = None,
        gain_db: float = 0.0,
        primary: bool | None = None,
    ) -> None:
        super().__init__()
        check_update_freq(update_freq)
        if isinstance(verbose, bool) or verbose not in get_args(Verbose):
            raise ValueError(
                f"`verbose` must be 0, 1, 2 or 'auto'. Received: verbose={verbose!r}",
            )
        if not (primary is None or isinstance(primary, bool)):
            raise ValueError(
                f"`primary` must be True, False or None. Received: primary={primary!r}",
            )
        self.sonifier = Sonifier(
            metrics,
            directory,
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
            update_freq=update_freq if isinstance(update_freq, int) else 1,
            cue_seconds=cue_seconds,
        )
        self.update_freq = update_freq
        self.verbose = verbose
        self.primary = primary
        self._is_silent = False
        self._is_told = False
        self._has_warned = False
        self._rate = LearningRate()
        self._directions: dict[str, Direction] | None = None
        self._wordless: WordlessEnd | None = None
        self._loop = Loop()
        self._lines = Lines()
        self._steps = Steps(update_freq, self._long_epoch_seconds)
        self._is_in_fit = False
        self._has_advised = False

    @harmless
    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """Start anew: an instance may be used for several trainings."""
        model = getattr(self, "_model", None)
        primary = is_primary(model) if self.primary is None else self.primary
        self._steps.end_training()  # that of one that broke off
        self._is_silent = not primary
        self._is_told = self._asked_to_tell()
        self._lines.tell(())
        self._lines = Lines((self.params or {}).get("verbose"))
        self._has_warned = False
        self._directions = None
        self._rate = LearningRate()
        aftermath.end_leftovers()
        self._forget_wordless()
        if self._is_silent:
            return
        give_way(self.sonifier)
        self._is_in_fit = Fit().frame_number is not None
        hearing = StepHearing(
            self.sonifier, self._lines, self._verbosity, self._plan, model
        )
        means = Means(model, hearing.warn_of_running) if self._is_in_fit else None
        self._steps.begin_training(self, hearing.hear, means)
        may_go_on = bool(self.sonifier.settings.append)
        if not (may_go_on and self._loop.may_go_on(model)):
            self._begin()  # else the first epoch's number decides
        if not self._is_in_fit:  # nobody may tell of epochs
            self._steps.begin_epoch(0, None)

    @harmless
    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Decide by the first epoch whether it goes on with the `fit` before."""
        if self._is_silent:
            return
        self._lines.keras_has_told()
        if self._loop.is_undecided:
            self._decide(epoch)
        self._advise(epoch)
        self._lines.bar_begins()
        self._steps.begin_epoch(self._loop.number(epoch), self._steps_an_epoch)

    @harmless
    def on_test_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """Ask what the metrics have counted, before validation counts anew."""
        self._steps.end_batches()

    @harmless
    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Sound the epoch."""
        if self._is_silent:
            return
        if self._loop.is_undecided:  # whoever drives us left out the beginning
            self._decide(epoch)
        aftermath.keep_watch()
        if self._directions is None:  # metrics are all built by now
            self._directions = ask_keras(getattr(self, "_model", None))
        number = self._loop.count(epoch)
        with self._lines.epoch_ends():
            self._steps.end_epoch()
            cue = self.sonifier.epoch(
                number,
                logs,
                learning_rate=self._rate.read(getattr(self, "_model", None), logs),
                directions=self._directions,
            )
        if cue and self._is_told:
            lines = held_sentences(cue)
            if cue.readings or cue.step is None:  # else its last step has been told
                lines.append(text.cue_sentence(cue, self._plan))
            lines += [event.sentence for event in cue.happened]
            self._lines.tell_epoch(lines)
        if not self._is_in_fit:  # nobody may tell that the next one begins
            self._steps.begin_epoch(number + 1, None)
        self._own_up()

    @harmless
    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
        """Sound the end and complete the files."""
        if self._wordless is not None:
            self._wordless.done()
            self._wordless = None
        self._steps.end_training()
        if self._is_silent:
            return
        self._lines.keras_has_told()
        is_early = self._is_early()
        is_single = self._loop.end_fit(getattr(self, "_model", None))
        tell = partial(
            _end,
            self.sonifier,
            print_lines=self._printer,
            plan=self._plan,
        )
        if is_single and not is_early and self.sonifier.settings.append:
            if not self._loop.is_loop:  # in a loop, each would wait for them
                self.sonifier.flush()
            self.sonifier.rest()
            patience = self._loop.patience
            self._loop.wait(LateEnd(self.sonifier, tell, self._printer, patience))
        else:
            tell("stopped_early" if is_early else "finished")
        self._own_up()  # of a loop of steps no epoch may have ended

    def _own_up(self) -> None:
        """Raise what went wrong with a batch, for the hook to tell."""
        if (fault := self._steps.take_fault()) is not None:
            raise fault

    @harmless
    def close(self) -> None:
        """Complete the files of a training that was interrupted.

        Happens by itself when the script ends, or the cell of a notebook, and when
        the next training begins.
        """
        self._steps.end_training()
        self._lines.tell(())
        self._loop.tell()
        self.sonifier.close()

    def page(self) -> PageFrame:
        """Return the run's page for a notebook to show; see `Sonifier.page`.

        Example:

        ```python
        model.fit(x, y, epochs=20, callbacks=[sonify])
        sonify.page()
        ```
        """
        return self.sonifier.page()

    def _begin(self) -> None:
        self._loop.tell()
        self._steps.begin_run()
        self.sonifier.begin(*self._plan)
        self._watch()

    def _decide(self, epoch: int) -> None:
        """Go on with the run of the `fit` before, or begin a new one."""
        if not self._loop.goes_on(epoch, self._planned):
            self._begin()
        elif not self._loop.go_on():  # its end has been told: it is read back
            self.sonifier.begin(*self._plan)
        else:
            self.sonifier.rest(is_over=True)
        self._watch()

    def _watch(self) -> None:
        self._forget_wordless()
        self._wordless = WordlessEnd(
            self.sonifier, self._printer, self._steps.end_training
        )

    def _forget_wordless(self) -> None:
        if self._wordless is not None:
            self._wordless.forget()
            self._wordless = None

    @property
    def _planned(self) -> int | None:
        planned = (self.params or {}).get("epochs")
        return planned if isinstance(planned, int) else None

    @property
    def _steps_an_epoch(self) -> int | None:
        steps = (self.params or {}).get("steps") if self._is_in_fit else None
        return steps if isinstance(steps, int) and steps > 0 else None

    @property
    def _plan(self) -> Plan:
        """How much there is to be; of a loop of fits, each tells of its own only."""
        if self._loop.is_loop:
            return UNPLANNED
        epochs, steps = self._planned, self._steps_an_epoch
        return Plan(epochs, epochs * steps if epochs and steps else None)

    def _advise(self, epoch: int) -> None:
        """Say once if little will be heard of a training."""
        epochs = self._planned
        if self.update_freq != "epoch" or self._has_advised or epochs is None:
            return
        self._has_advised = True
        if epochs - epoch <= _FEW_EPOCHS:
            warn(sentence_of_few(epochs - epoch))

    def _is_early(self) -> bool:
        """Whether it was stopped before its last epoch."""
        planned, last = self._planned, self._loop.last_epoch
        if planned is None:  # a list of callbacks that was made by hand
            model: object = getattr(self, "_model", None)
            return last >= 0 and getattr(model, "stop_training", False) is True
        return -1 < last < planned - 1

    def _asked_to_tell(self) -> bool:
        """Whether to print: `"auto"` does as `fit` does."""
        return self._verbosity != 0

    @property
    def _verbosity(self) -> int:
        if self.verbose == "auto":
            return int(bool((self.params or {}).get("verbose", 1)))
        return self.verbose

    @property
    def _printer(self) -> Callable[[Sequence[str]], None] | None:
        """What prints lines: it does not hold the model."""
        return self._lines.tell if self._is_told else None

    def _warn_once(self, message: str) -> None:
        if not self._has_warned:
            self._has_warned = True
            warn(message)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the model behind: keras-tuner deep-copies callbacks, joblib pickles."""
        left = {"_model": None, "_wordless": None, "_loop": Loop(), "_steps": None}
        kept = {**self.__dict__, **left}
        kept.pop(HOOK, None)  # bound, if it is, for the training under way
        return kept

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Be a copy, which begins anew."""
        self.__dict__.update(state)
        self._steps = Steps(self.update_freq, self._long_epoch_seconds)

    def _implements_train_batch_hooks(self) -> bool:
        return self.update_freq not in ("auto", "epoch")

    def _implements_test_batch_hooks(self) -> bool:
        return False

    def _implements_predict_batch_hooks(self) -> bool:
        return False


def _end(
    sonifier: Sonifier,
    kind: EventKind,
    *,
    print_lines: Callable[[Sequence[str]], None] | None,
    plan: Plan,
) -> None:
    """End a run, and print what there is to say of it."""
    last = sonifier.at
    lines = sonifier.end(kind)
    if print_lines is not None and last.epoch >= 0:
        print_lines([closing.ending_sentence(kind, last, plan), *lines])
