"""What live cues show: a listener's intervals held against the values of the log.

An improvement is a value 3 % better than the best so far, a worsening one that is 5 %
worse, both relative to that best; accuracies count as they are, not as their errors.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from blind_listener import Figure, decode_cue, to_cents

from keras_sonify.score.composer import Composer
from keras_sonify.score.cue import Cue
from keras_sonify.score.style import CLEAR
from keras_sonify.sound.synth import render
from keras_sonify.training.defaults import rank_default
from keras_sonify.training.metrics import Metric
from keras_sonify.training.selection import Selection

RATE = 44_100
_BETTER, _WORSE, _EQUAL = -0.03, 0.05, 0.005
_NOTICED, _DRAMATIC = 35.0, 100.0  # cents

Epoch = Mapping[str, float]


@dataclass(slots=True)
class Shown:
    """How often the intervals said what the values did: pairs of counts.

    Attributes:
        better: Improvements that were heard as such, and all.
        worse: Worsenings that were heard as such, and all.
        equal: Epochs within 0.5 % of the best that were no drama, and all.
        errors: Errors of all pitches, in cents.
    """

    better: list[int] = field(default_factory=lambda: [0, 0])
    worse: list[int] = field(default_factory=lambda: [0, 0])
    equal: list[int] = field(default_factory=lambda: [0, 0])
    errors: list[float] = field(default_factory=list)

    @property
    def counts(self) -> tuple[list[int], list[int], list[int]]:
        """The three pairs."""
        return self.better, self.worse, self.equal

    def add(self, other: "Shown") -> None:
        """Count another run in."""
        for mine, theirs in zip(self.counts, other.counts, strict=True):
            mine[:] = [a + b for a, b in zip(mine, theirs, strict=True)]
        self.errors += other.errors

    def count(self, change: float, interval: float) -> None:
        """Count one epoch of one metric.

        Args:
            change: Its value re the best before it; negative is better.
            interval: From the reference to the tone in cents; negative is better.
        """
        if change <= _BETTER:
            _count(self.better, hit=interval <= -_NOTICED)
        if change >= _WORSE:
            _count(self.worse, hit=interval >= _NOTICED)
        if abs(change) <= _EQUAL:
            _count(self.equal, hit=abs(interval) < _DRAMATIC)


def shares(shown: Shown) -> list[float]:
    """Return the shares that the bars 0.98, 0.99 and 1.00 stand against."""
    return [hits / total if total else 1.0 for hits, total in shown.counts]


def what_to_ask(epochs: Sequence[Epoch]) -> list[str] | None:
    """Return what to sound: the usual, or all that improves where that is nothing."""
    names = list(dict.fromkeys(name for values in epochs for name in values))
    if rank_default(names):
        return None
    return [name for name in names if Metric.named(name).direction]


def cues_of(epochs: Sequence[Epoch], asked: Sequence[str] | None) -> Iterator[Cue]:
    """Yield the cues of a run, of the usual metrics or those asked for."""
    selection, composer = Selection(asked, {}), Composer(CLEAR)
    for epoch, values in enumerate(epochs):
        selection.update(values)
        metrics = selection.metrics
        known = {metric.name: values.get(metric.name) for metric in metrics}
        heard = {name: value for name, value in known.items() if value is not None}
        yield composer.cue(epoch, heard, metrics)


def listen_live(epochs: Sequence[Epoch], asked: Sequence[str] | None = None) -> Shown:
    """Render the cues of a run, decode them, and count what they showed."""
    shown = Shown()
    best: dict[str, float] = {}
    for cue in cues_of(epochs, asked):
        if not cue.notes:
            continue
        frames = render(cue.notes, sample_rate=RATE, channels=2, fade=CLEAR.fade)
        figures = decode_cue(frames, RATE)
        shown.errors += _errors(cue, figures)
        for reading, figure in zip(cue.readings, figures, strict=True):
            assert figure.is_right == reading.metric.validation
            _compare(shown, reading.metric, reading.value, best, figure)
    return shown


def _compare(
    shown: Shown,
    metric: Metric,
    value: float,
    best: dict[str, float],
    figure: Figure,
) -> None:
    """Count one value, and remember it if it is the best of its metric."""
    side = 1.0 if metric.direction == "min" else -1.0
    before = best.get(metric.name)
    if metric.direction is None or not math.isfinite(value):
        return
    if before is None or side * value < side * before:
        best[metric.name] = value
    if not before:  # none, or a zero to which nothing can be in a ratio
        return
    assert figure.tone is not None
    assert figure.reference is not None
    interval = side * (figure.tone - figure.reference)
    shown.count(side * (value - before) / abs(before), interval)


def _errors(cue: Cue, figures: Sequence[Figure]) -> list[float]:
    """Return the errors of all pitches of a cue, in cents."""
    heard = [
        pitch
        for figure in figures
        for pitch in (figure.reference, figure.tone)
        if pitch is not None
    ]
    return [
        abs(pitch - to_cents(note.frequency_hz))
        for pitch, note in zip(heard, cue.notes, strict=True)
        if math.isfinite(note.frequency_hz)
    ]


def _count(pair: list[int], *, hit: bool) -> None:
    pair[0] += hit
    pair[1] += 1
