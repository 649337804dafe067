"""What is said when a run has ended: how, where it was best, where its files are."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from keras_sonify.score.cue import Reading
from keras_sonify.score.held import Beside
from keras_sonify.training.against import OtherRun, best_of
from keras_sonify.training.axis import EPOCHS, UNPLANNED, At, Axis, Plan
from keras_sonify.training.directions import Direction
from keras_sonify.training.events import EVENTS, EventKind
from keras_sonify.training.foreign import shown
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.record import Record
from keras_sonify.words.text import beside, number


def ending_sentence(kind: EventKind, at: At, plan: Plan = UNPLANNED) -> str:
    """Return the words for a training's end.

    >>> ending_sentence("finished", At(0, 5000), Plan(1, 5000))
    'Training finished after step 5000 of 5000, epoch 1 of 1'

    Args:
        kind: How it ended.
        at: Where it was then.
        plan: How much there was to be of it. Defaults to what nobody knows.
    """
    return f"Training {EVENTS[kind].ending} after {at.within(plan)}"


def died_sentence(at: At | None, plan: Plan = UNPLANNED) -> str:
    """Return the words for a training whose program is gone, which nobody else tells.

    Args:
        at: Where it was then; `None` before the first value.
        plan: How much there was to be of it. Defaults to what nobody knows.
    """
    when = f"after {at.within(plan)}" if at else f"in its first {EPOCHS.unit}"
    return f"Training died {when}: its program is gone."


def files_sentence(directory: str, files: Sequence[str]) -> str:
    """Return the line that says where the files are."""
    return shown(f"Sound files in {directory}: {', '.join(files)}")


def best_lines(
    best: tuple[str, At, float],
    last: At,
    record: Record,
    directions: Mapping[str, Direction],
) -> list[str]:
    """Return where a run was best, and how that is beside the other run, a line each.

    Args:
        best: The name of the monitored metric, where it was best, and its value there.
        last: Where the run ended.
        record: The run.
        directions: Which way each family improves.
    """
    metric = Metric.named(best[0], directions)
    return [
        best_sentence(*best, last),
        *best_beside(metric, record.history, record.against),
    ]


def best_sentence(name: str, at: At, value: float, last: At) -> str:
    """Return the line that tells where the monitored metric was best.

    Args:
        name: The metric.
        at: Where it was best.
        value: Its value there.
        last: Where the run ended.
    """
    back = last.place - at.place
    where = f"{back} before the last" if back else "the last"
    return f"Best {shown(name)}: {number(value)} at {at.name}, {where}"


def best_beside(metric: Metric, history: History, other: OtherRun | None) -> list[str]:
    """Return the line that holds a run's best value against that of the other one.

    Args:
        metric: The metric.
        history: The run.
        other: The other run; `None` if there is none.

    Returns:
        No line where there is nothing to hold it against.
    """
    if other is None or other.opposes(metric):
        return []
    own, there = best_of(history, metric), other.best(metric)
    if own is None or there is None:
        return []
    at, value = there
    reading = Reading(metric=metric, value=own[1], best=None, is_best=True)
    told = beside(reading, Beside("its best", value, at))
    return [shown(f"Beside {other.name}: {told}, {number(value)} at {at.name}")]


def short_path(path: Path) -> str:
    """Return a path as short as it can be told from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (OSError, ValueError):
        return str(path)


def dropped_sentence(dropped: int, axis: Axis = EPOCHS) -> str:
    """Return the line that owns up to cues that were not played."""
    cues = "1 cue was" if dropped == 1 else f"{dropped} cues were"
    return (
        f"{cues} not played live because a newer one was ready; "
        f"the files hold all {axis.units}"
    )
