"""From a whole run to a few seconds: the notes of `training.wav`."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from keras_sonify.score.grid import Grid, lay_out
from keras_sonify.score.marks import mark, mark_slots, rank, said, tick, tick_slots
from keras_sonify.score.note import Note
from keras_sonify.score.scaling import Span
from keras_sonify.score.style import Style
from keras_sonify.score.texture import flutter_of
from keras_sonify.score.tones import pitch_of, spike_notes, tone_note
from keras_sonify.training.axis import At
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Reach
from keras_sonify.training.record import Placed
from keras_sonify.training.run_points import Points


@dataclass(frozen=True, slots=True)
class _Sounded:
    """What one voice sounds in a slot.

    Attributes:
        at: Where the value lies.
        value: The value.
        reach: What its metric did in the point; `None` where points share slots.
    """

    at: At
    value: float
    reach: Reach | None = None


def summary_notes(
    parts: Sequence[Sequence[Metric]],
    points: Points,
    spans: Mapping[str, Span | None],
    style: Style,
    events: Sequence[Placed] = (),
    *,
    noise_spans: Mapping[str, Span | None],
    words: bool,
) -> Iterator[Note]:
    """Yield the notes of a summary.

    In each slot the training metric sounds, then its validation twin. A tick marks
    every tenth epoch (hundredth, thousandth, ... of long runs), a longer one what
    happened. Where several epochs
    share a pair of slots, each voice sounds the least and the greatest value of them,
    in the order in which they came, so that the spike of one epoch among thousands is
    heard; a NaN among them is heard in the place of the second.

    In a run told in steps each slot sounds the median of a window, which flutters
    with its spread; after it the grain of its greatest spike. Ticks mark the ends of
    epochs.

    Args:
        parts: For each part its metrics; see `parts.summary_parts`.
        points: The run; in steps no more than `grid.most_windows`.
        spans: The range of each metric, by its name.
        style: How it sounds.
        events: What happened, each with the place of its epoch. What is not listed,
            as new bests are, is left out. Defaults to `()`.
        noise_spans: The range of each metric on which noise makes tones flutter.
        words: Boolean. Whether the most important of what is marked is said. Before
            the end there is no room for a word between two tones: after it, its mark
            sounds once more, then the word.
    """
    grid = lay_out(points, len(parts), style)
    ticks = tick_slots(grid)
    marks = mark_slots(grid, parts, events, style)
    for part, voices in enumerate(parts):
        share = grid.voice_frames(len(voices), style)
        columns = [_slots(grid, metric.name) for metric in voices]
        for slot, values in enumerate(zip(*columns, strict=True)):
            at = (part * grid.slots + slot) * grid.slot_frames
            start = at / style.sample_rate
            if slot in ticks:
                yield tick(style, start, ticks[slot])
            if part == 0 and slot in marks:
                yield mark(style, start, marks[slot])
            for place, (metric, sounded) in enumerate(
                zip(voices, values, strict=True),
            ):
                if sounded is not None:
                    span, reach = spans[metric.name], sounded.reach
                    tone = tone_note(
                        metric,
                        sounded.at,
                        sounded.value,
                        pitch_of(sounded.value, span, style),
                        style,
                        start=(at + place * share) / style.sample_rate,
                        duration=min(share / style.sample_rate, style.tone),
                        flutter=flutter_of(reach, noise_spans[metric.name], style),
                    )
                    yield tone
                    yield from spike_notes(tone, reach, points, style)
    if words and marks:
        first = min(sorted(marks), key=lambda slot: rank(marks[slot]))
        yield from said(style, grid.frames / style.sample_rate, marks[first])


def frames_of(grid: Grid, notes: Sequence[Note], style: Style) -> int:
    """Return how long a summary is in frames: all slots, and what is said after them.

    Args:
        grid: How its time is divided.
        notes: Its notes.
        style: Says the sample rate.
    """
    if not notes:
        return grid.frames
    first, length = (
        round(seconds * style.sample_rate)
        for seconds in (notes[-1].start, notes[-1].duration)
    )
    return max(grid.frames, first + length)


def _slots(grid: Grid, name: str) -> Iterator[_Sounded | None]:
    """Yield what each slot sounds of a metric, `None` for silence."""
    points = grid.points
    if not grid.is_grouped:
        for point in points:
            reach = point.reaches.get(name)
            yield None if reach is None else _Sounded(point.at, reach.value, reach)
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
            for pair in _extremes(pending):
                yield pair and _Sounded(At(pair[0]), pair[1])
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
