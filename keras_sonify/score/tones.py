"""From a metric's values to tones: one of a cue, or all of a run."""

import math
from collections.abc import Iterator

from keras_sonify.score.note import Kind, Note, Timbre
from keras_sonify.score.pitch import frequency_hz
from keras_sonify.score.scaling import Span
from keras_sonify.score.style import Style, frames_in
from keras_sonify.score.texture import GRAIN, flutter_of, grain_after, spike_of
from keras_sonify.training.axis import STEPS, At, Axis
from keras_sonify.training.events import spike_text
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Reach
from keras_sonify.training.run_points import Points


def tone_note(
    metric: Metric,
    at: At,
    value: float,
    pitch_hz: float,
    style: Style,
    *,
    start: float,
    duration: float,
    kind: Kind = "tone",
    gain: float = 1.0,
    flutter: float = 0.0,
) -> Note:
    """Return the note of one value.

    Args:
        metric: Whose value it is.
        at: Where it lies.
        value: The value.
        pitch_hz: Its pitch; NaN makes it noise. See `pitch_of`.
        style: How it sounds.
        start: When it begins, in seconds.
        duration: How long it lasts, in seconds.
        kind: What it means. Defaults to `"tone"`.
        gain: Factor of its amplitude. Defaults to `1.0`.
        flutter: How deep it flutters; noise does not. Defaults to `0.0`.
    """
    gain_db = style.reference_gain_db if kind == "reference" else 0.0
    timbre = _timbre(metric, pitch_hz, style)
    if math.isnan(pitch_hz):
        kind, gain_db, flutter = "nan", style.noise_gain_db, 0.0
    return Note(
        start=start,
        duration=duration,
        frequency_hz=pitch_hz,
        amplitude=gain * style.amplitude_at(pitch_hz, gain_db, timbre),
        kind=kind,
        timbre=timbre,
        pan=style.pan if metric.validation else -style.pan,
        epoch=at.epoch,
        step=at.step,
        metric=metric.name,
        value=value,
        flutter=flutter,
    )


def pitch_of(value: float, span: Span | None, style: Style) -> float:
    """Return the pitch of a value; NaN where it has no place in a range."""
    if span is None or not math.isfinite(value):
        return math.nan
    return value_hz(value, span, style)


def value_hz(value: float, span: Span, style: Style) -> float:
    """Return the pitch of a value in a style."""
    return frequency_hz(
        value,
        span,
        low_hz=style.low_hz,
        high_hz=style.high_hz,
        scale=style.pitch,
    )


def slot_frames(axis: Axis, style: Style) -> int:
    """Return how long a slot is in a metric's own file, in frames.

    It is as long as a tone; in steps there is room for a grain after it.
    """
    room = GRAIN if axis is STEPS and style.texture else 0.0
    return sum(frames_in(each, style.sample_rate) for each in (style.tone, room))


def metric_notes(
    metric: Metric,
    points: Points,
    span: Span | None,
    style: Style,
    *,
    noise_span: Span | None = None,
) -> Iterator[Note]:
    """Yield one tone per point, each in a slot of its own; see `slot_frames`.

    Args:
        metric: Whose values they are.
        points: Epochs, or windows of several, one per slot. One without a value
            leaves its slot silent, NaN and infinities fill it with noise.
        span: The range of the whole run.
        style: How it sounds.
        noise_span: The range on which noise makes tones flutter, that of the summary,
            so that a window is as rough in each file. Defaults to `span`.
    """
    slot = slot_frames(points.axis, style)
    duration = frames_in(style.tone, style.sample_rate) / style.sample_rate
    for place, point in enumerate(points):
        reach = point.reaches.get(metric.name)
        if reach is None:
            continue
        tone = tone_note(
            metric,
            point.at,
            reach.value,
            pitch_of(reach.value, span, style),
            style,
            start=place * slot / style.sample_rate,
            duration=duration,
            flutter=flutter_of(reach, noise_span or span, style),
        )
        yield tone
        yield from spike_notes(tone, reach, points, style)


def spike_notes(
    tone: Note, reach: Reach | None, points: Points, style: Style
) -> Iterator[Note]:
    """Yield the grain after the tone of a window, if there is a spike in it.

    Args:
        tone: The tone.
        reach: What its metric did in the window; `None` where there is none.
        points: The run.
        style: How it sounds.
    """
    spike = spike_of(reach, style)
    if spike is not None:
        place, value = spike
        text = spike_text(tone.metric, value)
        yield grain_after(tone, value, points.at(place), style, text)


def _timbre(metric: Metric, pitch_hz: float, style: Style) -> Timbre:
    if math.isnan(pitch_hz):
        return "noise"
    # A fifth partial beyond half the sample rate would come back as a wrong tone; the
    # fourth of a tone below 700 Hz is below half of any.
    if style.odd_partials and metric.validation and 10 * pitch_hz < style.sample_rate:
        return "odd"
    return "full" if style.low_partials else "pure"
