"""A run as it is heard: what its files, its page and its picture are all made of."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from keras_sonify.score.composer import Composer
from keras_sonify.score.cue import Cue
from keras_sonify.score.grid import Grid, lay_out, most_windows
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.held import Holder
from keras_sonify.score.note import Note
from keras_sonify.score.parts import summary_parts
from keras_sonify.score.ranges import Ranges, values_in
from keras_sonify.score.scaling import Span
from keras_sonify.score.summary import frames_of, summary_notes
from keras_sonify.score.tones import metric_notes, slot_frames
from keras_sonify.training.axis import STEPS
from keras_sonify.training.events import Event, by_importance
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Point
from keras_sonify.training.record import Placed, Snapshot
from keras_sonify.training.run_points import Points


def replay(snapshot: Snapshot, hearing: Hearing) -> "Heard":
    """Return everything that is heard of a run so far.

    Offline is online in a loop: the cues are those that were heard while it ran, and
    the ranges those that they ended with.

    Args:
        snapshot: The run, of at least one epoch or step.
        hearing: How it is heard.
    """
    points = snapshot.points(is_full=hearing.is_full)
    together, alone = Ranges(hearing.style), Ranges(hearing.style, alone=True)
    holder = Holder(snapshot.against)
    for point in points:
        for metric, value in values_in(point, snapshot.valued):
            together.include(metric, value)
            alone.include(metric, value)
        heard = [metric for metric in snapshot.valued if metric.name in point.reaches]
        together.include_others(heard, holder.beside(point.at, heard, point))
    return Heard(
        snapshot,
        hearing,
        points,
        spans={metric.name: together.span(metric) for metric in snapshot.valued},
        own_spans={metric.name: alone.span(metric) for metric in snapshot.valued},
    )


@dataclass(frozen=True)
class Heard:
    """Everything that is heard of a run; see `replay`.

    Attributes:
        run: The run.
        hearing: How it is heard.
        points: Its epochs, or windows of several where it is long; in steps windows.
        spans: The range of the whole run for each metric, by name: that of its family,
            on which it is heard beside others, and drawn.
        own_spans: The range on which it is heard alone, which is its own. How noisy a
            window is sounds alike on both.
        voices: What the summary sounds, where that was chosen; else it chooses itself.
    """

    run: Snapshot
    hearing: Hearing
    points: Points
    spans: dict[str, Span | None]
    own_spans: dict[str, Span | None]
    voices: tuple[Metric, ...] = ()

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """What is heard, in the order of a cue."""
        return self.run.valued

    def cues(self) -> Iterator[tuple[Point, Cue]]:
        """Yield each point with its cue, as it was heard when it came.

        Each call begins anew. In a window of several epochs or steps the most
        important of what sounded in them sounds.
        """
        composer = self._composer()
        for point in self.points:
            yield (
                point,
                composer.cue(
                    point.epoch,
                    point.values,
                    self.metrics,
                    self._sounded_in(point.place, point.place + point.count),
                    window=point,
                ),
            )

    def live_cues(self) -> Iterator[Cue]:
        """Yield in steps the cues that were heard live; none of a log that was read.

        Each stood for the rows since the one before.
        """
        composer = self._composer()
        start = 0
        for stop in self.run.cued:
            point = self.run.history.point(start, stop)
            yield composer.cue(
                point.epoch,
                point.values,
                self.metrics,
                self._sounded_in(start, stop),
                window=point,
            )
            start = stop

    def _composer(self) -> Composer:
        return Composer(
            self.hearing.style, words=self.hearing.words, other=self.run.against
        )

    def _sounded_in(self, start: int, stop: int) -> Event | None:
        """Return the most important of what sounded in some rows."""
        sounded = self.run.sounded
        first, last = (bisect_left(sounded, k, key=_place) for k in (start, stop))
        events = [event for _, event in sounded[first:last]]
        return next(iter(by_importance(events)), None)

    def metric_notes(self, metric: Metric) -> Iterator[Note]:
        """Yield the notes of a metric's own file: one tone a point, without a gap."""
        return metric_notes(
            metric,
            self.points,
            self.own_spans[metric.name],
            self.hearing.style,
            noise_span=self.spans[metric.name],
        )

    @property
    def slot_frames(self) -> int:
        """How long a point is in a metric's own file, in frames."""
        return slot_frames(self.run.axis, self.hearing.style)

    @cached_property
    def parts(self) -> list[list[Metric]]:
        """What the summary sounds: one list of metrics for each part."""
        if self.voices:
            return [[*self.voices]]
        return summary_parts(self.metrics, self.hearing.asked, self.points)

    @cached_property
    def summary(self) -> tuple[Note, ...]:
        """The notes of the summary, `training.wav`."""
        return tuple(self._summary_of(self.parts, self.spans))

    @cached_property
    def grid(self) -> Grid:
        """How the time of the summary is divided."""
        return self._grid_of(len(self.parts))

    @property
    def summary_frames(self) -> int:
        """How long the summary is, in frames: to its last tone, or to a word after."""
        return frames_of(self.grid, self.summary, self.hearing.style)

    def metric_summary(self, metric: Metric) -> Iterator[Note]:
        """Yield the notes of a summary of one metric, which is heard alone."""
        return self._summary_of([[metric]], self.own_spans)

    @cached_property
    def metric_grid(self) -> Grid:
        """How the time of a summary of one metric is divided."""
        return self._grid_of(1)

    def _grid_of(self, parts: int) -> Grid:
        return lay_out(self._summary_points(parts), parts, self.hearing.style)

    def _summary_of(
        self, parts: Sequence[Sequence[Metric]], spans: Mapping[str, Span | None]
    ) -> Iterator[Note]:
        points = self._summary_points(len(parts))
        return summary_notes(
            parts,
            points,
            spans,
            self.hearing.style,
            self.run.sounded,
            noise_spans=self.spans,
            words=self.hearing.words,
        )

    def _summary_points(self, parts: int) -> Points:
        """Return what a summary sounds: in steps few windows, of much each."""
        if self.run.axis is not STEPS:
            return self.points
        most = most_windows(parts)
        if most not in self._windows:  # asked for by grid, summary and page
            self._windows[most] = self.run.points(most=most)
        return self._windows[most]

    @cached_property
    def _windows(self) -> dict[int, Points]:
        return {}


def _place(placed: Placed) -> int:
    return placed[0]
