"""From a whole run to a few seconds: the notes of `training.wav`."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from keras_sonify.score.note import Note
from keras_sonify.score.scaling import Span
from keras_sonify.score.style import Style
from keras_sonify.score.tones import pitch_of, tone_note
from keras_sonify.training.events import Event
from keras_sonify.training.history import Points
from keras_sonify.training.metrics import Metric
from keras_sonify.training.record import Placed

# Displays of 7 s serve better than those of 14 s, and other systems take 2 to 6 s.
_SHORTEST, _LONGEST = 3.0, 7.0
_SLOT = 0.08  # seconds an epoch, two voices: 40 ms a tone is the least for a pitch
_MOST_TICKS = 20
_TICK_HZ, _TICK, _TICK_GAIN_DB = 3520.0, 0.015, -12.0  # an octave above every tone
_MARK_HZ, _MARK, _MARK_GAIN_DB = 2637.0, 0.06, -6.0  # a fifth above


@dataclass(frozen=True, slots=True)
class Grid:
    """How the time of a summary is divided.

    Attributes:
        points: The run.
        parts: Families that sound one after the other.
        slots: Slots in each part: one a point, or two a group of points.
        slot_frames: Length of a slot in frames.
    """

    points: Points
    parts: int
    slots: int
    slot_frames: int

    @property
    def frames(self) -> int:
        """Length of the whole summary in frames."""
        return self.parts * self.slots * self.slot_frames

    @property
    def is_grouped(self) -> bool:
        """Whether several epochs share a pair of slots."""
        return self.slots < len(self.points)

    def slot_of(self, place: int) -> int:
        """Return the slot of an epoch, the first of its pair where epochs share one.

        Args:
            place: Zero-based place of the epoch in the run.
        """
        point = self.points.index(place)
        if not self.is_grouped:
            return point
        return 2 * (point * (self.slots // 2) // len(self.points))


def lay_out(points: Points, parts: int, style: Style) -> Grid:
    """Divide 3 to 7 seconds among the points; beyond 87, points share slots.

    Args:
        points: The run, of at least one epoch.
        parts: Families that sound one after the other.
        style: Says the sample rate.
    """
    count = len(points)
    seconds = min(max(_SLOT * count * parts, _SHORTEST), _LONGEST) / parts
    most = int(seconds / _SLOT + 1e-9)
    slots = count if count <= most else most // 2 * 2
    return Grid(points, parts, slots, int(seconds * style.sample_rate / slots))


def summary_notes(
    parts: Sequence[Sequence[Metric]],
    points: Points,
    spans: Mapping[str, Span | None],
    style: Style,
    events: Sequence[Placed] = (),
) -> Iterator[Note]:
    """Yield the notes of a summary.

    In each slot the training metric sounds, then its validation twin. A tick marks
    every tenth epoch (hundredth, thousandth, ... of long runs), a longer one what
    happened. Where several epochs
    share a pair of slots, each voice sounds the least and the greatest value of them,
    in the order in which they came, so that the spike of one epoch among thousands is
    heard; a NaN among them is heard in the place of the second.

    Args:
        parts: For each part its metrics; see `parts.summary_parts`.
        points: The run.
        spans: The range of each metric, by its name.
        style: How it sounds.
        events: What happened, each with the place of its epoch. What is not listed,
            as new bests are, is left out. Defaults to `()`.
    """
    grid = lay_out(points, len(parts), style)
    ticks = _tick_slots(grid)
    marks = {
        grid.slot_of(place): event
        for place, event in reversed(events)
        if event.is_listed and place < points.count
    }
    for part, voices in enumerate(parts):
        share = grid.slot_frames // len(voices)
        columns = [_slots(grid, metric.name) for metric in voices]
        for slot, values in enumerate(zip(*columns, strict=True)):
            at = (part * grid.slots + slot) * grid.slot_frames
            start = at / style.sample_rate
            if slot in ticks:
                yield _tick(style, start, ticks[slot] - 1)
            if part == 0 and slot in marks:
                yield _mark(style, start, marks[slot])
            for place, (metric, sounded) in enumerate(
                zip(voices, values, strict=True),
            ):
                if sounded is not None:
                    epoch, value = sounded
                    yield tone_note(
                        metric,
                        epoch,
                        value,
                        pitch_of(value, spans[metric.name], style),
                        style,
                        start=(at + place * share) / style.sample_rate,
                        duration=min(share / style.sample_rate, style.tone),
                    )


def _slots(grid: Grid, name: str) -> Iterator[tuple[int, float] | None]:
    """Yield the epoch and the value that each slot sounds, `None` for silence."""
    points = grid.points
    if not grid.is_grouped:
        for point in points:
            reach = point.reaches.get(name)
            yield None if reach is None else (point.epoch, reach.value)
        return
    groups = grid.slots // 2
    pending: list[tuple[int, float]] = []
    group = 0
    for number, point in enumerate(points, start=1):
        if name in point.reaches:
            pending += [
                (points.at(at).epoch, v) for at, v in point.reaches[name].moments
            ]
        if number * groups >= (group + 1) * len(points):
            yield from _extremes(pending)
            pending, group = [], group + 1


def _extremes(
    pairs: Sequence[tuple[int, float]],
) -> tuple[tuple[int, float] | None, tuple[int, float] | None]:
    """Return the least and the greatest of a group, in the order they came."""
    finite = [(v, e) for e, v in pairs if math.isfinite(v)]
    wrong = [(e, v) for e, v in pairs if not math.isfinite(v)]
    if not finite:
        return (wrong[0], wrong[-1]) if wrong else (None, None)
    (low, low_epoch), (high, high_epoch) = min(finite), max(finite)
    if wrong:
        # A value that went wrong matters more than the better of the two extremes.
        return (high_epoch, high), wrong[0]
    found = sorted([(low_epoch, low), (high_epoch, high)])
    return found[0], found[1]


def _tick_slots(grid: Grid) -> dict[int, int]:
    """Return the slots of the ticks, with the one-based epoch of each."""
    step = 10
    while grid.points.count // step > _MOST_TICKS:
        step *= 10
    marked = range(step, grid.points.count + 1, step)
    return {grid.slot_of(epoch - 1): epoch for epoch in marked}


def _tick(style: Style, start: float, epoch: int) -> Note:
    note = _high_note(style, start, _TICK, _TICK_HZ, _TICK_GAIN_DB)
    return replace(note, kind="tick", epoch=epoch)


def _mark(style: Style, start: float, event: Event) -> Note:
    note = _high_note(style, start, _MARK, _MARK_HZ, _MARK_GAIN_DB)
    return replace(note, kind=event.kind, epoch=event.epoch, text=event.text)


def _high_note(
    style: Style,
    start: float,
    duration: float,
    pitch_hz: float,
    gain_db: float,
) -> Note:
    """Return a note above all metrics, which does not disturb their pitch."""
    pitch_hz = min(pitch_hz, 0.4 * style.sample_rate)
    return Note(
        start=start,
        duration=duration,
        frequency_hz=pitch_hz,
        amplitude=style.amplitude_at(pitch_hz, gain_db),
    )
