"""Runs over one another as they are heard place by place: each is a voice of its own.

The two best sound left and right: the first one's tone, then the second one's. All are
on one range, also alone, so that the same pitch is the same value in each of them.
"""

from collections.abc import Iterator
from dataclasses import replace

from keras_sonify.score.heard import Heard
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.ranges import Ranges, values_in
from keras_sonify.score.style import Style
from keras_sonify.training.axis import STEPS
from keras_sonify.training.comparison import MOST_RUNS, ComparedRun, Comparison
from keras_sonify.training.events import Event
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.overlay import overlay, run_title
from keras_sonify.training.record import Placed, Snapshot


def hear_beside(told: Comparison, style: Style) -> Heard | None:
    """Return runs over one another; `None` if there are no two curves to be laid so.

    Args:
        told: What came of comparing them: of many, the nine best are meant.
        style: How it sounds.
    """
    if len(told.leaders) < 2:  # noqa: PLR2004 - one over nothing
        return None
    best = sorted(told.ranking[:MOST_RUNS])
    runs = [told.run(number) for number in best if told.run(number).best]
    if sum(run.count > 1 for run in runs) < 2:  # noqa: PLR2004 - as above
        return None
    whole = overlay(runs)
    metrics = [_voice(run, told) for run in runs]
    first, second = (
        next(m for m in metrics if m.name == run_title(number))
        for number in told.leaders
    )
    ordered = [first, second, *(m for m in metrics if m not in (first, second))]
    events = tuple(_lead_changes(told, whole))
    snapshot = Snapshot(whole, len(whole), ordered, sounded=events, happened=events)
    # References would be those of each run to itself.
    plain = replace(style, reference=0.0)
    points = snapshot.points(is_full=snapshot.axis is STEPS)  # windows as they are
    ranges = Ranges(plain)
    for point in points:
        for metric, value in values_in(point, snapshot.valued):
            ranges.include(metric, value)
    spans = {metric.name: ranges.span(metric) for metric in snapshot.valued}
    return Heard(
        snapshot,
        Hearing(style=plain, asked=(first.name, second.name)),
        points,
        spans=spans,
        own_spans=spans,
        voices=(first, second),
    )


def _voice(run: ComparedRun, told: Comparison) -> Metric:
    """Return a run as a voice: the second of the two best as validation is heard."""
    return Metric(
        name=run_title(run.number),
        family=told.metric,
        validation=run.number == told.leaders[-1],
        direction=told.direction,
    )


def _lead_changes(told: Comparison, whole: History) -> Iterator[Placed]:
    """Yield where the lead was taken from the other one, each with its row."""
    rows = {whole.at(row).place: row for row in range(len(whole))}
    for lead in told.leads[1:]:
        later = (place for place in rows if place >= lead.at.place)
        place = min(later, default=None)
        if place is not None:
            at = whole.at(rows[place])
            text = f"{run_title(lead.number)} takes the lead"
            yield (
                rows[place],
                Event(kind="ahead", epoch=at.epoch, text=text, step=at.step),
            )
