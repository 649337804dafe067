"""The epochs that a page lets be heard one by one: all of a short run, some of a long.

A page is one file, and must stay small enough to be mailed. It holds the cues of 100
epochs at most, fewer where cues are long: every so many epochs, the first, the last,
the best, and those in which something happened.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keras_sonify.score.composer import Cue
from keras_sonify.score.style import Style
from keras_sonify.training.metrics import Metric
from keras_sonify.training.record import Snapshot
from keras_sonify.words.text import readings_sentence

_MOST_CUES, _MOST_SECONDS = 100, 125.0
_GAPS = 0.08  # seconds between the tones of a metric and before the next one
_MOST_EVENTS = 30  # whose epochs are kept besides
_LOW_RATE = 22_050  # Hz: enough for tones up to 1760 Hz and their fifth partial
_PARTIALS, _BAND = 5, 0.45  # of a sample rate that sounds may use


@dataclass(frozen=True, slots=True)
class KeptCue:
    """One epoch of the page.

    Attributes:
        place: Its place in the run.
        epoch: Zero-based epoch.
        told: What its tones tell, in words.
        values: What its tones tell, by metric.
        sound: Its cue, FLAC in Base64.
        windows: When each metric sounds in it: start and end in seconds.
    """

    place: int
    epoch: int
    told: str
    values: Mapping[str, float]
    sound: str
    windows: Mapping[str, tuple[float, float]]


class KeptCues:
    """The cues of a page, rendered once each: a cue does not change any more.

    Args:
        style: How they sound.
    """

    def __init__(self, style: Style) -> None:
        self._style = style
        self.sample_rate = page_rate(style)
        self._kept: dict[int, KeptCue] = {}
        self._wanted: frozenset[int] = frozenset()
        self._metrics: Sequence[Metric] = ()

    def begin(self, snapshot: Snapshot) -> None:
        """Choose the epochs for a run so far; then `offer` its cues in their order."""
        if self._metrics != snapshot.valued:  # of which old cues know nothing
            self._metrics, self._kept = snapshot.valued, {}
        each = len(self._metrics) * (self._style.reference + self._style.tone + _GAPS)
        most = min(_MOST_CUES, int(_MOST_SECONDS / max(each, 1.0))) or 1
        step = 1
        while snapshot.count > most * step:
            step *= 2
        wanted = set(range(0, snapshot.count, step)) | {snapshot.count - 1}
        # The latest: of a run with thousands of events the end matters most.
        wanted.update(place for place, _ in snapshot.notable[-_MOST_EVENTS:])
        wanted.update(_best_places(snapshot))
        self._wanted = frozenset(wanted)
        self._kept = {p: cue for p, cue in self._kept.items() if p in wanted}

    def offer(self, place: int, cue: Cue) -> None:
        """Keep a cue if it was chosen."""
        if place not in self._wanted or place in self._kept:
            return
        # NumPy is loaded late: whoever reads a log to describe it needs none.
        from keras_sonify.sound.flac import flac_text
        from keras_sonify.sound.synth import render

        frames = render(
            cue.notes,
            sample_rate=self.sample_rate,
            channels=2,
            fade=self._style.fade,
        )
        windows: dict[str, tuple[float, float]] = {}
        for note in cue.notes:
            if note.metric:
                start, _ = windows.get(note.metric, (note.start, 0.0))
                windows[note.metric] = start, note.end
        self._kept[place] = KeptCue(
            place=place,
            epoch=cue.epoch,
            told=readings_sentence(cue),
            values={reading.metric.name: reading.value for reading in cue.readings},
            sound=flac_text(frames, self.sample_rate) if len(frames) else "",
            windows=windows,
        )

    @property
    def all(self) -> list[KeptCue]:
        """The kept cues, by place."""
        return [self._kept[place] for place in sorted(self._kept)]


def page_rate(style: Style) -> int:
    """Return the sample rate of a page's sounds, in Hz: half the size where it will do.

    Args:
        style: Says the highest pitch and its partials.
    """
    highest = style.high_hz * (_PARTIALS if style.odd_partials else 1)
    fits = highest < _BAND * _LOW_RATE and style.sample_rate > _LOW_RATE
    return _LOW_RATE if fits else style.sample_rate


def _best_places(snapshot: Snapshot) -> set[int]:
    """Return where each metric was best."""
    best: dict[str, tuple[float, int]] = {}
    sides = {
        m.name: 1.0 if m.direction == "min" else -1.0
        for m in snapshot.metrics
        if m.direction is not None
    }
    for place, (_, values) in enumerate(snapshot.history.rows(snapshot.count)):
        for name, side in sides.items():
            value = side * values.get(name, math.nan)
            if math.isfinite(value) and value < best.get(name, (math.inf, 0))[0]:
                best[name] = value, place
    return {place for _, place in best.values()}
