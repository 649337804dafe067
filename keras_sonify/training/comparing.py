"""From runs to what comes of comparing them."""

import math
from collections.abc import Sequence
from dataclasses import replace

from keras_sonify.training.candidates import Candidate, own_name
from keras_sonify.training.comparison import (
    MOST_RUNS,
    ComparedRun,
    Comparison,
    Difference,
    LeadChange,
)
from keras_sonify.training.course import Course, course_of
from keras_sonify.training.directions import Direction
from keras_sonify.training.leads import Pair, find_leads, pair_up
from keras_sonify.training.metrics import Metric
from keras_sonify.training.noise import is_level
from keras_sonify.training.points import median

_FEWEST = 2  # runs with a course, of which one can be heard after the other


def compare_runs(
    candidates: Sequence[Candidate], metric: str, direction: Direction
) -> Comparison:
    """Return what comes of comparing runs.

    Args:
        candidates: The runs.
        metric: The metric.
        direction: Which way it improves.
    """
    curves = sum(each.count > 1 for each in candidates)
    is_sweep = len(candidates) > MOST_RUNS or curves < _FEWEST
    courses = [_course(each, metric, direction) for each in candidates]
    runs = tuple(
        _run(number, each, course, is_sweep=is_sweep)
        for number, (each, course) in enumerate(
            zip(candidates, courses, strict=True), start=1
        )
    )
    sign = 1.0 if direction == "min" else -1.0

    def turn(run: ComparedRun) -> tuple[bool, float]:
        return run.has_failed, sign * run.best.value if run.best else math.inf

    ranking = tuple(run.number for run in sorted(runs, key=turn))
    with_best = [number for number in ranking if runs[number - 1].best]
    sound = [number for number in with_best if not runs[number - 1].has_failed]
    leaders = tuple(sorted(with_best[:2]))
    at_best = at_end = Difference()
    pairs: list[Pair] = []
    if len(leaders) > 1:
        one, other = leaders
        at_best = _apart(leaders, courses, sound, at_end=False)
        at_end = _apart(leaders, courses, sound, at_end=True)
        first, second = runs[one - 1], runs[other - 1]
        pairs = pair_up(first.history, second.history, metric)
    ahead = at_best.ahead or at_end.ahead
    return Comparison(
        metric=metric,
        direction=direction,
        runs=runs,
        ranking=ranking,
        winner=sound[0] if len(sound) == 1 else ahead,
        leaders=leaders,
        at_best=at_best,
        at_end=at_end,
        leads=tuple(
            LeadChange(lead.at, leaders[lead.is_second])
            for lead in find_leads(pairs, direction)
        ),
        pairs=tuple(pairs),
        median=_median([runs[number - 1] for number in sound]),
        is_sweep=is_sweep,
    )


def _median(runs: Sequence[ComparedRun]) -> float | None:
    values = [run.best.value for run in runs if run.best]
    return median(values) if values else None


def _course(candidate: Candidate, metric: str, direction: Direction) -> Course:
    """Return what the metric did in a run, judged by the direction of all."""
    name = own_name(candidate, metric)
    if name is None:
        return Course(metric=Metric.named(metric))
    course = candidate.courses[name]
    if course.metric.direction == direction:
        return course
    known = replace(course.metric, direction=direction)
    return course_of(known, candidate.history)


def _run(
    number: int, candidate: Candidate, course: Course, *, is_sweep: bool
) -> ComparedRun:
    is_gone = course.best is None or course.wrong_since is not None
    return ComparedRun(
        number=number,
        name=candidate.name,
        metric=course.metric.name,
        count=candidate.count,
        end=candidate.end,
        first=course.first,
        best=course.best,
        last=course.last,
        wrong_since=course.wrong_since,
        has_failed=is_gone or (is_sweep and candidate.has_failed),
        is_running=candidate.is_running,
        history=candidate.history,
    )


def _apart(
    leaders: Sequence[int],
    courses: Sequence[Course],
    sound: Sequence[int],
    *,
    at_end: bool,
) -> Difference:
    """Return how far two runs are apart, at their best or at their ends.

    Args:
        leaders: Their numbers.
        courses: What the metric did in all runs.
        sound: Those that have not failed: at its end, one that has is behind.
        at_end: Boolean. Whether it is at their ends.
    """
    here, there = (courses[number - 1] for number in leaders)
    one, other = (course.last if at_end else course.best for course in (here, there))
    if at_end and len({*leaders} & {*sound}) == 1:
        ahead = next(number for number in leaders if number in sound)
        return Difference(ahead, sum(leaders) - ahead)
    if one is None or other is None:
        return Difference()
    errors = (
        (here.error_of_last, there.error_of_last)
        if at_end
        else (here.error_of_best, there.error_of_best)
    )
    if is_level(one.value, other.value, *errors):
        return Difference()
    is_rising = here.metric.direction == "max"
    is_second = (other.value > one.value) is is_rising
    behind = one.value if is_second else other.value
    gap = abs(
        one.value / 2 - other.value / 2
    )  # their distance may be beyond all floats
    share = 2 * (gap / abs(behind)) if behind and one.value * other.value > 0 else None
    return Difference(leaders[is_second], leaders[not is_second], share)
