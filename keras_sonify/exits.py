"""What is still done when this process ends, whichever way it ends.

Python calls `atexit` at a normal end. A process that `multiprocessing` forked ends
without it, and SIGTERM (`docker stop`, SLURM, `kill`) ends one without anything. What
is to be done is the same each time, and is done once.
"""

import atexit
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import IntEnum
from pathlib import Path
from types import FrameType
from typing import Any

_LONGEST_END = 5.0  # seconds; `docker stop` kills after ten
_LONGEST_HOLD = 2.0  # seconds for which SIGTERM holds up what it interrupts

Error = type[BaseException] | None
"""What ended the process; `None` if nothing is known to have gone wrong."""


class TerminatedError(Exception):
    """What SIGTERM counts as."""


class Turn(IntEnum):
    """What is done first, and what later."""

    SOUNDS = 0
    """What waits to be heard is handed over."""
    TELL = 1
    """It is told how trainings ended."""
    FILES = 2
    """Files are completed."""


_calls: dict[Callable[[Error], object], Turn] = {}
_lock = threading.RLock()
_hooked_pid = 0
_catching_pid = 0
_is_terminating = False


def at_exit(call: Callable[[Error], object], turn: Turn) -> None:
    """Have something done when this process ends; asked for again, it is done once.

    A process that is forked off does not inherit it.

    Args:
        call: Called with what ended the process.
        turn: When.
    """
    global _hooked_pid  # noqa: PLW0603 - a process has one end
    _calls[call] = turn
    if _hooked_pid != os.getpid():
        _hooked_pid = os.getpid()
        atexit.register(_at_exit)
        processes = _processes()
        if processes is not None and processes.parent_process() is not None:
            from multiprocessing.util import Finalize

            # Before it waits for its own children.
            Finalize(None, _at_process_end, exitpriority=0)


def may_be_killed() -> bool:
    """Whether others end this process when its work is done, as a pool does."""
    processes = _processes()
    return processes is not None and bool(processes.current_process().daemon)


def _processes() -> Any:  # noqa: ANN401 - a module
    """Return `multiprocessing`, which one of its own processes has always loaded."""
    return sys.modules.get("multiprocessing.process")


def _do_all(error: Error) -> None:
    with _lock:
        while _calls:
            call = min(_calls, key=_calls.__getitem__)
            del _calls[call]
            with suppress(Exception):  # one must not keep the others from it
                call(error)


def _at_exit() -> None:
    # Python leaves an exception that nobody caught there when it has shown it; from
    # 3.12 on in `last_exc`.
    last: BaseException | None = getattr(sys, "last_exc", None)
    _do_all(type(last) if last else getattr(sys, "last_type", None))


def _at_process_end() -> None:
    """Be called where a process of `multiprocessing` has just returned, or raised."""
    error = sys.exception()
    _do_all(type(error) if error else None)


def catch_sigterm() -> None:
    """Have SIGTERM do first what is done at an exit, until `leave_sigterm` is called.

    The process still dies of it, at the latest after some seconds, and a second one
    kills at once. Nothing is done where anybody has a handler of their own, or in
    another thread than the main one, which Python does not allow.
    """
    global _catching_pid  # noqa: PLW0603 - a process has one handler
    if threading.current_thread() is not threading.main_thread():
        return
    with suppress(Exception):  # in a Python within Python, say
        if signal.getsignal(signal.SIGTERM) is not _on_sigterm:
            if not _is_default():
                return
            signal.signal(signal.SIGTERM, _on_sigterm)
        _catching_pid = os.getpid()


def leave_sigterm() -> None:
    """Leave SIGTERM to the system again, unless it has been taken by others."""
    if threading.current_thread() is threading.main_thread():
        with suppress(Exception):
            if signal.getsignal(signal.SIGTERM) is _on_sigterm:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)


def is_terminating() -> bool:
    """Whether SIGTERM has come: what is done at an exit is under way."""
    return _is_terminating


def _is_default() -> bool:
    """Whether nobody catches SIGTERM, also no library that Python knows nothing of."""
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        return False
    try:
        status = Path("/proc/self/status").read_bytes()
    except OSError:
        return True
    caught = status.partition(b"SigCgt:")[2].split()
    return not (caught and int(caught[0], 16) >> (signal.SIGTERM - 1) & 1)


def _on_sigterm(number: int, _: FrameType | None) -> None:
    """Begin the end, and wait; not for ever, for what waits here may hold a lock."""
    global _is_terminating  # noqa: PLW0603 - a process has one end
    signal.signal(number, signal.SIG_DFL)
    # In a process that was forked off, a data loader's say, it is only what it was.
    if _catching_pid == os.getpid() and _calls:
        _is_terminating = True
        end = threading.Thread(target=_terminate, args=(number,), daemon=True)
        with suppress(RuntimeError):  # no thread to be had
            end.start()
            end.join(_LONGEST_HOLD)
            return
    os.kill(os.getpid(), number)


def _terminate(number: int) -> None:
    with suppress(RuntimeError):
        end = threading.Thread(target=_do_all, args=(TerminatedError,), daemon=True)
        end.start()
        end.join(_LONGEST_END)
    os.kill(os.getpid(), number)


def _forget() -> None:
    """Be a new process: what its parent has to do is not for it."""
    global _lock, _is_terminating
    _lock, _is_terminating = threading.RLock(), False
    _calls.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
