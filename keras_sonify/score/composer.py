"""From the values of one epoch, or of a window of steps, to its cue."""

import math
from collections.abc import Mapping, Sequence
from functools import partial

from keras_sonify.score.cue import Cue, Reading
from keras_sonify.score.cue_notes import cue_notes
from keras_sonify.score.held import Beside, Holder
from keras_sonify.score.ranges import Ranges
from keras_sonify.score.scaling import Span
from keras_sonify.score.style import Style
from keras_sonify.training.against import OtherRun
from keras_sonify.training.axis import At
from keras_sonify.training.best import Best
from keras_sonify.training.events import Event
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Point, Reach


class Composer:
    """Turns each epoch's values into a cue, scaled against all it has seen before.

    Args:
        style: How the run sounds.
        words: Boolean. Whether a word follows what tells of an event. Defaults to
            `True`.
        other: The run that this one is held against. Defaults to `None`: to its own
            best values.
    """

    def __init__(
        self, style: Style, *, words: bool = True, other: OtherRun | None = None
    ) -> None:
        self._style = style
        self._words = words
        self._ranges = Ranges(style)
        self._best: dict[str, Best] = {}
        self._last: dict[str, float] = {}
        self._holder = Holder(other, is_heard=style.reference > 0.0)

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
        held = self._holder.hold(at) if heard else None
        others = self._holder.beside(at, heard, window)
        self._ranges.include_others(heard, others)
        spans = self._ranges.spans(heard)
        reaches = {} if window is None else window.reaches
        readings = tuple(
            self._read(m, at.epoch, values, reaches.get(m.name), others) for m in heard
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
            held=held,
            compose=partial(
                cue_notes,
                at,
                voices,
                event,
                self._style,
                words=self._words,
                held=held,
            ),
        )

    def tell_again(self) -> None:
        """Have the next cue tell what the run is held against, as the first one did."""
        self._holder.tell_again()

    def span(self, metric: Metric) -> Span | None:
        """Return the range the metric's family has covered in all cues so far."""
        return self._ranges.span(metric)

    def _read(
        self,
        metric: Metric,
        epoch: int,
        values: Mapping[str, float],
        reach: Reach | None,
        others: Mapping[str, Beside],
    ) -> Reading:
        """Hold a value against the best one so far, and against the other run's."""
        value = values[metric.name]
        best = self._best.get(metric.name)
        if best is None:
            best = self._best[metric.name] = Best(metric.direction)
        before = best.value
        # A window of nothing but spikes is no measure of anything.
        is_usual = reach is None or bool(reach.moments)
        is_best = is_usual and best.update(value, epoch)
        return Reading(
            metric=metric,
            value=value,
            best=before,
            is_best=is_best,
            reach=reach,
            other=others.get(metric.name),
        )
