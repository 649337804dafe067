"""What comparing runs sounds like: each run's summary, then the two best in pairs.

All tones of it are on one scale, so that the same pitch is the same value. A run is
announced by its number. Then, place by place, the first of the two best sounds, then
the second: it falls where the second is lower. At the end it is said which is better.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from keras_sonify.score.counting import BETTER, LEVEL, run_name, said
from keras_sonify.score.grid import lay_out, most_windows
from keras_sonify.score.note import Note
from keras_sonify.score.ranges import Ranges
from keras_sonify.score.scaling import Span
from keras_sonify.score.style import Style
from keras_sonify.score.summary import summary_notes
from keras_sonify.score.tones import pitch_of, tone_note
from keras_sonify.training.axis import STEPS
from keras_sonify.training.comparison import ComparedRun, Comparison
from keras_sonify.training.leads import Pair
from keras_sonify.training.metrics import Metric
from keras_sonify.training.names import family_of
from keras_sonify.training.points import median
from keras_sonify.training.run_points import Points

Sounded = tuple[int, Note]
"""A note, after the number of the run that it is of; 0 for none."""

_PAUSE = 0.25  # seconds around what is said
_BETWEEN = 0.6  # seconds between runs
_MOST_PAIRS = 30  # of the two best: eleven seconds
_PAIR_GAP = 0.02  # seconds between the two tones of a pair


def comparison_notes(told: Comparison, style: Style) -> Iterator[Sounded]:
    """Yield all that is heard of up to nine runs.

    Args:
        told: What came of comparing them.
        style: How it sounds.
    """
    at = 0.0
    spans = _shared_spans(told, style)
    for run in told.runs:
        for note in said(run_name(run.number), at, style):
            yield run.number, note
            at = note.end
        at += _PAUSE
        for note in _summary(run, spans, style):
            yield run.number, replace(note, start=note.start + at)
        at += _seconds(run, style) + _BETWEEN
    yield from _duel(told, spans, style, at)


def _shared_spans(told: Comparison, style: Style) -> dict[int, Span | None]:
    """Return the range of all runs, by the number of each."""
    ranges, metrics = Ranges(style), {}
    shared = Metric.named(told.metric)
    for run in told.runs:
        for metric in _voices(run):
            # Runs may call it by other names.
            own = replace(metric, family=shared.family, direction=told.direction)
            metrics[run.number] = own
            for point in _points(run):
                if reach := point.reaches.get(metric.name):
                    for _, value in reach.moments:
                        ranges.include(own, value)
    return {number: ranges.span(metric) for number, metric in metrics.items()}


def _voices(run: ComparedRun) -> list[Metric]:
    """Return what sounds of a run: the metric, and its twin, training first."""
    kin = [n for n in run.history.names if family_of(n) == family_of(run.metric)]
    metrics = [Metric.named(name) for name in kin]
    return sorted(metrics, key=lambda metric: metric.validation)[:2]


def _points(run: ComparedRun) -> Points:
    most = most_windows(1) if run.history.axis is STEPS else None
    return run.history.points(len(run.history), most=most)


def _summary(
    run: ComparedRun, spans: dict[int, Span | None], style: Style
) -> Iterator[Note]:
    voices = _voices(run)
    if not voices:
        return iter(())
    known = {metric.name: spans[run.number] for metric in voices}
    return summary_notes(
        [voices], _points(run), known, style, noise_spans=known, words=False
    )


def _seconds(run: ComparedRun, style: Style) -> float:
    if not _voices(run):
        return 0.0
    return lay_out(_points(run), 1, style).frames / style.sample_rate


def _duel(
    told: Comparison, spans: dict[int, Span | None], style: Style, at: float
) -> Iterator[Sounded]:
    """Yield the two best runs point by point, and which is better."""
    if told.pairs:
        runs = [told.run(number) for number in told.leaders]
        for run in runs:
            for note in said(run_name(run.number), at, style):
                yield run.number, note
                at = note.end
            at += _PAUSE
        for pair in _thinned(told.pairs):
            tones = _pair_notes(pair, runs, spans, style, at)
            yield from tones
            at = tones[-1][1].end + style.gap
        at += _BETWEEN - style.gap
    number = told.winner or 0
    for note in said((*run_name(number), BETTER) if number else (LEVEL,), at, style):
        yield number, note


def _pair_notes(
    pair: Pair,
    runs: Sequence[ComparedRun],
    spans: dict[int, Span | None],
    style: Style,
    at: float,
) -> list[Sounded]:
    notes: list[Sounded] = []
    lengths = (style.reference, style.tone)
    values = (pair.first, pair.second)
    for run, value, length, pan in zip(
        runs, values, lengths, (-style.pan, style.pan), strict=True
    ):
        note = tone_note(
            Metric.named(run.metric),
            pair.at,
            value,
            pitch_of(value, spans[run.number], style),
            style,
            start=at,
            duration=length,
        )
        notes.append((run.number, replace(note, pan=pan)))
        at += length + _PAIR_GAP
    return notes


def _thinned(pairs: Sequence[Pair]) -> list[Pair]:
    """Return pairs, of many the medians of some at a time."""
    if len(pairs) <= _MOST_PAIRS:
        return list(pairs)
    edges = [len(pairs) * k // _MOST_PAIRS for k in range(_MOST_PAIRS + 1)]
    parts = [pairs[a:b] for a, b in pairwise(edges)]
    return [
        Pair(
            part[-1].at,
            _middle([pair.first for pair in part]),
            _middle([pair.second for pair in part]),
        )
        for part in parts
    ]


def _middle(values: Sequence[float]) -> float:
    """Return the median; NaN where one of them went wrong."""
    return median(values) if all(map(math.isfinite, values)) else math.nan
