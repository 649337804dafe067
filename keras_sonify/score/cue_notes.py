"""From the readings of a cue to its notes."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TypeGuard

from keras_sonify.score.cue import Reading
from keras_sonify.score.earcons import earcon
from keras_sonify.score.held import Held
from keras_sonify.score.loudness import db_to_gain
from keras_sonify.score.note import Note
from keras_sonify.score.pitch import interval_cents
from keras_sonify.score.scaling import Span
from keras_sonify.score.style import Style
from keras_sonify.score.texture import flutter_of, grain_after, spike_of
from keras_sonify.score.tones import pitch_of, tone_note, value_hz
from keras_sonify.training.axis import At
from keras_sonify.training.events import Event

GAP_IN_PAIR = 0.02  # seconds between a reference and its tone
BEST_SO_FAR = "best so far"
"""Whose value a reference is, in words, if it is not another run's."""
_GAP_BEFORE_EARCON = 0.15  # seconds
_NEWS_CENTS = 35.0  # the least interval that untrained ears take for a step
# On the narrowest scale 3 % of a loss are 31 cents, on that of one that has fallen by a
# factor of a thousand 12. The reference steps back so that 3 % are 39, and stops at 60.
_CENTS_OF_SHARE, _MOST_STEP_CENTS = 1298.0, 60.0


Voice = tuple[Reading, Span | None, float]
"""A metric at one epoch, the range it is heard on, and its value in the one before."""


def cue_notes(
    at: At,
    voices: Sequence[Voice],
    event: Event | None,
    style: Style,
    *,
    words: bool,
    held: Held | None,
) -> tuple[bool, tuple[Note, ...]]:
    """Return whether a cue is quiet, and its notes: each reference, then its tone.

    Args:
        at: Where it lies.
        voices: What is heard, in this order.
        event: What sounds after the tones; `None` for nothing.
        style: How it sounds.
        words: Boolean. Whether a word follows what tells of the event.
        held: What it is held against, if that is another run.
    """
    pitches = [pitch_of(reading.value, span, style) for reading, span, _ in voices]
    spikes = [spike_of(reading.reach, style) for reading, _, _ in voices]
    news = (
        _is_news(pitch_hz, pitch_of(before, span, style))
        for pitch_hz, (_, span, before) in zip(pitches, voices, strict=True)
    )
    is_quiet = event is None and not any(spikes) and not any(news)
    gain = db_to_gain(style.quiet_gain_db) if is_quiet else 1.0
    # A spike is that of one step; all else is told of the point.
    is_spike = event is not None and event.kind == "spike"
    happened_at = event.at if event is not None and is_spike else at
    notes: list[Note] = []
    for pitch_hz, spike, (reading, span, _) in zip(
        pitches, spikes, voices, strict=True
    ):
        start = notes[-1].end + style.gap if notes else 0.0
        note = partial(tone_note, reading.metric, at, style=style, gain=gain)
        before = reading.reference
        if style.reference and _is_number(before) and span is not None:
            reference = note(
                before,
                value_hz(before, span, style),
                start=start,
                duration=style.reference,
                kind="reference",
            )
            reference = _step_back(reference, reading.value, pitch_hz)
            notes.append(replace(reference, text=_whose(reading, held)))
            start = notes[-1].end + GAP_IN_PAIR
        tone = note(
            reading.value,
            pitch_hz,
            start=start,
            duration=style.tone,
            flutter=flutter_of(reading.reach, span, style),
        )
        notes.append(tone)
        if spike is not None:
            notes.append(grain_after(tone, spike[1], happened_at, style))
    if event is not None:
        start = notes[-1].end + _GAP_BEFORE_EARCON if notes else 0.0
        notes += earcon(
            event.kind,
            style,
            start=start,
            epoch=happened_at.epoch,
            step=happened_at.step,
            text=event.text,
            words=words,
        )
    return is_quiet, tuple(notes)


def _is_news(now_hz: float, then_hz: float) -> bool:
    """Whether a value is audibly another one than in the epoch before."""
    if math.isnan(now_hz) or math.isnan(then_hz):
        return True
    return abs(interval_cents(then_hz, now_hz)) >= _NEWS_CENTS


def _is_number(value: float | None) -> TypeGuard[float]:
    return value is not None and math.isfinite(value)


def _whose(reading: Reading, held: Held | None) -> str:
    """Return whose value a reference is, where it may be that of another run."""
    if held is None:
        return ""
    return BEST_SO_FAR if reading.other is None else reading.other.name


def _step_back(reference: Note, value: float, tone_hz: float) -> Note:
    """Return the reference at an audible distance from its tone, if they differ."""
    best = reference.value
    if value == best or not math.isfinite(tone_hz):
        return reference
    share = abs(value - best) / abs(best) if best else math.inf
    least = min(_CENTS_OF_SHARE * share, _MOST_STEP_CENTS)
    if abs(interval_cents(reference.frequency_hz, tone_hz)) >= least:
        return reference
    step = math.copysign(least, best - value)
    return replace(reference, frequency_hz=tone_hz * math.exp2(step / 1200.0))
