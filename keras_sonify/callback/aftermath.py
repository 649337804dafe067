"""Trainings that end without a word: Ctrl-C, an exception, `sys.exit`.

Keras calls no hook then. In a script we are told when the interpreter ends, in IPython
and Jupyter when the cell has ended. Neither touches the exception or the exit status.
A training in another thread goes on when its cell has ended, whatever that cell did.
"""

import atexit
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol

# First of all: what is registered last is called first at exit, and how a training
# ended has to be told before its run is closed.
import keras_sonify.run  # noqa: F401
from keras_sonify.training.events import EventKind

_PATIENCE = 1.6  # seconds that all broken trainings together may take at the end


class Training(Protocol):
    """What wants to know how its training ended."""

    def ended_by(self, kind: EventKind, *, is_clean: bool, timeout: float) -> None:
        """Be told: `"crashed"` or `"interrupted"`.

        Args:
            kind: Which of the two.
            is_clean: Whether no exception is known of.
            timeout: Seconds that the end of a broken training may take.
        """


# Trainings, with the processes and threads that they run in. After `sys.exit`, or when
# an exception was caught, nobody else may hold them any more.
_under_way: dict[Any, tuple[int, int]] = {}
_unregister: Callable[[], None] | None = None


def watch(training: Training) -> None:
    """Tell `training` if it ends without a word, until `forget` is called."""
    global _unregister  # noqa: PLW0603 - one hook in IPython for all trainings
    _under_way[training] = _here()
    if _unregister is None:
        _unregister = _register_in_ipython()


def forget(training: Training) -> None:
    """Stop watching; the hook in IPython is removed with the last training."""
    global _unregister  # noqa: PLW0603
    _under_way.pop(training, None)
    if not _under_way and _unregister is not None:
        _unregister()
        _unregister = None


def _tell(
    trainings: Iterable[Any],
    error: type[BaseException] | None,
) -> None:
    # `sys.exit` leaves no trace: it was someone's decision, as Ctrl-C is.
    is_crash = error is not None and issubclass(error, Exception)
    kind: EventKind = "crashed" if is_crash else "interrupted"
    deadline = time.monotonic() + _PATIENCE
    for training in trainings:
        forget(training)
        left = max(deadline - time.monotonic(), 0.0)
        training.ended_by(kind, is_clean=error is None, timeout=left)


def _here() -> tuple[int, int]:
    return os.getpid(), threading.get_ident()


@atexit.register
def _at_exit() -> None:
    # Python leaves an exception that nobody caught there when it has shown it; from
    # 3.12 on in `last_exc`.
    last: BaseException | None = getattr(sys, "last_exc", None)
    # In a process that was forked off, the trainings are another's.
    ours = [each for each, (pid, _) in _under_way.items() if pid == os.getpid()]
    _tell(ours, type(last) if last else getattr(sys, "last_type", None))


def _register_in_ipython() -> Callable[[], None] | None:
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None:
        return None

    def after_cell(result: Any) -> None:  # noqa: ANN401
        # Without an error the cell has caught it, and the training is over, too.
        here = _here()
        error = result.error_in_exec or result.error_before_exec
        ended = [training for training, place in _under_way.items() if place == here]
        _tell(ended, type(error) if error else None)

    shell.events.register("post_run_cell", after_cell)

    def unregister() -> None:
        shell.events.unregister("post_run_cell", after_cell)

    return unregister
