"""When a training is told in steps, beside its epochs: `update_freq`."""

import threading
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Literal

from keras_sonify.callback.batches import Batches, Row
from keras_sonify.callback.means import Means

UpdateFreq = Literal["auto", "epoch", "batch"] | int

_FREQS = ("auto", "epoch", "batch")

HOOK = "on_train_batch_end"
"""What is bound on the callback, where steps are asked for."""

Hear = Callable[[Sequence[Row], int], None]
"""Takes rows, and the zero-based epoch in which they lie."""


def check_update_freq(update_freq: object) -> None:
    """Check what the user asked for.

    Raises:
        ValueError: If it is none of what it can be.
    """
    is_count = type(update_freq) is int and update_freq > 0
    if not is_count and update_freq not in _FREQS:
        raise ValueError(
            "Unrecognized update_freq. Expected 'auto', 'epoch', 'batch' or a positive "
            f"integer. Received: update_freq={update_freq!r}",
        )


class Steps:
    """Takes in the batches of a training where `update_freq` asks for them.

    The hook for batches is bound on the callback, not defined in its class: only there,
    and only as long as it is needed, it costs anything. Keras looks it up at each call.

    Args:
        update_freq: That of `SonifyCallback`.
        long_epoch_seconds: How long an epoch lasts until `"auto"` tells of its steps.
    """

    def __init__(self, update_freq: UpdateFreq, long_epoch_seconds: float) -> None:
        self._is_named = update_freq not in ("auto", "epoch")
        self._is_auto = update_freq == "auto"
        self._long_epoch_seconds = long_epoch_seconds
        # Whether the run is told in steps: what comes first decides.
        self._is_in_steps: bool | None = None
        self._hear: Hear = _hear_nothing
        self._means: Means | None = None
        self._batches = Batches(self._give)
        self._owner: Callable[[], Any] = _nobody
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def begin_training(self, owner: object, hear: Hear, means: Means | None) -> None:
        """Begin a training, in the run of the one before or in a new one.

        Args:
            owner: The callback.
            hear: Makes rows heard.
            means: What is known of the metrics; `None` in a loop of the user's own.
        """
        self.end_training()
        done = self._batches.done
        self._owner, self._hear, self._means = weakref.ref(owner), hear, means
        self._batches = Batches(self._give)
        self._batches.done = done

    def begin_run(self) -> None:
        """Begin a new run."""
        self._is_in_steps = None
        self._batches.done = 0

    def begin_epoch(self, epoch: int, steps: int | None) -> None:
        """Begin an epoch, of so many steps if that is known."""
        self._unbind()
        if self._batches.done == 0 and steps is not None:  # it may go on with another
            self._batches.done = epoch * steps
        learn = None
        if self._means is not None:
            self._means.begin_epoch()
            learn = self._means.learn
        self._batches.begin_epoch(epoch, steps, learn)
        if self._is_named or (self._is_auto and self._is_in_steps):
            self._bind()
        elif self._is_auto and self._is_in_steps is None:
            self._bind_late()

    def end_batches(self) -> None:
        """Note that the batches of an epoch are over, if one is under way."""
        if self._means is not None and HOOK in vars(self._owner() or self):
            self._means.count()

    def end_epoch(self) -> None:
        """Give out all that has come of an epoch."""
        self._unbind()
        self._batches.end_epoch(self._means.full if self._means else None)
        if self._is_in_steps is None:
            self._is_in_steps = False

    def end_training(self) -> None:
        """Take in nothing any more."""
        self._unbind()
        self._batches.end_epoch()
        self._batches.close()

    def take_fault(self) -> Exception | None:
        """Return what went wrong since this was asked; `None` if all was well."""
        fault, self._batches.fault = self._batches.fault, None
        return fault

    def _give(self, rows: Sequence[Row], epoch: int) -> None:
        if self._is_in_steps is None:
            self._is_in_steps = True
        if self._is_in_steps:
            self._hear(rows, epoch)

    def _bind(self) -> None:
        owner = self._owner()
        if owner is not None:
            setattr(owner, HOOK, self._batches.add)

    def _bind_late(self) -> None:
        """Bind the hook if the epoch goes on for long; keep nothing alive for that."""
        me = weakref.ref(self)
        timer = threading.Timer(self._long_epoch_seconds, _bind_if_due, [me])
        timer.daemon = True
        self._timer = timer
        with suppress(RuntimeError):  # no thread to be had
            timer.start()

    def bind_if_due(self) -> None:
        """Bind the hook, unless the epoch has ended meanwhile."""
        with self._lock:
            if self._timer is threading.current_thread():
                self._bind()

    def _unbind(self) -> None:
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            owner = self._owner()
            if owner is not None:
                vars(owner).pop(HOOK, None)


def _bind_if_due(steps: Callable[[], Steps | None]) -> None:
    if (alive := steps()) is not None:
        alive.bind_if_due()


def _hear_nothing(rows: Sequence[Row], epoch: int) -> None:
    """Hear nothing: no training has begun."""


def _nobody() -> None:
    """Return whose callback it is: nobody's yet."""
