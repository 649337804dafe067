"""Live sound in a page, wherever it is open: rendered here, only played there."""

import math
import time
from collections.abc import Sequence
from functools import partial
from typing import Any, Protocol

from keras_sonify.live.messages import Fields
from keras_sonify.live.play_queue import Sound
from keras_sonify.live.queued_player import QueuedPlayer
from keras_sonify.live.screen import Screen
from keras_sonify.live.watch import Watch, Watched, Way
from keras_sonify.page.board import Board, Pictured
from keras_sonify.page.cues import page_rate
from keras_sonify.page.greeting import Greeting
from keras_sonify.score.cue import Cue
from keras_sonify.score.first_sight import WORDS, first_sight
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.loudness import db_to_gain
from keras_sonify.score.note import Note
from keras_sonify.sound.lead_in import LEAD_IN_SECONDS
from keras_sonify.training.events import EVENTS
from keras_sonify.training.record import Record, Snapshot
from keras_sonify.words.short import short_sentence

_CHANNELS = 2
_BREATH = 0.1  # seconds between a cue and one that is next in the queue
_OPEN = 25.0  # seconds of silence after which a page begins with a lead-in: `sound.js`
_CLOSING = 1.0  # seconds that the last picture may take


class Outlet(Protocol):
    """The way to a page.

    Attributes:
        trouble: Why nothing gets there, in a sentence; `None` if it does.
        may_pass: Whether that may pass: then the next cue tries again.
    """

    trouble: str | None

    @property
    def may_pass(self) -> bool:
        """Whether trouble may pass."""

    def show(self, state: Pictured, run: Snapshot, hearing: Hearing) -> None:
        """Replace what the page shows, and have it keep the run."""

    def greet(self, greeting: Greeting) -> None:
        """Let this be heard first by whoever enables sound."""

    def cue(self, cue: dict[str, Any]) -> None:
        """Let a cue be heard now, and told.

        Args:
            cue: `said` in words, and `short` in a few; `sound`, FLAC in Base64, empty
                where there are words only; `events`, the kinds of what happened;
                `urgent`, whether one of them is an alarm; `keep`, whether it must be
                heard even if something newer comes.
        """

    def leave(self, run: Snapshot, hearing: Hearing) -> None:
        """Leave a plain player where the page was, if that is a place to leave it."""


class PagePlayer(QueuedPlayer):
    """Plays the cues of one run in a page, and shows its curves there.

    The page plays what was rendered here, and synthesises nothing.

    Args:
        outlet: The way to the page.
        record: The run.
        hearing: How it is heard.
        gain_db: Float. Level of all that is played. Defaults to `0.0`.
    """

    queue_name = "keras-sonify-page"
    tells_words = True

    def __init__(
        self,
        outlet: Outlet,
        record: Record,
        hearing: Hearing,
        *,
        gain_db: float = 0.0,
    ) -> None:
        super().__init__()
        self._outlet = outlet
        self.trouble = self._fault()
        self._record = record
        self._hearing = hearing
        self._style = hearing.style
        self._gain = db_to_gain(gain_db)
        self._sounds_until = -math.inf
        show = partial(outlet.show, hearing=hearing)
        self._screen = Screen(record, Board(hearing), show, self._greet)
        self._screen.begin()

    def watch_over(self, watched: Watched, way: Way) -> None:
        """Have the page's process watch over the run.

        Args:
            watched: The run, and what sounds if it dies or hangs.
            way: The way to that process.
        """
        give = partial(self._give, watched)
        self.watch = Watch(watched.record, way, give)

    def _greet(self) -> None:
        sound = self._flac(first_sight(self._style, words=self._hearing.words))
        other = self._record.against
        held = "" if other is None else f" Held against {other.name}."
        said = f"{', '.join(WORDS).capitalize()}.{held}"
        self._outlet.greet(Greeting(said=said, sound=sound))

    def _give(self, watched: Watched) -> tuple[Fields, bytes]:
        sounds = {"died": watched.died, "stalled": watched.stalled}
        return {
            "sounds": {name: self._flac(each) for name, each in sounds.items()}
        }, b""

    def epoch(self, cue: Cue, sentence: str, *, play: bool, short: str = "") -> None:
        """Show an epoch, also one that does not sound, and queue its cue."""
        short = short_sentence(cue.at, cue.readings, cue.happened)
        self._screen.show(cue, sentence, is_past=not play)
        super().epoch(cue, sentence, play=play, short=short)

    def close(self, timeout: float) -> None:
        """Show the run's end, and leave a player behind where there is a place."""
        self.end_watch()
        self._screen.close(min(timeout, _CLOSING))
        self._outlet.leave(self._record.snapshot(), self._hearing)

    def deliver(self, sound: Sound) -> str | None:
        """Send one cue, and wait as long as it lasts; return what went wrong."""
        if not sound.notes:
            self._send(sound)
            return self._fault()
        self._send(sound, self._flac(sound.notes))
        self.played += 1
        seconds = max(note.start + note.duration for note in sound.notes)
        now = time.monotonic()
        if now > self._sounds_until + _OPEN:
            seconds += LEAD_IN_SECONDS
        self._sounds_until = now + seconds
        queue = self.queue
        with queue.changed:
            queue.changed.wait_for(lambda: queue.closing, seconds + _BREATH)
        return self._fault()

    def _fault(self) -> str | None:
        """Return what went wrong, and note whether it may pass."""
        self.tries_again = self._outlet.may_pass
        return self._outlet.trouble

    def _flac(self, notes: Sequence[Note]) -> str:
        """Return what the page plays; empty for nothing."""
        if not notes:
            return ""
        # NumPy costs 0.15 s to load: here, in the background, nobody waits for it.
        from keras_sonify.sound.flac import flac_text
        from keras_sonify.sound.synth import render

        rate = page_rate(self._style)
        frames = render(
            notes, sample_rate=rate, channels=_CHANNELS, fade=self._style.fade
        )
        return flac_text(self._gain * frames, rate)

    def _send(self, sound: Sound, flac: str = "") -> None:
        self._outlet.cue(
            {
                "said": sound.said,
                "short": sound.short or sound.said,
                "sound": flac,
                "events": list(sound.events),
                "urgent": any(EVENTS[kind].is_alarm for kind in sound.events),
                "keep": sound.keep,
            }
        )
