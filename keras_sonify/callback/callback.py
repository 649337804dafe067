"""`SonifyCallback`: what Keras calls, passed on to a `Sonifier`."""

import functools
import logging
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any, Literal, ParamSpec

try:
    import keras
except ImportError as error:
    raise ImportError(
        "`SonifyCallback` needs Keras 3. Install it together with TensorFlow: "
        "pip install 'keras_sonify[tensorflow]'",
    ) from error

from keras_sonify.callback import aftermath
from keras_sonify.callback.primary import is_primary
from keras_sonify.page.embed import PageFrame
from keras_sonify.rules import Rules
from keras_sonify.score.style import Style
from keras_sonify.settings import Mode, Player
from keras_sonify.sonifier import Sonifier
from keras_sonify.training.events import Event, EventKind
from keras_sonify.training.metrics import Direction, family_of
from keras_sonify.training.values import read_scalar
from keras_sonify.training.warn import warn
from keras_sonify.words import text

_P = ParamSpec("_P")
_PATIENCE = 1.5  # seconds that the files of a broken training may take at the end
_DIRECTIONS: dict[str | None, Direction] = {"up": "max", "down": "min"}
_log = logging.getLogger(__name__)


def _harmless(hook: Callable[_P, None]) -> Callable[_P, None]:
    """Wrap a hook so that a fault of ours never stops a training.

    Keras calls hooks bare: an exception in a callback ends `fit`. The first one is
    warned of, then the callback is silent until the next training begins.
    KeyboardInterrupt and SystemExit are no `Exception` and pass through.
    """

    @functools.wraps(hook)
    def safe(*args: _P.args, **kwargs: _P.kwargs) -> None:
        callback: Any = args[0]
        try:
            hook(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - see above
            _log.debug("SonifyCallback.%s failed", hook.__name__, exc_info=True)
            callback.fail(f"SonifyCallback is silent for this training: {error!r}")

    return safe


class _Ending:
    """Sounds the end of a training that ends without a word.

    It does not hold the callback, and so not the model, which an exception that
    somebody caught would keep alive until the script ends.
    """

    def __init__(self, sonifier: Sonifier, *, is_told: bool) -> None:
        self._sonifier = sonifier
        self._is_told = is_told

    def ended_by(self, kind: EventKind) -> None:
        """Sound it, and complete the files."""
        epoch = self._sonifier.last_epoch + 1
        if epoch:
            with suppress(Exception):  # a fault of ours must not cover theirs
                self._sonifier.sound(kind)
                self._sonifier.close(_PATIENCE)
                if self._is_told:
                    print(f"Training {kind} after epoch {epoch}", flush=True)  # noqa: T201


class SonifyCallback(keras.callbacks.Callback):
    """Callback that lets you hear a model train.

    At the end of every epoch each metric sounds as a short tone: the higher the
    value, the higher the pitch, on the range that its family (a metric and its
    validation twin) has covered so far. Training tones sit on the left, validation
    tones on the right. Just before a tone, a shorter and softer one sounds the
    metric's best value so far: a falling loss is a new best, a rising one is worse
    than the best, and the interval tells by how much. NaN and infinities are a
    burst of noise. Rising tones end the training.

    While the model trains, `directory` gets one WAV file per metric, one tone per
    epoch on the range of the whole run, and `score.csv`, which lists every tone.
    The files are kept current in the background: after Ctrl-C or an exception they
    are complete, after a kill they lack the last seconds at most. As with
    `CSVLogger(append=False)`, a training overwrites the files of the one before it
    in the same directory; `{run}` or `{time}` in the path keeps runs apart, as in
    `"sonification/{run}"`.

    Sound never stops a training. Where no audio device can be opened, or files
    cannot be written, there is one warning, and training goes on without.

    Example:

    ```python
    sonify = SonifyCallback()
    model.fit(x, y, validation_split=0.2, epochs=20, callbacks=[sonify])
    ```

    Args:
        metrics: String or list of strings. Metrics to sound, by their names in
            `logs`. `None` sounds the loss and the accuracies with their validation
            twins. Defaults to `None`.
        directory: String or path. Where the files go; made with its parents.
            `None` writes no files. Defaults to `"sonification"`.
        style: String or `Style`. How it sounds: `"clear"`, `"classic"` (1000 to
            3000 Hz, each metric on its own range, without reference), or a
            `keras_sonify.Style` of your own. Defaults to `"clear"`.
        player: String. `"speaker"` plays through this machine's loudspeaker,
            `"notebook"` in the output of the cell that trains (extra `notebook`),
            `"browser"` in a page on 127.0.0.1 whose address is printed (extra `web`).
            `"auto"` is the notebook if there is one, else the loudspeaker; `None`
            plays nothing. Defaults to `"auto"`.
        update_freq: String. When to sound: `"epoch"`, at the end of every epoch.
            Defaults to `"epoch"`.
        monitor: String. Metric whose best epoch is told at the end. Defaults to
            `"val_loss"`; where a training has none, the loss is taken.
        mode: String. One of `{"auto", "min", "max"}`. Whether `monitor` improves as
            it falls (`"min"`) or as it rises (`"max"`); `"auto"` asks Keras, then
            goes by the name. Defaults to `"auto"`.
        earcons: Boolean, or list of strings. Whether events sound: `"nan_loss"`,
            `"divergence"`, `"overfitting"`, `"stuck"`, `"plateau"`,
            `"oscillation"`, `"learning_rate"`, `"nan_metric"`, `"best"`,
            `"finished"`, `"stopped_early"`, `"crashed"`, `"interrupted"`. A list
            chooses. Defaults to `True`.
        verbose: Integer, 0 or 1. With 1 each epoch and each event is told in a line
            that a screen reader can read, and at the end the best epoch and the
            files. Defaults to `0`.
        rules: `keras_sonify.Rules`. Thresholds of the events. Defaults to those of
            `Rules`.
        cue_freq: Integer. Sound every so many epochs live; events always sound, and
            the files hold all epochs. Defaults to `1`.
        gain_db: Float. Level of the live sound re the style's, from -60 to 20.
            Defaults to `0.0`.
        primary: Boolean. Whether this process sounds and writes, of a training that
            is distributed over several. `None` asks JAX, PyTorch or TensorFlow.
            Defaults to `None`.

    Raises:
        ValueError: If an argument has a value it cannot have.
        TypeError: If an argument is of a type it cannot be.
        ImportError: If `player` needs what is not installed.
    """

    # tf_keras, the Keras 2 that `TF_USE_LEGACY_KERAS=1` brings, asks for this and
    # for the three methods at the end. No batch hook is overridden: one would make
    # the dispatch of the whole callback list synchronous on JAX and PyTorch.
    _supports_tf_logs = False

    def __init__(
        self,
        metrics: str | Sequence[str] | None = None,
        directory: str | os.PathLike[str] | None = "sonification",
        *,
        style: str | Style = "clear",
        player: Player | None = "auto",
        update_freq: Literal["epoch"] = "epoch",
        monitor: str = "val_loss",
        mode: Mode = "auto",
        earcons: bool | Collection[EventKind] = True,
        verbose: int = 0,
        rules: Rules | None = None,
        cue_freq: int = 1,
        gain_db: float = 0.0,
        primary: bool | None = None,
    ) -> None:
        super().__init__()
        if update_freq != "epoch":
            raise ValueError(
                "Unrecognized update_freq. Expected 'epoch'. "
                f"Received: update_freq={update_freq!r}",
            )
        if verbose not in (0, 1):
            raise ValueError(
                f"`verbose` must be 0 or 1. Received: verbose={verbose!r}",
            )
        if primary not in (True, False, None):
            raise ValueError(
                f"`primary` must be True, False or None. Received: primary={primary!r}",
            )
        self.sonifier = Sonifier(
            metrics,
            directory,
            style=style,
            player=player,
            monitor=monitor,
            mode=mode,
            earcons=earcons,
            rules=rules,
            cue_freq=cue_freq,
            gain_db=gain_db,
        )
        self.update_freq = update_freq
        self.verbose = verbose
        self.primary = primary
        self._is_silent = False
        self._knows_directions = False
        self._ending: _Ending | None = None
        self._rate: float | None = None

    @_harmless
    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """Start anew: an instance may be used for several trainings."""
        model = getattr(self, "_model", None)
        primary = is_primary(model) if self.primary is None else self.primary
        self._is_silent = not primary
        self._forget_ending()
        self._knows_directions = False
        if not self._is_silent:
            self.sonifier.begin((self.params or {}).get("epochs"))
            self._ending = _Ending(self.sonifier, is_told=bool(self.verbose))
            aftermath.watch(self._ending)

    @_harmless
    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Note the learning rate that this epoch begins with."""
        if not self._is_silent:
            self._rate = self._learning_rate()

    @_harmless
    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Sound the epoch."""
        if self._is_silent:
            return
        if not self._knows_directions:  # metrics are all built by now
            self._knows_directions = True
            self.sonifier.settings.directions.update(self._ask_keras())
        cue = self.sonifier.epoch(epoch, logs, learning_rate=self._rate)
        if cue and self.verbose:
            epochs = (self.params or {}).get("epochs")
            self._say(text.epoch_sentence(cue, epochs))
            self._tell(cue.happened)

    @_harmless
    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
        """Sound the end and complete the files."""
        self._forget_ending()
        if self._is_silent:
            return
        last, planned = self.sonifier.last_epoch, (self.params or {}).get("epochs")
        is_early = isinstance(planned, int) and -1 < last < planned - 1
        lines = self.sonifier.end("stopped_early" if is_early else "finished")
        if self.verbose and last >= 0:
            early, of = (" early", f" of {planned}") if is_early else ("", "")
            self._say(f"Finished{early} after epoch {last + 1}{of}")
            for line in lines:
                self._say(line)

    @_harmless
    def close(self) -> None:
        """Complete the files of a training that was interrupted.

        Happens by itself when the script ends, or the cell of a notebook, and when
        the next training begins.
        """
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

    def fail(self, message: str) -> None:
        """Warn, and be silent until the next training begins."""
        self._is_silent = True
        warn(message)

    def _ask_keras(self) -> dict[str, Direction]:
        """Return what the compiled metrics say of their direction, by family."""
        directions: dict[str, Direction] = {}
        with suppress(Exception):
            model: Any = getattr(self, "_model", None)
            pending = list(model.metrics)
            while pending:
                metric = pending.pop()
                pending.extend(getattr(metric, "metrics", ()))
                told = getattr(metric, "_direction", None)
                if told in _DIRECTIONS:
                    directions[family_of(metric.name)] = _DIRECTIONS[told]
        return directions

    def _forget_ending(self) -> None:
        if self._ending is not None:
            aftermath.forget(self._ending)
            self._ending = None

    def _tell(self, events: Sequence[Event]) -> None:
        for event in events:
            self._say(event.sentence)

    def _learning_rate(self) -> float | None:
        """Return the optimizer's rate: `logs` hold it only if others put it there."""
        with suppress(Exception):
            model: Any = getattr(self, "_model", None)
            return read_scalar(model.optimizer.learning_rate)
        return None

    def _say(self, line: str) -> None:
        """Print as Keras does, below its progress bar if it shows one."""
        if not keras.utils.is_interactive_logging_enabled():
            _log.info(line)
            return
        shows_bar = (self.params or {}).get("verbose") in (1, "auto")
        line = f"\n{line}" if shows_bar else line
        try:
            print(line, flush=True)  # noqa: T201 - asked for by `verbose`
        except UnicodeEncodeError:
            print(ascii(line)[1:-1], flush=True)  # noqa: T201

    def __getstate__(self) -> dict[str, Any]:
        """Leave the model behind: keras-tuner deep-copies callbacks, joblib pickles."""
        return {**self.__dict__, "_model": None, "_ending": None}

    def _implements_train_batch_hooks(self) -> bool:
        return False

    def _implements_test_batch_hooks(self) -> bool:
        return False

    def _implements_predict_batch_hooks(self) -> bool:
        return False
