"""Live sound, at the training's end: a bounded queue to the loudspeaker's process."""

import atexit
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

from keras_sonify.advice import sound_advice
from keras_sonify.child import Answer, Child
from keras_sonify.score import Note
from keras_sonify.speaker import CHANNELS, FRAME_BYTES, SAMPLE_RATE

_LONGEST_QUEUE = 8  # cues and earcons waiting; of ordinary cues never more than one
_OPENING = 5.0  # seconds that a device may take to open
_PATIENCE = 3.0  # seconds that it may be late with a cue before it counts as frozen
_BREATH_FRAMES = SAMPLE_RATE // 10
_EXIT_WAIT = 1.5  # seconds that a script's end may wait for cues to be handed over

DEVICE_VARIABLE = "KERAS_SONIFY_DEVICE"
"""Environment variable: index or name of the device to play on."""


class SpeakerPlayer:
    """Plays the cues of one run through the loudspeaker, as they come.

    All players of a process share one helper process with one audio stream. If epochs
    come faster than a cue lasts, the newest cue wins.

    Args:
        fade: Float. Length of the fades of every note, in seconds.
        gain_db: Float. Level of all that is played. Defaults to `0.0`.

    Attributes:
        trouble: What keeps the run silent, in a sentence; `None` if nothing does.
        played: Number of cues and earcons that were played.
        dropped: Number of cues that a newer one replaced.
        underflows: Number of cues during which the device ran dry.
    """

    def __init__(self, fade: float, gain_db: float = 0.0) -> None:
        self.fade = fade
        self.gain_db = gain_db
        self.trouble: str | None = None
        self.played = 0
        self.dropped = 0
        self.underflows = 0

    def play(self, notes: Sequence[Note], *, keep: bool = False) -> None:
        """Queue a cue and return at once.

        Args:
            notes: What to play.
            keep: Boolean. Whether it must be heard even if something newer comes.
                Defaults to `False`.
        """
        if notes and self.trouble is None:
            _line().put(self, tuple(notes), keep=keep)

    def settle(self, timeout: float) -> None:
        """Wait at most `timeout` seconds until it is known whether sound comes out."""
        line = _line()
        line.wait(lambda: self.trouble is not None or line.is_open, timeout)

    def drain(self, timeout: float) -> None:
        """Wait at most `timeout` seconds until all that was queued has been played."""
        line = _line()
        line.wait(lambda: self.trouble is not None or line.is_idle, timeout)


class _Helper:
    """The loudspeaker's process, and what it has said so far."""

    def __init__(self, changed: threading.Condition) -> None:
        self._changed = changed
        self.ready = False
        self.played = 0
        self.underflows = 0
        self.error: Answer | None = None
        self.ended: int | None = None
        device = os.environ.get(DEVICE_VARIABLE, "")
        arguments = [f"--device={device}"] if device else []
        self.child = Child("keras_sonify.speaker", arguments, self._hear)

    def _hear(self, answer: Answer) -> None:
        with self._changed:
            if "ready" in answer:
                self.ready = True
            elif "played" in answer:
                self.played += 1
                self.underflows += bool(answer["underflowed"])
            elif "error" in answer:
                self.error = answer
            elif "ended" in answer:
                self.ended = answer["ended"]
            self._changed.notify_all()


class _Line:
    """A process's line to its loudspeaker: the queue, a worker, the helper."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._queue: deque[tuple[SpeakerPlayer, tuple[Note, ...], bool]] = deque()
        self._changed = threading.Condition()
        self._worker: threading.Thread | None = None
        self._helper: _Helper | None = None
        self._busy = False
        self._closing = False
        atexit.register(self.close)

    @property
    def is_open(self) -> bool:
        return self._helper is not None and self._helper.ready

    @property
    def is_idle(self) -> bool:
        return not self._queue and not self._busy

    def put(
        self, player: SpeakerPlayer, notes: tuple[Note, ...], *, keep: bool
    ) -> None:
        with self._changed:
            if not keep:
                for waiting in [item for item in self._queue if not item[2]]:
                    self._queue.remove(waiting)
                    waiting[0].dropped += 1
            if len(self._queue) >= _LONGEST_QUEUE:
                self._queue.popleft()[0].dropped += 1
            self._queue.append((player, notes, keep))
            if self._worker is None:
                self._worker = threading.Thread(
                    target=self._work,
                    name="keras-sonify-player",
                    daemon=True,
                )
                self._worker.start()
            self._changed.notify_all()
            if self._closing:  # how a training ended is told after `close`
                self._wait_handed_over()

    def wait(self, until: Callable[[], bool], timeout: float) -> None:
        with self._changed:
            if self._worker is not None:
                self._changed.wait_for(until, timeout)

    def close(self) -> None:
        """Hand over what is waiting, at the end of the script; the helper plays on."""
        if self.pid != os.getpid() or self._worker is None:
            return
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            self._wait_handed_over()

    def _wait_handed_over(self) -> None:
        self._changed.wait_for(lambda: self.is_idle, _EXIT_WAIT)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._queue)
                player, notes, _ = self._queue.popleft()
                self._busy = True
            if player.trouble is None:
                try:
                    trouble = self._play(player, notes)
                except Exception as error:  # noqa: BLE001 - told, never raised
                    trouble = f"No live sound: {error}"
                if trouble:
                    with self._changed:
                        player.trouble = trouble

    def _play(self, player: SpeakerPlayer, notes: tuple[Note, ...]) -> str | None:
        """Play one cue to its end; return what went wrong, if anything did."""
        # NumPy costs 0.15 s to load: here, in the background, nobody waits for it.
        import numpy as np

        from keras_sonify.synth import render

        frames = render(
            notes,
            sample_rate=SAMPLE_RATE,
            channels=CHANNELS,
            fade=player.fade,
        )
        if player.gain_db:
            frames = (frames * 10.0 ** (player.gain_db / 20.0)).clip(-1.0, 1.0)
        # A breath, lest a cue that is next in the queue runs into this one.
        frames = np.concatenate([frames, np.zeros((_BREATH_FRAMES, CHANNELS))])
        message = frames.astype("<f4").tobytes()
        trouble = self._hand_over(player, message)
        if trouble == _IDLE:  # it had let the device go just as this cue came
            trouble = self._hand_over(player, message)
        return trouble

    def _hand_over(self, player: SpeakerPlayer, message: bytes) -> str | None:
        helper = self._helper = self._helper or _Helper(self._changed)
        target = helper.played + 1
        underflows = helper.underflows
        patience = len(message) / FRAME_BYTES / SAMPLE_RATE + _PATIENCE
        if not helper.ready:
            patience += _OPENING
        try:
            helper.child.send(message, patience)
        except TimeoutError:
            return self._give_up(helper)
        except BrokenPipeError:
            pass  # it has ended: what it says about that is on the way
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    helper.played >= target or helper.ended is not None or self._closing
                ),
                patience,
            )
        if helper.played >= target:
            player.played += 1
            player.underflows += helper.underflows - underflows
            return None
        if helper.ended is not None:
            self._let_go()
            if helper.error is not None:
                kind = helper.error["error"]
                is_lost = kind == "device" and helper.ready
                return sound_advice(
                    "lost" if is_lost else kind, helper.error["message"]
                )
            if helper.ended == 0:
                return _IDLE
            return sound_advice("ended", f"exit status {helper.ended}")
        return None if self._closing else self._give_up(helper)

    def _give_up(self, helper: _Helper) -> str:
        helper.child.kill()
        self._let_go()
        return sound_advice("frozen")

    def _let_go(self) -> None:
        if self._helper is not None:
            self._helper.child.close()
            self._helper = None


def list_devices(timeout: float = _OPENING) -> Answer:
    """Ask the loudspeaker's process for the devices that can play.

    Returns:
        `{"devices": [...]}`, or `{"error": ..., "message": ...}`.
    """
    answers: SimpleQueue[Answer] = SimpleQueue()
    child = Child("keras_sonify.speaker", ["--list"], answers.put)
    try:
        answer = answers.get(timeout=timeout)
    except Empty:
        return {"error": "frozen", "message": ""}
    finally:
        child.kill()
    return answer if "ended" not in answer else {"error": "ended", "message": ""}


_IDLE = "idle"
_current: _Line | None = None


def _line() -> _Line:
    """Return this process's line; a forked process gets one of its own."""
    global _current  # noqa: PLW0603 - one audio stream a process, whoever plays
    if _current is None or _current.pid != os.getpid():
        _current = _Line()
    return _current
