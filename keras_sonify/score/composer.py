"""From one epoch's values to its cue."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from keras_sonify.score.earcons import earcon
from keras_sonify.score.loudness import db_to_gain
from keras_sonify.score.note import Note
from keras_sonify.score.pitch import interval_cents
from keras_sonify.score.ranges import Ranges
from keras_sonify.score.scaling import Span
from keras_sonify.score.style import Style
from keras_sonify.score.tones import tone_note, value_hz
from keras_sonify.training.best import Best
from keras_sonify.training.events import Event
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Point

_GAP_IN_PAIR = 0.02  # seconds between a reference and its tone
_GAP = 0.06  # seconds between one metric and the next
_GAP_BEFORE_EARCON = 0.15  # seconds
_NEWS_CENTS = 35.0  # the least interval that untrained ears take for a step
# On the scale of a loss that has fallen by a factor of a thousand, 3 % are 15 cents.
# The reference steps back from its tone so that 3 % are 39, and stops at 60.
_CENTS_OF_SHARE, _MOST_STEP_CENTS = 1298.0, 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One metric at one epoch, as it is heard and told.

    Attributes:
        metric: Which metric.
        value: Its value; may be NaN or infinite.
        best: Its best value before this epoch; `None` at the first one, and for
            metrics of unknown direction.
        is_best: Whether this epoch improved on all before it. The first epoch does,
            unless nobody knows which way the metric improves.
    """

    metric: Metric
    value: float
    best: float | None
    is_best: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """What one epoch sounds like, and what is behind it.

    Attributes:
        epoch: Zero-based epoch.
        notes: The tones, then the earcon of an event.
        readings: What the tones tell.
        sounded: What the earcon tells; `None` if there is none.
        is_quiet: Whether nothing changed, so that it sounds softer.
        happened: All that happened, also what does not sound.
    """

    epoch: int
    notes: tuple[Note, ...]
    readings: tuple[Reading, ...]
    sounded: Event | None = None
    is_quiet: bool = False
    happened: tuple[Event, ...] = ()


class Composer:
    """Turns each epoch's values into a cue, scaled against all it has seen before.

    Args:
        style: How the run sounds.
    """

    def __init__(self, style: Style) -> None:
        self._style = style
        self._ranges = Ranges(style)
        self._best: dict[str, Best] = {}
        self._last: dict[str, float] = {}

    def cue(
        self,
        epoch: int,
        values: Mapping[str, float],
        metrics: Sequence[Metric],
        event: Event | None = None,
        window: Point | None = None,
    ) -> Cue:
        """Return the cue of one epoch: each metric's reference, then its tone.

        The cue of an epoch in which nothing changed is softer: sound that tells
        nothing new should not ask for attention.

        Args:
            epoch: Zero-based epoch.
            values: The epoch's values by name. NaN and infinities sound as noise
                and leave range and best value as they are.
            metrics: What to sound, in this order. One without a value is silent.
            event: What happened in the epoch, to sound after the tones. Defaults to
                `None`.
            window: Several epochs whose medians `values` are: the ranges take in all
                that came in them. Defaults to `None`.
        """
        heard = [metric for metric in metrics if metric.name in values]
        if window is not None:
            self._ranges.include_point(window, heard)
        else:
            for metric in heard:
                self._ranges.include(metric, values[metric.name])
        notes: list[Note] = []
        readings: list[Reading] = []
        for metric in heard:
            value = values[metric.name]
            best = self._best.setdefault(metric.name, Best(metric.direction))
            before = best.value
            reading = Reading(
                metric=metric,
                value=value,
                best=before,
                is_best=best.update(value, epoch),
            )
            start = notes[-1].end + _GAP if notes else 0.0
            notes.extend(self._figure(epoch, reading, start))
            readings.append(reading)
        is_quiet = event is None and not any(map(self._is_news, readings))
        if is_quiet:
            gain = db_to_gain(self._style.quiet_gain_db)
            notes = [replace(note, amplitude=gain * note.amplitude) for note in notes]
        if event is not None:
            notes += earcon(
                event.kind,
                self._style,
                start=notes[-1].end + _GAP_BEFORE_EARCON if notes else 0.0,
                epoch=epoch,
                text=event.text,
            )
        for reading in readings:
            self._last[reading.metric.name] = reading.value
        return Cue(
            epoch=epoch,
            notes=tuple(notes),
            readings=tuple(readings),
            sounded=event,
            is_quiet=is_quiet,
        )

    def _is_news(self, reading: Reading) -> bool:
        """Whether a value is audibly another one than in the epoch before."""
        before = self._last.get(reading.metric.name, math.nan)
        span = self._ranges.span(reading.metric)
        if (
            span is None
            or not math.isfinite(before)
            or not math.isfinite(reading.value)
        ):
            return True
        then_hz, now_hz = (
            value_hz(value, span, self._style) for value in (before, reading.value)
        )
        return abs(interval_cents(then_hz, now_hz)) >= _NEWS_CENTS

    def span(self, metric: Metric) -> Span | None:
        """Return the range the metric's family has covered in all cues so far."""
        return self._ranges.span(metric)

    def _figure(self, epoch: int, reading: Reading, start: float) -> list[Note]:
        """Return the reference, where there is one, and the tone of one metric."""
        style, metric = self._style, reading.metric
        span = self._ranges.span(metric)
        is_finite = math.isfinite(reading.value)
        notes = []
        if style.reference and reading.best is not None and span is not None:
            reference = tone_note(
                metric,
                epoch,
                reading.best,
                span,
                style,
                start=start,
                duration=style.reference,
                kind="reference",
            )
            tone_hz = value_hz(reading.value, span, style) if is_finite else math.nan
            reference = _step_back(reference, reading, tone_hz)
            notes.append(reference)
            start = reference.end + _GAP_IN_PAIR
        tone = tone_note(
            metric,
            epoch,
            reading.value,
            span,
            style,
            start=start,
            duration=style.tone,
        )
        return [*notes, tone]


def _step_back(reference: Note, reading: Reading, tone_hz: float) -> Note:
    """Return the reference at an audible distance from its tone, if they differ."""
    value, best = reading.value, reading.best
    if best is None or value == best or not math.isfinite(tone_hz):
        return reference
    share = abs(value - best) / abs(best) if best else math.inf
    least = min(_CENTS_OF_SHARE * share, _MOST_STEP_CENTS)
    if abs(interval_cents(reference.frequency_hz, tone_hz)) >= least:
        return reference
    step = math.copysign(least, best - value)
    return replace(reference, frequency_hz=tone_hz * math.exp2(step / 1200.0))
