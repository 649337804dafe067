"""What a run sounds like to somebody who learns: its summary, by the real composer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from keras_sonify.rules.past import happened_in
from keras_sonify.score.heard import Heard, replay
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.note import Note
from keras_sonify.score.ranges import Ranges
from keras_sonify.training.events import EVENTS
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.record import Snapshot

Columns = Mapping[str, Sequence[float]]

PAUSE = 0.8  # seconds between two runs


def run_sound(columns: Columns, *, told: bool) -> tuple[Note, ...]:
    """Return the summary of a run.

    Args:
        columns: Its values, metric by metric.
        told: Boolean. Whether marks and a word say what happened, as in
            `training.wav`; without them only the tones do.
    """
    return _heard(columns, told=told).summary


def pair_sound(one: Columns, other: Columns) -> tuple[Note, ...]:
    """Return the summaries of two runs, one after the other, on one range.

    Args:
        one: The values of the first, metric by metric.
        other: Those of the second.
    """
    first, second = (_heard(columns, told=False) for columns in (one, other))
    ranges = Ranges(first.hearing.style)
    for heard in (first, second):
        for point in heard.points:
            ranges.include_point(point, heard.metrics)
    spans = {metric.name: ranges.span(metric) for metric in first.metrics}
    first, second = (replace(heard, spans=spans) for heard in (first, second))
    begins = first.summary_frames / first.hearing.style.sample_rate + PAUSE
    later = (replace(note, start=begins + note.start) for note in second.summary)
    return (*first.summary, *later)


def _heard(columns: Columns, *, told: bool) -> Heard:
    """Return a run as it is heard."""
    history = History()
    for epoch, values in enumerate(zip(*columns.values(), strict=True)):
        history.append(epoch, dict(zip(columns, values, strict=True)))
    happened = happened_in(history) if told else []
    sounded = [placed for placed in happened if EVENTS[placed[1].kind].is_heard]
    metrics = tuple(map(Metric.named, columns))
    run = Snapshot(history, len(history), metrics, sounded, happened)
    return replay(run, Hearing(words=told))
