"""What a picture shows of steps beside medians: spread, spikes, ends of epochs."""

from collections.abc import Callable

from keras_sonify.page.ruler import Ruler
from keras_sonify.training.history import Points
from keras_sonify.training.record import Snapshot

_MOST_SPIKES = 60  # beyond, they would cover the curves: the largest are drawn
_MOST_EPOCHS = 60  # whose ends are drawn, for the same reason

Place = Callable[[float], float]


def noise_of(points: Points, ruler: Ruler, name: str, x: Place, y: Place) -> str:
    """Return the band in which eight of ten steps lie, and the spikes.

    Args:
        points: The run; in epochs, there is neither.
        ruler: Its axis.
        name: The metric.
        x: Returns where a place of the axis lies in the picture.
        y: Returns where a value lies.
    """
    upper: list[str] = []
    lower: list[str] = []
    spikes: list[tuple[float, int]] = []
    for index, point in enumerate(points):
        reach = point.reaches.get(name)
        if reach is None:
            continue
        if reach.spread is not None:
            low, high = reach.spread
            place = x(ruler.middle(index))
            upper.append(f"{place:.1f} {y(high):.1f}")
            lower.append(f"{place:.1f} {y(low):.1f}")
        spikes += [(value, row) for row, value in reach.spikes]
    drawn = ""
    if len(upper) > 1:
        drawn = f'<path class="band" d="M{"L".join([*upper, *reversed(lower)])}Z"/>'
    for value, row in sorted(spikes)[-_MOST_SPIKES:]:
        place, height = x(ruler.place(row)), y(value)
        diamond = f"M{place:.1f} {height - 5:.1f}l4 5l-4 5l-4 -5Z"
        drawn += f'<path class="spike" d="{diamond}"/>'
    return drawn


def epoch_ends(run: Snapshot) -> list[int]:
    """Return the places of the rows with which an epoch ends, within a run in steps."""
    windows = ((row, run.history.window(row)) for row in range(run.count - 1))
    ends = [row for row, window in windows if window and window.ends_epoch]
    return ends if len(ends) <= _MOST_EPOCHS else []
