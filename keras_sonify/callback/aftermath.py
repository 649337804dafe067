"""Trainings that end without a word: Ctrl-C, an exception, `sys.exit`, SIGTERM.

Keras calls no hook then. In a script we are told when the process ends, in IPython and
Jupyter when the cell has ended. Neither touches the exception or the exit status. A
training in another thread goes on when the cell has ended, whatever that cell did; such
a thread is looked after. What was caught is over when the next training begins.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import takewhile
from typing import Any, Protocol

from keras_sonify.callback.fits import Fit
from keras_sonify.exits import Error, TerminatedError, Turn, at_exit, may_be_killed
from keras_sonify.training.events import EventKind

_PATIENCE = 1.6  # seconds that all broken trainings together may take at the end
_LOOK = 0.5  # seconds between two looks at the trainings in other threads
_GRACE = 2.0  # seconds for which another `fit` may follow in a thread that goes on


class Training(Protocol):
    """What wants to know how its training ended.

    Attributes:
        is_waiting: Whether its `fit` has ended as it should, and only the end of the
            cell or of the script can end it.
    """

    is_waiting: bool

    def ended_by(
        self, kind: EventKind, *, is_clean: bool, is_news: bool, timeout: float
    ) -> None:
        """Be told: `"crashed"` or `"interrupted"`.

        Args:
            kind: Which of the two.
            is_clean: Whether no exception is known of.
            is_news: Whether it is to be heard and told; not if it was caught.
            timeout: Seconds that the end of a broken training may take.
        """


# Trainings, with the `fit` that they run in. After `sys.exit`, or when an exception was
# caught, nobody else may hold them any more.
_under_way: dict[Training, Fit] = {}
_telling = threading.RLock()  # a training that begins waits for what is being told
_unregister: Callable[[], None] | None = None
_lookout: threading.Thread | None = None


def watch(training: Training) -> None:
    """Tell `training` if it ends without a word, until `forget` is called."""
    global _unregister  # noqa: PLW0603 - one hook in IPython for all trainings
    _under_way[training] = Fit()
    at_exit(_at_exit, Turn.TELL)
    if _unregister is None:
        _unregister = _register_in_ipython()
    keep_watch()


def forget(training: Training) -> None:
    """Stop watching; the hook in IPython is removed with the last training."""
    global _unregister  # noqa: PLW0603
    _under_way.pop(training, None)
    if not _under_way and _unregister is not None:
        _unregister()
        _unregister = None


def done(training: Training) -> None:
    """Stop watching a training that has ended as it should.

    What began before it in its thread, in a loop of the user's own whose end nobody can
    see, is no news when the script ends.
    """
    if (mine := _under_way.get(training)) is not None:
        for fit in takewhile(lambda each: each is not mine, list(_under_way.values())):
            fit.is_outlived |= fit.thread is mine.thread and fit.frame_number is None
    forget(training)


def keep_watch() -> None:
    """Look after the trainings in other threads, if there are any.

    To be asked now and then: the system may have had no thread to give.
    """
    global _lookout  # noqa: PLW0603 - one for all trainings
    if not _elsewhere() or (_lookout is not None and _lookout.is_alive()):
        return
    thread = threading.Thread(target=_look_out, name="keras-sonify-ends", daemon=True)
    with suppress(RuntimeError):
        thread.start()
        _lookout = thread


def end_leftovers() -> None:
    """End the trainings that were left in this thread by what somebody caught.

    To be called where a training begins. An exception that was caught is no news: the
    files alone say that the training crashed.
    """
    with _telling:
        now = Fit()
        left = [
            training
            for training, fit in list(_under_way.items())
            if not training.is_waiting and fit.was_before(now)
        ]
        _tell(dict.fromkeys(left, "crashed"), is_news=False)


def _tell(
    trainings: Mapping[Training, EventKind],
    *,
    is_clean: bool = False,
    is_news: bool = True,
) -> None:
    deadline = time.monotonic() + _PATIENCE
    with _telling:
        for training, kind in trainings.items():
            if training in _under_way:  # nobody else has told it meanwhile
                forget(training)
                left = max(deadline - time.monotonic(), 0.0)
                training.ended_by(
                    kind, is_clean=is_clean, is_news=is_news, timeout=left
                )


def _kind(error: Error) -> EventKind:
    # `sys.exit` leaves no trace: it was someone's decision, as Ctrl-C is.
    is_crash = error is not None and issubclass(error, Exception)
    return "crashed" if is_crash else "interrupted"


def _at_exit(error: Error) -> None:
    if error is TerminatedError and may_be_killed():  # by a pool, at its end
        waiting = [training for training in list(_under_way) if training.is_waiting]
        _tell(dict.fromkeys(waiting, "interrupted"), is_clean=True)
    ended: dict[Training, EventKind] = {}
    caught: dict[Training, EventKind] = {}
    for training, fit in list(_under_way.items()):
        if error is None and fit.is_outlived and not training.is_waiting:
            caught[training] = "crashed"
        elif training.is_waiting or fit.is_in_main_thread:
            ended[training] = _kind(error)
        elif fit.is_over:
            ended[training] = "crashed"
        elif fit.thread.daemon or error is TerminatedError:
            ended[training] = _kind(error)
        # Else it goes on: a process of `multiprocessing` waits for its threads later.
    _tell(ended, is_clean=error is None)
    _tell(caught, is_news=False)


def _elsewhere() -> dict[Training, Fit]:
    """Return the trainings that run in other threads than the main one."""
    return {
        training: fit
        for training, fit in list(_under_way.items())
        if not (fit.is_in_main_thread or training.is_waiting)
    }


def _look_out() -> None:
    """Tell of trainings that have gone from their thread, or whose thread has gone."""
    gone: dict[Training, float] = {}
    while trainings := _elsewhere():
        now = time.monotonic()
        gone = {
            training: gone.get(training, now)
            for training, fit in trainings.items()
            if fit.is_over
        }
        for training, since in gone.items():
            # In a pool's thread an exception is left to whoever asks for the result.
            if now - since >= _GRACE or not trainings[training].thread.is_alive():
                _tell({training: "crashed"})
        time.sleep(_LOOK)


def _register_in_ipython() -> Callable[[], None] | None:
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None:
        return None

    def after_cell(result: Any) -> None:  # noqa: ANN401
        # Without an error the cell has caught it, and the training is over, too.
        here = threading.current_thread()
        error = result.error_in_exec or result.error_before_exec
        ended = [one for one, fit in _under_way.items() if fit.thread is here]
        kind = _kind(type(error) if error else None)
        _tell(dict.fromkeys(ended, kind), is_clean=error is None)

    shell.events.register("post_run_cell", after_cell)

    def unregister() -> None:
        shell.events.unregister("post_run_cell", after_cell)

    return unregister


def _forget_parents() -> None:
    """Be a process that was forked off: the trainings are another's."""
    global _telling, _lookout
    _telling, _lookout = threading.RLock(), None
    _under_way.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_parents)
