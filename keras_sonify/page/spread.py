"""What a picture shows of steps beside medians: spread, spikes, ends of epochs."""

from collections.abc import Iterator

from keras_sonify.page.ruler import Ruler
from keras_sonify.training.points import Spread
from keras_sonify.training.record import Snapshot
from keras_sonify.training.run_points import Points

_MOST_SPIKES = 60  # beyond, they would cover the curves: the largest are drawn
_MOST_EPOCHS = 60  # whose ends are drawn, for the same reason


def spreads_of(
    points: Points, ruler: Ruler, name: str
) -> Iterator[tuple[float, Spread]]:
    """Yield where eight of ten steps of each window lie, with its middle.

    Args:
        points: The run; in epochs, there is none.
        ruler: Its axis.
        name: The metric.
    """
    for index, point in enumerate(points):
        reach = point.reaches.get(name)
        if reach is not None and reach.spread is not None:
            yield ruler.middle(index), reach.spread


def spikes_of(points: Points, ruler: Ruler, name: str) -> list[tuple[float, float]]:
    """Return the largest spikes of a metric: their places, and their values."""
    spikes = [
        (value, row)
        for point in points
        if name in point.reaches
        for row, value in point.reaches[name].spikes
    ]
    return [(ruler.place(row), value) for value, row in sorted(spikes)[-_MOST_SPIKES:]]


def epoch_ends(run: Snapshot) -> list[int]:
    """Return the places of the rows with which an epoch ends, within a run in steps."""
    windows = ((row, run.history.window(row)) for row in range(run.count - 1))
    ends = [row for row, window in windows if window and window.ends_epoch]
    return ends if len(ends) <= _MOST_EPOCHS else []
