"""Several runs in plain sentences: who is better, where, and by how much."""

from collections.abc import Iterator

from keras_sonify.training.comparison import ComparedRun, Comparison, Difference
from keras_sonify.training.course import Value
from keras_sonify.training.foreign import shown
from keras_sonify.training.metrics import Metric
from keras_sonify.words.text import number, percent

_MOST_TOLD = 10.0  # times: beyond, the share says nothing more
_MOST_NUMBERS = 20  # of runs in a row


def sentences(told: Comparison) -> list[str]:
    """Return what came of comparing runs, a sentence a line, the verdict first.

    Args:
        told: What came of it.
    """
    is_of_many = told.is_sweep and len(told.runs) > 2  # noqa: PLR2004 - a pair
    lines = _sweep(told) if is_of_many else _few(told)
    return [shown(line) for line in lines]


def _few(told: Comparison) -> Iterator[str]:
    yield from _verdict(told)
    yield from _leads(told)
    if len(told.runs) > 2:  # noqa: PLR2004 - of two, the verdict says it
        yield _order(told)
    for run in told.runs:
        yield f"Run {run.number} is {run.name}."
        yield from _course(run)


def _verdict(told: Comparison) -> Iterator[str]:
    name, best, end = shown(told.metric), told.at_best, told.at_end
    if not told.leaders:
        yield f"No run has a finite value of {name}."
        return
    if len(told.leaders) == 1:
        yield f"Run {told.leaders[0]} is better: no other has a finite {name}."
        return
    one, other = (told.run(each) for each in told.leaders)
    both = f"Runs {one.number} and {other.number}"
    if best.ahead is None:
        values = f"{_number(one.best)} and {_number(other.best)}"
        yield f"{both} are level: their best {name} is {values}."
    else:
        yield f"Run {best.ahead} is better: its best {name} is {_by(best, told)}."
    if end.ahead is None:
        yield f"{both} end level."
    elif end.ahead == best.ahead:
        yield f"It also ends better: {_by(end, told)}."
    else:
        yield f"But run {end.ahead} ends better: {_by(end, told)}."


def _by(apart: Difference, told: Comparison) -> str:
    """Return a value and how far another one lies behind it."""
    ahead, behind = (told.run(each) for each in (apart.ahead, apart.behind) if each)
    if apart is told.at_best:
        here, there = _number(ahead.best), _number(behind.best)
    elif behind.wrong_since:
        return f"run {behind.number} is not a number at its end"
    else:
        here, there = _number(ahead.last), _number(behind.last)
    side = "below" if told.direction == "min" else "above"
    if apart.share is None:
        return f"{here}, and {there} in run {behind.number}"
    if apart.share > _MOST_TOLD:
        return f"{here}, far {side} run {behind.number}, {there}"
    return f"{here}, {percent(apart.share)} {side} run {behind.number}"


def _leads(told: Comparison) -> Iterator[str]:
    if len(told.leaders) < 2:  # noqa: PLR2004
        return
    one, other = told.leaders
    if not told.pairs:
        yield f"Runs {one} and {other} have no place in common: nobody led."
    elif not told.leads:
        yield f"Neither run {one} nor run {other} ever led the other."
    else:
        first, *changes = told.leads
        if not changes:
            yield f"Run {first.number} led from {first.at.name} on."
            return
        yield f"Run {first.number} led first."
        for change in changes:
            yield f"Run {change.number} took the lead at {change.at.name}."


def _order(told: Comparison) -> str:
    parts = []
    for each in told.ranking:
        run = told.run(each)
        value = f" ({_number(run.best)})" if run.best else ""
        parts.append(f"run {each}{value}{', failed' if run.has_failed else ''}")
    return f"Best first: {'; '.join(parts)}."


def _course(run: ComparedRun) -> Iterator[str]:
    if run.end is None or run.best is None or run.last is None:
        yield f"It has no finite value of {run.metric}."
    else:
        many = run.end.axis.count(run.count)
        at = f"{run.best.at.name}"
        yield f"{many}: best at {at}, {_number(run.best)}; ends at {_number(run.last)}."
    if run.wrong_since:
        yield f"It has been no finite number since {run.wrong_since.name}."
    if run.is_running:
        yield "It is still being written: this is how it stands now."


def _sweep(told: Comparison) -> Iterator[str]:
    failed = told.failed
    lost = f", {len(failed)} failed" if failed else ", none failed"
    yield f"{len(told.runs)} runs{lost}."
    if told.ranking and not told.run(told.ranking[0]).has_failed:
        best = told.run(told.ranking[0])
        if best.best:
            yield f"Best is run {best.number}: {told.metric} {_number(best.best)}."
            yield f"Run {best.number} is {best.name}."
    if told.median is not None:
        yield f"The median of the runs is {number(told.median)}."
    if len(told.new_bests) > 1:
        yield f"New bests came with {_numbers(told.new_bests)}."
    if failed:
        yield f"Failed: {_numbers(failed)}."
    running = tuple(run.number for run in told.runs if run.is_running)
    if running:
        yield f"Still being written: {_numbers(running)}."


def _numbers(runs: tuple[int, ...]) -> str:
    """Return runs by their numbers; of many, how many more there are."""
    told = ", ".join(map(str, runs[:_MOST_NUMBERS]))
    more = len(runs) - _MOST_NUMBERS
    name = "run" if len(runs) == 1 else "runs"
    return f"{name} {told} and {more} more" if more > 0 else f"{name} {told}"


def _number(value: Value | None) -> str:
    return number(value.value) if value else "no number"


def trial_sentence(
    metric: Metric,
    value: float,
    best: tuple[int, float],
    count: int,
    *,
    is_best: bool,
) -> str:
    """Return how a run of a search did, against the best one before it.

    Args:
        metric: What counts.
        value: Its best value.
        best: The number and the best value of the best run before it.
        count: How many runs there are with it.
        is_best: Boolean. Whether it is the best.
    """
    number_before, before = best
    name = shown(metric.name)
    told = f"{name} {number(value)}, run {number_before} had {number(before)}"
    if is_best:
        return f"It is the best of {count} runs: {told}"
    return f"It is not the best of {count} runs: {told}"
