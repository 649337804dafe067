"""Whether the `fit` that a training runs in is still under way.

Keras tells nobody when `fit` is left by an exception, which somebody may catch. But
the frame of `fit` has then gone from its thread's stack. It is known by its number
alone: to hold it would keep the model alive.
"""

import sys
import threading
import weakref
from collections.abc import Iterator
from types import FrameType
from typing import Any

_KERAS = ("keras", "tf_keras")


class Fit:
    """The `fit` that calls right now, if Keras's own is anywhere up the stack.

    Attributes:
        thread: In which it runs.
        frame_number: By which its frame is known; `None` if Keras has none there, as in
            a loop of the user's own.
        is_outlived: Whether a training that began later in its thread has ended well.
    """

    def __init__(self) -> None:
        self.thread = threading.current_thread()
        self.is_outlived = False
        self._ident = threading.get_ident()
        self.frame_number: int | None = None
        self._owner: weakref.ref[Any] | None = None
        for frame in _frames(sys._getframe()):  # noqa: SLF001 - CPython's way
            if frame.f_code.co_name.startswith("on_") and _is_keras(frame):
                # A later `fit` may get the same number, but has a list of its own.
                self._owner = weakref.ref(frame.f_locals["self"])
            if frame.f_code.co_name == "fit" and _is_keras(frame):
                self.frame_number = id(frame)
                break

    @property
    def is_in_main_thread(self) -> bool:
        """Whether it runs in the main thread."""
        return self.thread is threading.main_thread()

    @property
    def is_over(self) -> bool:
        """Whether it has been left, or its thread has ended; in doubt it has not."""
        top = sys._current_frames().get(self._ident)  # noqa: SLF001 - CPython's way
        if top is None or not self.thread.is_alive():
            return True
        return self.frame_number is not None and self.frame_number not in map(
            id, _frames(top)
        )

    def was_before(self, now: "Fit") -> bool:
        """Whether it has been left in a thread in which another begins now."""
        if self.thread is not now.thread:
            return False
        is_reused = (
            self.frame_number is not None and self.frame_number == now.frame_number
        )
        return self.is_over or (is_reused and self.callbacks is not now.callbacks)

    @property
    def callbacks(self) -> object:
        """The list of callbacks that it calls, as long as there is one."""
        return self._owner() if self._owner is not None else None


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    """Yield a frame, its caller, and so on."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def _is_keras(frame: FrameType) -> bool:
    module: str = frame.f_globals.get("__name__", "")
    return module.partition(".")[0] in _KERAS
