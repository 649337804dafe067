"""Runs that are to be compared, kept small, and the metric that they share."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from keras_sonify.training.axis import EPOCHS, At
from keras_sonify.training.course import Course, course_of
from keras_sonify.training.directions import Direction
from keras_sonify.training.history import History
from keras_sonify.training.metrics import (
    Metric,
    is_accuracy,
    is_any_loss,
    is_loss,
    is_reward,
    is_setting,
)
from keras_sonify.training.names import family_of, find_name, is_validation
from keras_sonify.training.points import MOST_POINTS, Window

_MOST = 20  # metrics of a run that are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A run that is to be compared: of its values a thousand points are kept.

    Attributes:
        name: What it is called.
        courses: What each metric did, by its name; empty if it has no value.
        history: Its points; of a long run, windows.
        count: How many epochs or steps it had.
        end: Where it ended; `None` if it never began.
        has_failed: Whether somebody says that it failed.
        is_running: Whether it is still being written.
        score: The metric that it was searched by, where somebody says; else empty.
    """

    name: str
    courses: Mapping[str, Course]
    history: History = field(default_factory=History, compare=False, repr=False)
    count: int = 0
    end: At | None = None
    has_failed: bool = False
    is_running: bool = False
    score: str = ""


def candidate_of(
    name: str,
    history: History,
    directions: Mapping[str, Direction] | None = None,
    *,
    asked: str | None = None,
    has_failed: bool = False,
    is_running: bool = False,
    score: str = "",
) -> Candidate:
    """Return a run as one that can be compared.

    Args:
        name: What to call it.
        history: The run, as it was recorded.
        directions: Which way families improve, where more than names tell. Defaults to
            none.
        asked: The metric that the user named. Defaults to `None`.
        has_failed: Boolean. Whether somebody says that it failed. Defaults to `False`.
        is_running: Boolean. Whether it is still being written. Defaults to `False`.
        score: The metric that it was searched by. Defaults to `""`: nobody says.
    """
    count = len(history)
    kept = [*_of_family(asked, history.names)] if asked else ranked(history.names)
    metrics = [Metric.named(each, directions) for each in kept[:_MOST]]
    end = history.at(count - 1) if count else None
    steps = end.place - history.before(count) if end and end.axis is not EPOCHS else 0
    return Candidate(
        name=name,
        courses={metric.name: course_of(metric, history) for metric in metrics},
        history=_thinned(history, {metric.name for metric in metrics}),
        count=steps or count,
        end=end,
        has_failed=has_failed,
        is_running=is_running,
        score=score,
    )


def ranked(names: Iterable[str]) -> list[str]:
    """Sort metrics by how much they say of a run; without what sets or clocks it.

    What an agent is trained for comes first, then losses and accuracies on validation
    data, then those of the training, then all else.
    """

    def turn(name: str) -> tuple[bool, ...]:
        return (
            not is_reward(name),
            not (is_loss(name) and is_validation(name)),
            not (is_any_loss(name) and is_validation(name)),
            not (is_accuracy(name) and is_validation(name)),
            not is_loss(name),
            not is_any_loss(name),
            not is_accuracy(name),
        )

    return sorted((name for name in names if not is_setting(name)), key=turn)


def shared_metric(candidates: Sequence[Candidate], *, of_most: bool) -> str | None:
    """Return the metric by which runs are compared; `None` if they share none.

    Args:
        candidates: The runs.
        of_most: Boolean. Whether it is enough that half of them have it, as in a
            search, in which some trials fail.
    """
    having = [each for each in candidates if each.courses]
    if not having:
        return None
    least = len(having) / 2 if of_most else len(having)
    wanted = Counter(each.score for each in having if each.score)
    names = [name for name, _ in wanted.most_common()]
    names += ranked(dict.fromkeys(name for each in having for name in each.courses))
    # Validated once in a run of steps, a metric says nothing of how it went.
    names.sort(key=lambda name: any(_is_lone(each, name) for each in having))
    for name in names:
        found = sum(own_name(each, name) is not None for each in having)
        if found >= least:
            return name
    return None


def _is_lone(candidate: Candidate, metric: str) -> bool:
    course = candidate.courses.get(own_name(candidate, metric) or "")
    return candidate.count > 1 and course is not None and course.count == 1


def own_name(candidate: Candidate, metric: str) -> str | None:
    """Return what a run calls a metric; `None` if it has no value of it."""
    return find_name(metric, candidate.courses)


def _of_family(asked: str, names: Sequence[str]) -> Iterable[str]:
    found = find_name(asked, names)
    if found is None:
        return []
    kin = [each for each in names if family_of(each) == family_of(found)]
    return dict.fromkeys([found, *kin])


def _thinned(history: History, names: set[str]) -> History:
    """Return the points of a run, with some of its metrics only."""
    kept = History()
    count = len(history)
    if history.axis is EPOCHS and count <= MOST_POINTS:
        for place, (at, values) in enumerate(history.rows(count)):
            row = {name: value for name, value in values.items() if name in names}
            kept.append(at, row, history.window(place))
        return kept
    for point in history.points(count):
        reaches = {n: reach for n, reach in point.reaches.items() if n in names}
        window = None
        if history.axis is not EPOCHS:
            window = Window(
                point.epoch,
                steps=point.steps,
                spreads={n: r.spread for n, r in reaches.items() if r.spread},
                ends_epoch=not point.is_within,
            )
        values = {name: reach.value for name, reach in reaches.items()}
        kept.append(point.at.place, values, window)
    return kept
