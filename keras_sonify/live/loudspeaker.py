"""This machine's loudspeaker, as the training sees it: the way to its process."""

import os
import signal
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import NoReturn

from keras_sonify.live.child import Answer, Child
from keras_sonify.live.device import FRAME_BYTES, SAMPLE_RATE
from keras_sonify.live.messages import Fields
from keras_sonify.live.play_queue import PlayQueue
from keras_sonify.live.python import no_helper
from keras_sonify.live.terminal import terminal_path
from keras_sonify.sound.lead_in import LEAD_IN_SECONDS

DEVICE_VARIABLE = "KERAS_SONIFY_DEVICE"
"""Environment variable: index or name of the device to play on."""

_OPENING = 5.0  # seconds that a device may take to open
_PATIENCE = 3.0  # seconds that it may be late with a cue before it counts as frozen
_MODULE = "keras_sonify.live.speaker"


class LoudspeakerError(Exception):
    """Why a sound was not played.

    Attributes:
        kind: What is wrong, as `sound_advice` takes it.
        detail: The library's own words.
    """

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


class _Helper:
    """The loudspeaker's process, and what it has said so far."""

    def __init__(self, changed: threading.Condition) -> None:
        self._changed = changed
        self.is_open = False
        self.sent = self.played = 0
        self.underflows = 0
        self.error: Answer | None = None
        self.ended: int | None = None
        device = os.environ.get(DEVICE_VARIABLE, "")
        arguments = [f"--device={device}"] if device else []
        self.child = Child(_MODULE, arguments, self._hear)

    def expect_one(self) -> None:
        """Forget what went wrong before the next cue."""
        self.sent += 1  # first: what is told of from now on, but happened before, too
        self.error = None

    def _hear(self, answer: Answer) -> None:
        with self._changed:
            if "ready" in answer:
                self.is_open = True
            elif "played" in answer:
                self.played += 1
                self.underflows += bool(answer["underflowed"])
            elif "error" in answer:
                # One of before the latest cue came in says nothing of that.
                if answer.get("cues", self.sent) >= self.sent:
                    self.error = answer
            elif "closed" in answer:
                self.is_open = False
            elif "ended" in answer:
                self.ended = answer["ended"]
            self._changed.notify_all()


class Loudspeaker:
    """A process's loudspeaker: one helper, started anew when it has ended.

    Args:
        queue: In whose thread it plays.
    """

    def __init__(self, queue: PlayQueue) -> None:
        self.queue = queue
        self._helper: _Helper | None = None
        self._lock = threading.RLock()
        self._runs: dict[object, tuple[Fields, bytes]] = {}  # that are under way

    @property
    def is_open(self) -> bool:
        """Whether the device plays."""
        return self._helper is not None and self._helper.is_open

    @property
    def underflows(self) -> int:
        """Number of cues during which the device ran dry."""
        return self._helper.underflows if self._helper else 0

    def open_ahead(self) -> None:
        """Open the device for a cue that is about to come.

        What goes wrong is met by that cue.
        """
        with suppress(OSError, RuntimeError):
            self._start().child.send({"open": True}, timeout=_PATIENCE)

    def play(self, samples: bytes) -> bool:
        """Play a cue to its end.

        Returns:
            Whether it was. At the end of a script it is handed over only.

        Raises:
            LoudspeakerError: If it cannot be played.
        """
        helper, queue = self._start(), self.queue
        target, was_open = helper.played + 1, helper.is_open
        helper.expect_one()
        patience = len(samples) / FRAME_BYTES / SAMPLE_RATE + _PATIENCE
        if not helper.is_open:
            patience += _OPENING + LEAD_IN_SECONDS
        try:
            helper.child.send({"cue": True}, samples, timeout=patience)
        except TimeoutError:
            self._give_up(helper)
        except OSError:
            pass  # it has ended: what it says about that is on the way
        with queue.changed:
            queue.changed.wait_for(
                lambda: (
                    helper.played >= target
                    or helper.error is not None
                    or helper.ended is not None
                    or queue.closing
                ),
                patience,
            )
        if helper.played >= target:
            return True
        if helper.error is not None:
            is_lost = helper.is_open or was_open
            helper.is_open = False
            kind = helper.error["error"]
            if is_lost and kind in ("device", "none"):
                kind = "lost"
            raise LoudspeakerError(kind, helper.error["message"])
        if helper.ended is not None:
            self._let_go()
            if helper.ended == -signal.SIGTERM:
                raise LoudspeakerError("muted")
            self._start_watching()
            raise LoudspeakerError("ended", f"exit status {helper.ended}")
        if not queue.closing:
            self._give_up(helper)
        return False

    def introduce(self, fields: Fields, payload: bytes) -> None:
        """Have the helper know of a run that is under way; see `Way`.

        Args:
            fields: What the run says.
            payload: What sounds if it dies, then what sounds if it hangs.
        """
        with self._lock:
            fields = {**fields, "terminal": terminal_path()}
            self._runs[fields["begin"]] = fields, payload
            if (helper := self._helper) is not None:
                helper.child.send(fields, payload, timeout=_PATIENCE)
            self._start()

    def pass_on(self, fields: Fields, timeout: float = 0.0) -> None:
        """Tell it what a run says, if it takes that in time."""
        if (helper := self._helper) is not None:
            helper.child.tell(fields, timeout)

    def dismiss(self, fields: Fields, timeout: float) -> None:
        """Tell it that a run has ended; the next one will not know it."""
        with self._lock:
            self._runs.pop(fields["done"], None)
            self.pass_on(fields, timeout)

    def _start(self) -> _Helper:
        """Return the helper; a new one is told of all runs that are under way."""
        with self._lock:
            if self._helper is None:
                self._helper = _Helper(self.queue.changed)
                with suppress(OSError):  # it has ended: the next one will know
                    for fields, payload in self._runs.values():
                        child = self._helper.child
                        child.send(fields, payload, timeout=_PATIENCE)
            return self._helper

    def _give_up(self, helper: _Helper) -> NoReturn:
        helper.child.kill()
        self._let_go()
        self._start_watching()
        raise LoudspeakerError("frozen")

    def _let_go(self) -> None:
        if self._helper is not None:
            self._helper.child.close()
            self._helper = None

    def _start_watching(self) -> None:
        """Start a helper again, though it may not play, if a run may die."""
        if self._runs and not self.queue.closing:
            with suppress(OSError, RuntimeError):
                self._start()


def list_devices(timeout: float = _OPENING) -> Answer:
    """Ask the loudspeaker's process for the devices that can play.

    Returns:
        `{"devices": [...]}`, or `{"error": ..., "message": ...}`.
    """
    if why := no_helper():
        return {"error": "helper", "message": why}
    answers: SimpleQueue[Answer] = SimpleQueue()
    child = Child(_MODULE, ["--list"], answers.put)
    try:
        answer = answers.get(timeout=timeout)
    except Empty:
        return {"error": "frozen", "message": ""}
    finally:
        child.kill()
    return answer if "ended" not in answer else {"error": "ended", "message": ""}


_current: Loudspeaker | None = None


def loudspeaker(queue: PlayQueue) -> Loudspeaker:
    """Return this process's loudspeaker; a forked process gets one of its own."""
    global _current  # noqa: PLW0603 - one audio stream a process, whoever plays
    if _current is None or _current.queue is not queue:
        _current = Loudspeaker(queue)
    return _current
