"""The best point of a run: that of the value that the run is judged by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keras_sonify.page.ruler import Ruler
from keras_sonify.score.heard import Heard
from keras_sonify.words.verdict import best_of


@dataclass(frozen=True, slots=True)
class BestPoint:
    """The best point of a run.

    Attributes:
        marked: The metric, the row of its best value, and that value.
        index: Which point it is.
        middle: Where the middle of that point lies along the axis; see `Ruler`.
    """

    marked: tuple[str, int, float]
    index: int
    middle: float


def best_point(heard: Heard, description: Mapping[str, Any]) -> BestPoint | None:
    """Return the best point of a run; `None` if there is none.

    Args:
        heard: The run.
        description: What `describe_snapshot` returned of it.
    """
    found = best_of(description)
    if found is None:
        return None
    (name, best), run = found, heard.run
    number = best[run.axis.unit]
    rows = (row for row in range(run.count) if run.history.at(row).number == number)
    row = next(rows, None)
    if row is None:
        return None
    index = heard.points.index(row)
    return BestPoint(
        (name, row, best["value"]), index, Ruler(heard.points).middle(index)
    )
