"""The points that a page lets be heard one by one: all of a short run, some of a long.

A page is one file, and must stay small enough to be mailed. It holds the cues of 100
points at most, fewer where cues are long: every so many, the first, the last, the best,
and those in which something happened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from keras_sonify.page.batch import Batch
from keras_sonify.page.ruler import Ruler
from keras_sonify.score.cue import Cue, Reading
from keras_sonify.score.cue_notes import GAP_IN_PAIR
from keras_sonify.score.heard import Heard
from keras_sonify.score.style import Style
from keras_sonify.training.axis import EPOCHS
from keras_sonify.training.best import Best
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Point
from keras_sonify.words.text import readings_sentence

_MOST_CUES = 100
_MOST_SECONDS = 100.0  # of what sounds in them: silence takes next to no room
_MOST_EVENTS = 30  # among evenly spaced points; and the latest, kept besides
_LOW_RATE = 22_050  # Hz: enough for tones up to 1760 Hz and their fifth partial
_PARTIALS, _BAND = 5, 0.45  # of a sample rate that sounds may use


@dataclass(frozen=True, slots=True)
class KeptCue:
    """One point of the page.

    Attributes:
        place: Where its middle lies on the axis; see `Ruler`.
        point: The point.
        told: What its tones tell, in words.
        readings: The same as it is.
        values: What its tones tell, by metric.
        sound: Its cue, FLAC in Base64.
        windows: When each metric sounds in it: start and end in seconds.
    """

    place: float
    point: Point
    told: str
    readings: tuple[Reading, ...]
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
        self._new: dict[int, KeptCue] = {}
        self._batch = Batch()
        self._wanted: frozenset[int] = frozenset()
        self._key: tuple[Sequence[Metric], int] = ((), 1)
        self._ruler: Ruler

    def begin(self, heard: Heard) -> None:
        """Choose the points for a run so far; then `offer` its cues in their order."""
        self._batch.abandon()  # of a round that was broken off
        self._batch, self._new = Batch(), {}
        points = heard.points
        self._ruler = Ruler(points)
        # In steps, each window changes as the run grows.
        key = (heard.metrics, points.size if points.axis is EPOCHS else points.count)
        if self._key != key:  # of which old cues know nothing
            self._key, self._kept = key, {}
        pair = self._style.reference + GAP_IN_PAIR + self._style.tone
        each = len(heard.metrics) * pair
        most = min(_MOST_CUES, int(_MOST_SECONDS / max(each, 1.0))) or 1
        step = 1
        # A figure and its word are as long as a cue: few of them may have one.
        told = {points.index(place) for place, _ in heard.run.sounded}
        while len(points) > most * step or (
            sum(index % step == 0 for index in told) > _MOST_EVENTS
        ):
            step *= 2
        wanted = {*range(0, len(points), step), len(points) - 1}
        # The latest: of a run with thousands of events the end matters most.
        notable = heard.run.notable[-_MOST_EVENTS:]
        wanted.update(points.index(place) for place, _ in notable)
        wanted.update(_best_points(heard))
        self._wanted = frozenset(wanted)
        # The last window may still grow.
        last = len(points) - 1 if points.are_windows else len(points)
        self._kept = {k: c for k, c in self._kept.items() if k in wanted and k < last}

    def offer(self, index: int, point: Point, cue: Cue) -> None:
        """Keep a cue if it was chosen.

        Args:
            index: Which of the points it is of.
            point: That point.
            cue: Its cue.
        """
        if index not in self._wanted or index in self._kept or index in self._new:
            return
        windows: dict[str, tuple[float, float]] = {}
        for note in cue.notes:
            if note.metric:
                start, _ = windows.get(note.metric, (note.start, 0.0))
                windows[note.metric] = start, note.end
        self._batch.add(index, partial(self._render, cue))
        self._new[index] = KeptCue(
            place=self._ruler.middle(index),
            point=point,
            told=readings_sentence(cue),
            readings=cue.readings,
            values={reading.metric.name: reading.value for reading in cue.readings},
            sound="",
            windows=windows,
        )

    @property
    def all(self) -> dict[int, KeptCue]:
        """The kept cues by the index of their points, in that order."""
        for index, sound in self._batch.finish().items():
            self._kept[index] = replace(self._new[index], sound=sound)
        self._batch, self._new = Batch(), {}
        return {index: self._kept[index] for index in sorted(self._kept)}

    def _render(self, cue: Cue) -> str:
        # NumPy is loaded late: whoever reads a log to describe it needs none.
        from keras_sonify.sound.flac import flac_text
        from keras_sonify.sound.synth import render

        frames = render(
            cue.notes,
            sample_rate=self.sample_rate,
            channels=2,
            fade=self._style.fade,
        )
        return flac_text(frames, self.sample_rate) if len(frames) else ""


def page_rate(style: Style) -> int:
    """Return the sample rate of a page's sounds, in Hz: half the size where it will do.

    Args:
        style: Says the highest pitch and its partials.
    """
    highest = style.high_hz * (_PARTIALS if style.odd_partials else 1)
    fits = highest < _BAND * _LOW_RATE and style.sample_rate > _LOW_RATE
    return _LOW_RATE if fits else style.sample_rate


def _best_points(heard: Heard) -> set[int]:
    """Return which points hold each metric's best value."""
    best = {metric.name: Best(metric.direction) for metric in heard.metrics}
    for index, point in enumerate(heard.points):
        for name, metric_best in best.items():
            if name in point.reaches:
                for _, value in point.reaches[name].moments:
                    metric_best.update(value, index)
    return {each.at for each in best.values() if each.at is not None}
