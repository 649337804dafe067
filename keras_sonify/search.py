"""A run of a search, held against those before it when it ends."""

from typing import NamedTuple

from keras_sonify.files.directory import RunDirectory
from keras_sonify.files.siblings import siblings
from keras_sonify.score.note import Note
from keras_sonify.score.style import Style
from keras_sonify.score.trial import trial_notes
from keras_sonify.training.axis import At
from keras_sonify.training.best import Best
from keras_sonify.training.metrics import Metric
from keras_sonify.words.comparison import trial_sentence


class TrialEnd(NamedTuple):
    """How a run did beside those before it.

    Attributes:
        notes: The best of them, then its own best value.
        sentence: The same in words.
    """

    notes: tuple[Note, ...]
    sentence: str


def trial_end(
    directory: RunDirectory,
    metric: Metric,
    style: Style,
    *,
    at: At,
    value: float,
    start: float,
) -> TrialEnd | None:
    """Return how a run did in its search; `None` if it is of none, or the first.

    Args:
        directory: That of the run.
        metric: What runs of the search are judged by.
        style: How it sounds.
        at: Where the run was best.
        value: Its value there.
        start: When what sounds before it ends, in seconds.
    """
    before, best = siblings(directory, metric.name), Best(metric.direction)
    for sibling in before:
        best.update(sibling.value, sibling.number)
    if best.found is None:
        return None
    is_best = best.is_better(value)
    values = [sibling.value for sibling in before]
    return TrialEnd(
        trial_notes(metric, value, values, style, at=at, start=start, is_best=is_best),
        trial_sentence(metric, value, best.found, len(before) + 1, is_best=is_best),
    )
