"""A search in some seconds: a tone a run, in order, of its best value.

A new best is followed by the figure for news; a run that failed is noise. At the end
the best run is said, digit by digit.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from keras_sonify.score.counting import run_name, said
from keras_sonify.score.earcons import earcon
from keras_sonify.score.note import Note
from keras_sonify.score.ranges import Ranges
from keras_sonify.score.style import Style
from keras_sonify.score.tones import pitch_of, tone_note
from keras_sonify.training.axis import At
from keras_sonify.training.comparison import ComparedRun, Comparison
from keras_sonify.training.metrics import Metric

_ALL = 12.0  # seconds for all tones
_LONGEST, _SHORTEST = 0.15, 0.05  # seconds for one
_MOST_FIGURES = 20  # of four seconds together; further ones are those that gain most
_GAP = 0.04  # seconds around a figure
_TONE = 0.8  # of its time in which a run sounds
_PAUSE = 0.4  # seconds before the best is said


def sweep_notes(told: Comparison, style: Style) -> Iterator[tuple[int, Note]]:
    """Yield all that is heard of a search, in at most twenty seconds.

    Of more than 240 runs, several in a row share a tone: that of the best of them.

    Args:
        told: What came of comparing the runs.
        style: How it sounds.

    Yields:
        Notes, each after the number of its run.
    """
    metric = Metric.named(told.metric)
    metric = replace(metric, direction=told.direction)
    values = {run.number: _value(run) for run in told.runs}
    ranges = Ranges(style, alone=True)
    for value in values.values():
        ranges.include(metric, value)
    span = ranges.span(metric)
    groups = _groups([run.number for run in told.runs])
    slot = min(max(_ALL / len(groups), _SHORTEST), _LONGEST)
    news = _loudest(told, values)
    at = 0.0
    for group in groups:
        number = _best_of(group, told, values)
        value = values[number]
        run = told.run(number)
        note = tone_note(
            metric,
            run.end or At(0),
            value,
            pitch_of(value, span, style),
            style,
            start=at,
            duration=_TONE * slot,
        )
        yield number, replace(note, pan=0.0)
        at += slot
        if number in news:
            figure = earcon("best", style, start=at + _GAP, words=False)
            yield from ((number, each) for each in figure)
            at = figure[-1].end + _GAP
    if told.new_bests:
        best = told.new_bests[-1]
        words = said(run_name(best), at + _PAUSE, style)
        yield from ((best, note) for note in words)


def _value(run: ComparedRun) -> float:
    return math.nan if run.has_failed or run.best is None else run.best.value


def _groups(numbers: Sequence[int]) -> list[Sequence[int]]:
    size = math.ceil(len(numbers) / (_ALL / _SHORTEST))
    return [numbers[k : k + size] for k in range(0, len(numbers), size)]


def _best_of(group: Sequence[int], told: Comparison, values: dict[int, float]) -> int:
    """Return which of some runs sounds: the best one; if all failed, the first."""
    sign = 1.0 if told.direction == "min" else -1.0
    sound = [number for number in group if math.isfinite(values[number])]
    return min(sound, key=lambda number: sign * values[number], default=group[0])


def _loudest(told: Comparison, values: dict[int, float]) -> set[int]:
    """Return the new bests that have a figure: of many those that gain most."""
    bests = told.new_bests[1:]  # the first one is none that anybody waits for
    gains = {
        number: abs(values[number] - values[before])
        for before, number in zip(told.new_bests, bests, strict=False)
    }
    return {*sorted(bests, key=lambda number: -gains[number])[:_MOST_FIGURES]}
