"""The note: what sounds when.

Notes are the middle language. Everything before them is plain floats, everything
after them arrays; the loudspeaker and the files are rendered from the same notes.
"""

import math
from dataclasses import dataclass
from typing import Literal

from keras_sonify.training.events import EventKind

Timbre = Literal["pure", "full", "odd", "noise", "voice"]
Kind = Literal["tone", "reference", "nan", "tick", "test", "word"] | EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One sound of a score. Times are seconds from the start of its file or cue.

    Attributes:
        start: When it begins, in seconds.
        duration: How long it lasts, fades included, in seconds.
        frequency_hz: Pitch in Hz; NaN for noise and words, which have none.
        amplitude: Peak of the cosine, without partials, re full scale, 0 to 1; for
            noise that of a cosine of the same power, for a word that of one of 1 kHz
            that is as loud.
        kind: What it means.
        timbre: `"pure"` (a bare cosine), `"full"` (with partials where it is low),
            `"odd"` (the same with a weak third and fifth besides; see `partials_of`),
            `"noise"`, or `"voice"`: a spoken word.
        pan: Place from -1 (left) to 1 (right). Mono files have no use for it.
        epoch: Zero-based epoch, as `on_epoch_end` counts; `None` for an earcon
            that belongs to no epoch.
        step: How many steps had been done, in a run told in steps.
        metric: Key in `logs`; empty for an earcon.
        value: The value that sounds; NaN where there is none.
        flutter: How deep its amplitude swings, from 0 (it is steady) to 1.
        text: What an earcon tells, in words; goes with its first note.
        word: What is spoken; empty but for a word.
    """

    start: float
    duration: float
    frequency_hz: float
    amplitude: float
    kind: Kind = "tone"
    timbre: Timbre = "pure"
    pan: float = 0.0
    epoch: int | None = None
    step: int | None = None
    metric: str = ""
    value: float = math.nan
    flutter: float = 0.0
    text: str = ""
    word: str = ""

    @property
    def gain_db(self) -> float:
        """Peak level re full scale, in dBFS."""
        return 20.0 * math.log10(self.amplitude) if self.amplitude > 0 else -math.inf

    @property
    def end(self) -> float:
        """When it is over, in seconds."""
        return self.start + self.duration
