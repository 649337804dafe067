"""What is marked in a summary: every tenth epoch, and what happened."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from keras_sonify.score.earcons import word_after
from keras_sonify.score.grid import Grid
from keras_sonify.score.note import Note
from keras_sonify.score.style import Style
from keras_sonify.score.texture import spike_of
from keras_sonify.training.axis import STEPS
from keras_sonify.training.events import EVENT_KINDS, EVENTS, Event
from keras_sonify.training.metrics import Metric
from keras_sonify.training.record import Placed

_MOST_TICKS = 20
_TICK_HZ, _TICK, _TICK_GAIN_DB = 3520.0, 0.015, -12.0  # an octave above every tone
_MARK_HZ, _MARK, _MARK_GAIN_DB = 2637.0, 0.06, -6.0  # a fifth above
_BEFORE_LAST_MARK = 0.05  # seconds


def tick_slots(grid: Grid) -> dict[int, int]:
    """Return the slots of the ticks, with the zero-based epoch of each."""
    if grid.points.axis is STEPS:
        ends = [
            (slot, epoch)
            for slot, point in enumerate(grid.points)
            for epoch in point.epoch_ends
        ]
        step = 1
        while len(ends) // step > _MOST_TICKS:
            step *= 10
        return dict(ends[step - 1 :: step])
    step = 10
    while grid.points.count // step > _MOST_TICKS:
        step *= 10
    marked = range(step - 1, grid.points.count, step)
    return {grid.slot_of(epoch): epoch for epoch in marked}


def mark_slots(
    grid: Grid,
    parts: Sequence[Sequence[Metric]],
    events: Sequence[Placed],
    style: Style,
) -> dict[int, Event]:
    """Return what is marked in each slot; a spike whose grain sounds needs no mark.

    Of several in a slot it is the first; in steps, of which a slot holds very many,
    the most important one.
    """
    names = [metric.name for voices in parts for metric in voices]
    with_grain = {
        slot
        for slot, point in enumerate(grid.points if grid.points.axis is STEPS else ())
        if any(
            spike_of(point.reaches[name], style) for name in {*names} & {*point.reaches}
        )
    }
    placed = [
        (grid.slot_of(place), event)
        for place, event in reversed(events)
        if event.is_listed and place < grid.points.count
    ]
    if grid.points.axis is STEPS:
        placed.sort(key=_importance)
    return {
        slot: event
        for slot, event in placed
        if event.kind != "spike" or slot not in with_grain
    }


def _importance(placed: Placed) -> int:
    return -rank(placed[1])


def rank(event: Event) -> int:
    """Return how important an event is; 0 is the most important one."""
    return EVENT_KINDS.index(event.kind)


def tick(style: Style, start: float, epoch: int) -> Note:
    """Return what marks the end of an epoch."""
    note = _high_note(style, start, _TICK, _TICK_HZ, _TICK_GAIN_DB)
    return replace(note, kind="tick", epoch=epoch)


def mark(style: Style, start: float, event: Event) -> Note:
    """Return what marks an event."""
    note = _high_note(style, start, _MARK, _MARK_HZ, _MARK_GAIN_DB)
    return replace(
        note, kind=event.kind, epoch=event.epoch, step=event.step, text=event.text
    )


def said(style: Style, end: float, event: Event) -> Iterator[Note]:
    """Yield a mark after all tones, and the word of what is marked so."""
    last = replace(mark(style, end + _BEFORE_LAST_MARK, event), text="")
    yield last
    yield word_after(last, EVENTS[event.kind].word, style)


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
