"""Live sound through this machine's loudspeaker: rendered here, played elsewhere."""

from collections.abc import Sequence
from functools import partial

from keras_sonify.live.advice import sound_advice
from keras_sonify.live.device import CHANNELS, SAMPLE_RATE
from keras_sonify.live.loudspeaker import LoudspeakerError, loudspeaker
from keras_sonify.live.messages import Fields
from keras_sonify.live.play_queue import Sound
from keras_sonify.live.python import no_helper
from keras_sonify.live.queued_player import QueuedPlayer
from keras_sonify.live.watch import Watch, Watched
from keras_sonify.score.loudness import db_to_gain
from keras_sonify.score.note import Note

_SETTLING = 1.0  # seconds that a run's end may wait to learn whether sound came out
_BREATH_FRAMES = SAMPLE_RATE // 10
# Trouble that does not pass by itself: what is not installed, what the user chose.
_FINAL = {"portaudio", "module", "choice", "helper", "muted"}


class SpeakerPlayer(QueuedPlayer):
    """Plays the cues of one run through the loudspeaker, as they come.

    All players of a process share one helper process with one audio stream.

    Args:
        fade: Float. Length of the fades of every note, in seconds.
        gain_db: Float. Level of all that is played. Defaults to `0.0`.
        watched: The run and what sounds if it dies or hangs, where the helper is to
            watch over it. Defaults to `None`.

    Attributes:
        underflows: Number of cues during which the device ran dry.
    """

    queue_name = "keras-sonify-player"
    tries_again = True

    def __init__(
        self, fade: float, gain_db: float = 0.0, watched: Watched | None = None
    ) -> None:
        super().__init__()
        self.fade = fade
        self.gain_db = gain_db
        self.underflows = 0
        if watched is not None:
            give = partial(self._give, watched)
            self.watch = Watch(watched.record, loudspeaker(self.queue), give)

    def close(self, timeout: float) -> None:
        """Wait a little until it is known whether sound comes out.

        The helper serves the next run, too.
        """
        self.end_watch()
        queue = self.queue
        helper = loudspeaker(queue)
        queue.wait(
            lambda: self.trouble is not None or helper.is_open or queue.is_idle,
            min(timeout, _SETTLING),
        )

    def deliver(self, sound: Sound) -> str | None:
        """Play one cue to its end; return what went wrong, if anything did."""
        if why := no_helper():
            return self._fail("helper", why)
        helper = loudspeaker(self.queue)
        dry = helper.underflows
        try:
            was_played = helper.play(self._render(sound.notes))
        except LoudspeakerError as error:
            return self._fail(error.kind, error.detail)
        self.played += was_played
        self.underflows += helper.underflows - dry
        return None

    def _give(self, watched: Watched) -> tuple[Fields, bytes]:
        died, stalled = self._render(watched.died), self._render(watched.stalled)
        return {"died_bytes": len(died)}, died + stalled

    def _render(self, notes: Sequence[Note]) -> bytes:
        """Return what the helper plays."""
        if not notes:
            return b""
        # NumPy costs 0.15 s to load: here, in the background, nobody waits for it.
        import numpy as np

        from keras_sonify.sound.synth import render

        frames = render(
            notes, sample_rate=SAMPLE_RATE, channels=CHANNELS, fade=self.fade
        )
        if self.gain_db:
            frames = (frames * db_to_gain(self.gain_db)).clip(-1.0, 1.0)
        # A breath, lest a cue that is next in the queue runs into this one.
        frames = np.concatenate([frames, np.zeros((_BREATH_FRAMES, CHANNELS))])
        return frames.astype("<f4").tobytes()

    def _fail(self, kind: str, detail: str) -> str:
        """Return what went wrong in words, and give up if it cannot pass."""
        # What has once worked may work again: a device that was chosen by its name
        # is not to be found while it is unplugged.
        has_worked = self.played > 0 and kind == "choice"
        self.tries_again = kind not in _FINAL or has_worked
        return sound_advice(kind, detail)


def open_ahead() -> None:
    """Open the device for a cue that is about to come, whose lead-in begins now."""
    player = SpeakerPlayer(fade=0.0)  # whichever: all share one device
    loudspeaker(player.queue).open_ahead()
