"""Live sound through this machine's loudspeaker, from a process of its own."""

import os
import threading
from queue import Empty, SimpleQueue

from keras_sonify.live.advice import sound_advice
from keras_sonify.live.child import Answer, Child
from keras_sonify.live.play_queue import PlayQueue, QueuedPlayer, Sound
from keras_sonify.live.python import no_helper
from keras_sonify.live.speaker import CHANNELS, FRAME_BYTES, SAMPLE_RATE
from keras_sonify.score.loudness import db_to_gain

_OPENING = 5.0  # seconds that a device may take to open
_PATIENCE = 3.0  # seconds that it may be late with a cue before it counts as frozen
_SETTLING = 1.0  # seconds that a run's end may wait to learn whether sound came out
_BREATH_FRAMES = SAMPLE_RATE // 10

DEVICE_VARIABLE = "KERAS_SONIFY_DEVICE"
"""Environment variable: index or name of the device to play on."""


class SpeakerPlayer(QueuedPlayer):
    """Plays the cues of one run through the loudspeaker, as they come.

    All players of a process share one helper process with one audio stream.

    Args:
        fade: Float. Length of the fades of every note, in seconds.
        gain_db: Float. Level of all that is played. Defaults to `0.0`.

    Attributes:
        underflows: Number of cues during which the device ran dry.
    """

    queue_name = "keras-sonify-player"

    def __init__(self, fade: float, gain_db: float = 0.0) -> None:
        super().__init__()
        self.fade = fade
        self.gain_db = gain_db
        self.underflows = 0

    def close(self, timeout: float) -> None:
        """Wait a little until it is known whether sound comes out.

        The helper serves the next run, too.
        """
        queue = self.queue
        queue.wait(
            lambda: self.trouble is not None or _speaker(queue).is_open,
            min(timeout, _SETTLING),
        )

    def deliver(self, sound: Sound) -> str | None:
        """Play one cue to its end; return what went wrong, if anything did."""
        if why := no_helper():
            return sound_advice("helper", why)
        # NumPy costs 0.15 s to load: here, in the background, nobody waits for it.
        import numpy as np

        from keras_sonify.sound.synth import render

        frames = render(
            sound.notes,
            sample_rate=SAMPLE_RATE,
            channels=CHANNELS,
            fade=self.fade,
        )
        if self.gain_db:
            frames = (frames * db_to_gain(self.gain_db)).clip(-1.0, 1.0)
        # A breath, lest a cue that is next in the queue runs into this one.
        frames = np.concatenate([frames, np.zeros((_BREATH_FRAMES, CHANNELS))])
        message = frames.astype("<f4").tobytes()
        speaker = _speaker(self.queue)
        trouble = speaker.hand_over(self, message)
        if trouble == _IDLE:  # it had let the device go just as this cue came
            trouble = speaker.hand_over(self, message)
        return trouble


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
        self.child = Child("keras_sonify.live.speaker", arguments, self._hear)

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


class _Speaker:
    """A process's loudspeaker: its helper, started anew when it has let go."""

    def __init__(self, queue: PlayQueue) -> None:
        self.queue = queue
        self._helper: _Helper | None = None

    @property
    def is_open(self) -> bool:
        return self._helper is not None and self._helper.ready

    def hand_over(self, player: SpeakerPlayer, message: bytes) -> str | None:
        queue = self.queue
        helper = self._helper = self._helper or _Helper(queue.changed)
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
        with queue.changed:
            queue.changed.wait_for(
                lambda: (
                    helper.played >= target or helper.ended is not None or queue.closing
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
        return None if queue.closing else self._give_up(helper)

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
    if why := no_helper():
        return {"error": "helper", "message": why}
    answers: SimpleQueue[Answer] = SimpleQueue()
    child = Child("keras_sonify.live.speaker", ["--list"], answers.put)
    try:
        answer = answers.get(timeout=timeout)
    except Empty:
        return {"error": "frozen", "message": ""}
    finally:
        child.kill()
    return answer if "ended" not in answer else {"error": "ended", "message": ""}


_IDLE = "idle"
_current: _Speaker | None = None


def _speaker(queue: PlayQueue) -> _Speaker:
    """Return this process's loudspeaker; a forked process gets one of its own."""
    global _current  # noqa: PLW0603 - one audio stream a process, whoever plays
    if _current is None or _current.queue is not queue:
        _current = _Speaker(queue)
    return _current
