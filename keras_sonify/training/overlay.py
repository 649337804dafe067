"""Several runs over one another: one history that has a metric for each of them."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from keras_sonify.training.against import OtherRun
from keras_sonify.training.axis import EPOCHS, STEPS, At
from keras_sonify.training.comparison import ComparedRun
from keras_sonify.training.history import History
from keras_sonify.training.points import Window

_MOST_STEPS = 100  # places at which runs in steps are laid over one another


def run_title(number: int) -> str:
    """Return what a run is called where it stands beside others.

    >>> run_title(2)
    'run 2'
    """
    return f"run {number}"


def overlay(runs: Sequence[ComparedRun]) -> History:
    """Return the values of several runs at the same places, in epochs or in steps.

    Only where all count steps, it is by steps. A run has values from its beginning to
    its end, and none beyond.

    Args:
        runs: The runs, of which those without a value are left out.
    """
    known = [run for run in runs if len(run.history)]
    others = {run.number: OtherRun(run.name, run.history) for run in known}
    in_steps = all(run.history.axis is STEPS for run in known)
    whole = History()
    if not known:
        return whole
    ends = {n: (other.history.at(0), other.end) for n, other in others.items()}
    since: int | None = None
    for at in _steps(others.values()) if in_steps else _epochs(others.values()):
        values: dict[str, float] = {}
        for run in known:
            first, last = ends[run.number]
            is_within = _place(first, at) <= at.place <= _place(last, at)
            value = others[run.number].value_at(run.metric, at, since=since)
            if is_within and value is not None:
                values[run_title(run.number)] = value
        steps = at.place - (since if since is not None else at.place - 1)
        window = Window(at.epoch, steps=steps) if in_steps else None
        whole.append(at.place, values, window)
        since = at.place
    return whole


def _place(of: At, beside: At) -> int:
    return of.epoch if beside.axis is EPOCHS else of.place


def _epochs(others: Iterable[OtherRun]) -> list[At]:
    """Return the epochs that some of the runs have, in their order."""
    found = {
        other.history.at(place).epoch
        for other in others
        for place in range(len(other.history))
    }
    return [At(epoch) for epoch in sorted(found)]


def _steps(others: Iterable[OtherRun]) -> list[At]:
    """Return places in steps, evenly apart, from the first to the last of all.

    The epoch in which each of them lies is that of the longest run.
    """
    runs = list(others)
    longest = max(runs, key=lambda run: run.end.place).history
    rows = [longest.at(place) for place in range(len(longest))]
    first = min(run.history.at(0).place for run in runs)
    last = rows[-1].place
    parts = max(min(last - first, _MOST_STEPS), 1)
    places = (first + (last - first) * k // parts for k in range(1, parts + 1))
    at_rows = [row.place for row in rows]
    return [
        At(rows[min(bisect_left(at_rows, place), len(rows) - 1)].epoch, place)
        for place in places
    ]
