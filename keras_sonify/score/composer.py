"""From the values of one epoch, or of a window of steps, to its cue."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from keras_sonify.score.earcons import earcon
from keras_sonify.score.loudness import db_to_gain
from keras_sonify.score.note import Note
from keras_sonify.score.pitch import interval_cents
from keras_sonify.score.ranges import Ranges
from keras_sonify.score.scaling import Span
from keras_sonify.score.style import Style
from keras_sonify.score.texture import flutter_of, grain_after, spike_of
from keras_sonify.score.tones import pitch_of, tone_note, value_hz
from keras_sonify.training.axis import At
from keras_sonify.training.best import Best
from keras_sonify.training.events import Event
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Point, Reach

GAP_IN_PAIR = 0.02  # seconds between a reference and its tone
_GAP_BEFORE_EARCON = 0.15  # seconds
_NEWS_CENTS = 35.0  # the least interval that untrained ears take for a step
# On the narrowest scale 3 % of a loss are 31 cents, on that of one that has fallen by a
# factor of a thousand 12. The reference steps back so that 3 % are 39, and stops at 60.
_CENTS_OF_SHARE, _MOST_STEP_CENTS = 1298.0, 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One metric at one epoch or in one window, as it is heard and told.

    Attributes:
        metric: Which metric.
        value: Its value; may be NaN or infinite.
        best: Its best value before this epoch; `None` at the first one, and for
            metrics of unknown direction.
        is_best: Whether this epoch improved on all before it. The first epoch does,
            unless nobody knows which way the metric improves.
        reach: What it did in a window; `None` where there is none.
    """

    metric: Metric
    value: float
    best: float | None
    is_best: bool
    reach: Reach | None = None


Voice = tuple[Reading, Span | None, float]
"""A metric at one epoch, the range it is heard on, and its value in the one before."""


@dataclass(frozen=True, kw_only=True)
class Cue:
    """What one epoch, or a window of steps, sounds like, and what is behind it.

    Its notes are made when they are first asked for: most cues are never played.

    Attributes:
        epoch: Zero-based epoch.
        step: How many steps have been done with it, in a run told in steps.
        readings: What the tones tell.
        sounded: What the earcon tells; `None` if there is none.
        happened: All that happened, also what does not sound.
        is_within: Whether the epoch goes on after it, in a run told in steps.
        compose: Returns whether it is quiet, and its notes.
    """

    epoch: int
    step: int | None = None
    readings: tuple[Reading, ...] = ()
    sounded: Event | None = None
    happened: tuple[Event, ...] = ()
    is_within: bool = False
    compose: Callable[[], tuple[bool, tuple[Note, ...]]] = field(
        default=lambda: (False, ()), repr=False, compare=False
    )

    @property
    def at(self) -> At:
        """Where it lies."""
        return At(self.epoch, self.step)

    @cached_property
    def _composed(self) -> tuple[bool, tuple[Note, ...]]:
        return self.compose()

    @property
    def notes(self) -> tuple[Note, ...]:
        """The tones, then the earcon of an event."""
        return self._composed[1]

    @property
    def is_quiet(self) -> bool:
        """Whether nothing changed, so that it sounds softer."""
        return self._composed[0]


class Composer:
    """Turns each epoch's values into a cue, scaled against all it has seen before.

    Args:
        style: How the run sounds.
        words: Boolean. Whether a word follows what tells of an event. Defaults to
            `True`.
    """

    def __init__(self, style: Style, *, words: bool = True) -> None:
        self._style = style
        self._words = words
        self._ranges = Ranges(style)
        self._best: dict[str, Best] = {}
        self._last: dict[str, float] = {}

    def cue(
        self,
        epoch: int,
        values: Mapping[str, float],
        metrics: Sequence[Metric],
        event: Event | None = None,
        *,
        happened: tuple[Event, ...] = (),
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
            happened: All that happened in it. Defaults to `()`.
            window: The epochs whose medians `values` are: the ranges take in all that
                came in them. Or the steps: with their spread, and what stands out.
                Defaults to `None`.
        """
        at = At(epoch) if window is None else window.at
        heard = [metric for metric in metrics if metric.name in values]
        if window is not None:
            self._ranges.include_point(window, heard)
        else:
            for metric in heard:
                self._ranges.include(metric, values[metric.name])
        spans = self._ranges.spans(heard)
        reaches = {} if window is None else window.reaches
        readings = tuple(
            self._read(m, epoch, values[m.name], reaches.get(m.name)) for m in heard
        )
        before = [self._last.get(metric.name, math.nan) for metric in heard]
        self._last.update((m.name, values[m.name]) for m in heard)
        voices = list(zip(readings, spans, before, strict=True))
        return Cue(
            epoch=epoch,
            step=at.step,
            is_within=window is not None and window.is_within,
            readings=readings,
            sounded=event,
            happened=happened,
            compose=partial(_compose, at, voices, event, self._style, self._words),
        )

    def span(self, metric: Metric) -> Span | None:
        """Return the range the metric's family has covered in all cues so far."""
        return self._ranges.span(metric)

    def _read(
        self, metric: Metric, epoch: int, value: float, reach: Reach | None
    ) -> Reading:
        """Hold a value against the best one so far."""
        best = self._best.get(metric.name)
        if best is None:
            best = self._best[metric.name] = Best(metric.direction)
        before = best.value
        # A window of nothing but spikes is no measure of anything.
        is_usual = reach is None or bool(reach.moments)
        is_best = is_usual and best.update(value, epoch)
        return Reading(
            metric=metric, value=value, best=before, is_best=is_best, reach=reach
        )


def _compose(
    at: At, voices: Sequence[Voice], event: Event | None, style: Style, words: bool
) -> tuple[bool, tuple[Note, ...]]:
    """Return whether a cue is quiet, and its notes."""
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
        if style.reference and reading.best is not None and span is not None:
            reference = note(
                reading.best,
                value_hz(reading.best, span, style),
                start=start,
                duration=style.reference,
                kind="reference",
            )
            notes.append(_step_back(reference, reading, pitch_hz))
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
