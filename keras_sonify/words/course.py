"""What a metric did in a run, as plain data; in steps, in spite of their noise.

A single batch says nothing of the trend: in steps, values are medians of windows. The
best and the last are those of twentieths of the run, lest the luckiest of many short
windows be taken for the best. Validation is measured on all that there is: its values
are taken as they are.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from keras_sonify.training.axis import EPOCHS, At
from keras_sonify.training.best import Best
from keras_sonify.training.events import in_four_digits
from keras_sonify.training.jitter import jitter
from keras_sonify.training.metrics import Metric
from keras_sonify.training.noise import error_of, is_level, noise_share
from keras_sonify.training.points import median
from keras_sonify.training.record import Snapshot
from keras_sonify.training.run_points import Points

End = Literal["improving", "level", "worse"]
"""How a metric ends: still getting better, as good as its best, or worse."""

_PARTS = 20  # of a run, of which the best and the last are told
_LEAST_GAIN = 0.005  # from one quarter of a run to the next, or it has levelled off
_FEW = 12  # windows: too few to tell that a run has levelled off
_SURE = 2.0  # errors by which it gains if it is not by chance
_LATE = 0.05  # of the values, or two: a best one that late is one at the end


def course_of(metric: Metric, points: Points) -> dict[str, Any]:
    """Return what a metric did in the points of a run; see `describe_run`."""
    finite: list[tuple[At, float]] = []
    wrong: list[At] = []
    kinds: dict[str, None] = {}
    best, count = Best(metric.direction), 0
    for point in points:
        reach = point.reaches.get(metric.name)
        if reach is None:
            continue
        count += reach.wrong
        for place, value in reach.moments:
            best.update(value, place)
            if math.isfinite(value):
                finite = [*finite[:1], (points.at(place), value)]
            else:
                wrong = [*wrong[:1], points.at(place)]
                kinds[in_four_digits(value)] = None
    at_best = None if best.found is None else (points.at(best.found[0]), best.found[1])
    return {
        "direction": metric.direction,
        "first": _told(finite[0] if finite else None),
        "best": _told(at_best),
        "last": _told(finite[-1] if finite else None),
        "went_wrong": count,
        "went_wrong_as": " or ".join(sorted(kinds)) or None,
        "went_wrong_first": wrong[0].number if wrong else None,
        "went_wrong_last": wrong[-1].number if wrong else None,
    }


def course_in_steps(metric: Metric, run: Snapshot) -> dict[str, Any]:
    """Return the same of a run in steps, with its noise, its spikes and how it ends.

    Args:
        metric: The metric.
        run: The run.
    """
    points = run.points()
    course = {**course_of(metric, points), **_wrong_steps(metric, run)}
    if metric.validation:
        values = [value for _, value in _values_of(metric, run) if math.isfinite(value)]
        return {**course, "values": len(values), "end": _exact_end(metric, values)}
    spikes = [
        each
        for point in points
        if metric.name in point.reaches
        for each in point.reaches[metric.name].spikes
    ]
    largest = max(spikes, key=lambda each: each[1], default=None)
    return {
        **course,
        **_trend(metric, run, points),
        "spikes": len(spikes),
        "largest_spike": largest and _told((points.at(largest[0]), largest[1])),
    }


def _told(value: tuple[At, float] | None) -> dict[str, float] | None:
    """Return a value with its place, as plain data."""
    if value is None:
        return None
    at = value[0]
    epoch = {} if at.axis is EPOCHS else {EPOCHS.unit: EPOCHS.number(at.epoch)}
    return {at.axis.unit: at.number, **epoch, "value": value[1]}


@dataclass(frozen=True, slots=True)
class _Part:
    """The median of a part of a run, and how far it may be off by chance."""

    at: At
    value: float
    error: float


def _parts(metric: Metric, points: Points) -> list[_Part]:
    """Return the finite medians of the points of a run."""
    reaches = ((point.at, point.reaches.get(metric.name)) for point in points)
    found = [
        (at, reach)
        for at, reach in reaches
        if reach is not None and reach.moments and math.isfinite(reach.value)
    ]
    # Also by how the medians lie: noise may hang together from step to step.
    least = jitter([reach.value for _, reach in found])
    return [_Part(at, reach.value, max(error_of(reach), least)) for at, reach in found]


def _trend(metric: Metric, run: Snapshot, points: Points) -> dict[str, Any]:
    """Return the best and the last value in spite of the noise, and how it ends."""
    parts = run.points(most=_PARTS)
    noise = noise_share(parts, metric.name)
    coarse, fine = _parts(metric, parts), _parts(metric, points)
    told = {"noise_percent": None if noise is None else round(100.0 * noise, 2)}
    found = Best(metric.direction)
    for place, part in enumerate(coarse):
        found.update(part.value, place)
    if found.at is None:
        return {**told, "values": len(coarse), "end": None}
    last, very_last = coarse[-1], fine[-1]
    # What happens in the very end is not passed over for being short.
    if not _are_level(very_last, last):
        last, found = very_last, Best(metric.direction)
        for place, part in enumerate([*coarse[:-1], last]):
            found.update(part.value, place)
    best = [*coarse[:-1], last][found.at or 0]
    end: End = "worse"
    if _are_level(last, best):
        end = "improving" if _still_improves(metric, fine) else "level"
    return {
        **told,
        "best": _told((best.at, best.value)),
        "last": _told((last.at, last.value)),
        "values": len(coarse),
        "end": end,
    }


def _are_level(one: _Part, other: _Part) -> bool:
    return is_level(one.value, other.value, one.error, other.error)


def _still_improves(metric: Metric, parts: Sequence[_Part]) -> bool:
    """Whether the end of a run is better than what comes before it.

    Its last third is, beyond the noise, than the third before, and so that it is no
    news of long ago, its last quarter than the quarter before.
    """
    if len(parts) < _FEW:
        return True
    sign = -1.0 if metric.direction == "min" else 1.0
    for share, errors in ((3, _SURE), (4, 0.0)):
        size = len(parts) // share
        after, before = parts[-size:], parts[-2 * size : -size]
        middle = median([part.value for part in before])
        gain = sign * (median([part.value for part in after]) - middle)
        error = median([part.error for part in before]) * math.sqrt(2.0 / size)
        if gain < max(_LEAST_GAIN * abs(middle), errors * error):
            return False
    return True


def _exact_end(metric: Metric, values: Sequence[float]) -> End | None:
    """Return how a metric ends whose values have no noise."""
    best = Best(metric.direction)
    for place, value in enumerate(values, start=1):
        best.update(value, place)
    if best.at is None:
        return None
    is_late = len(values) - best.at < max(_LATE * len(values), 2)
    return "improving" if is_late else "worse"


def _values_of(metric: Metric, run: Snapshot) -> Iterator[tuple[int, float]]:
    """Yield the values of a metric, each with the place of its row."""
    for place, (_, values) in enumerate(run.history.rows(run.count)):
        if metric.name in values:
            yield place, values[metric.name]


def _wrong_steps(metric: Metric, run: Snapshot) -> dict[str, Any]:
    """Return how many steps went wrong, and since when none has not."""
    count, since = 0, None
    for place, value in _values_of(metric, run):
        if math.isfinite(value):
            since = None
            continue
        window = run.history.window(place)
        count += window.steps if window else 1
        since = run.history.at(place).number if since is None else since
    return {"went_wrong": count, "went_wrong_since": since}
