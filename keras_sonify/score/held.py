"""What the values of a run are held against, where that is another run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from keras_sonify.training.against import OtherRun
from keras_sonify.training.axis import EPOCHS, At
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Point


class Beside(NamedTuple):
    """What a value is held against.

    Attributes:
        name: What the other run is called.
        value: Its value; may be NaN or infinite.
        at: Where it had that value.
    """

    name: str
    value: float
    at: At


@dataclass(frozen=True, slots=True)
class Held:
    """What is to be known of the other run in a cue.

    Attributes:
        other: The other run: its values at the same place are the references.
        is_heard: Whether references sound, in this style.
        is_first: Whether this is the first cue that is held against it.
        is_over: Whether it ended before this cue, and not before the one before.
    """

    other: OtherRun
    is_heard: bool = True
    is_first: bool = False
    is_over: bool = False


class Holder:
    """Holds the cues of a run against another one, in their order.

    Args:
        other: The other run; `None` if there is none.
        is_heard: Boolean. Whether references sound. Defaults to `True`.
    """

    def __init__(self, other: OtherRun | None, *, is_heard: bool = True) -> None:
        self._other = other
        self._is_heard = is_heard
        self._has_begun = self._was_over = False

    def hold(self, at: At) -> Held | None:
        """Return what there is to be known in the next cue; `None` without a run."""
        other = self._other
        if other is None:
            return None
        is_over = other.is_over_at(at)
        held = Held(
            other,
            is_heard=self._is_heard,
            is_first=not self._has_begun,
            is_over=is_over and not self._was_over,
        )
        self._has_begun, self._was_over = True, is_over
        return held

    def tell_again(self) -> None:
        """Have the next cue tell what has been told: nobody has heard it yet."""
        self._has_begun = self._was_over = False

    def beside(
        self, at: At, metrics: Sequence[Metric], window: Point | None = None
    ) -> Mapping[str, Beside]:
        """Return the values of the other run at the same place, by metric.

        Args:
            at: The place.
            metrics: What is heard there. One that the other run lacks, or that is
                known to improve the other way there, has none.
            window: The point, where it stands for more than that place. Defaults to
                `None`.
        """
        other = self._other
        if other is None:
            return {}
        since = None if window is None else _since(window)
        found = {
            metric.name: other.value_at(metric.name, at, since=since)
            for metric in metrics
            if not other.opposes(metric)
        }
        there = other.beside(at)
        return {
            name: Beside(other.name, value, there)
            for name, value in found.items()
            if value is not None
        }


def _since(point: Point) -> int:
    """Return the place on the axis after which a point begins."""
    if point.at.axis is EPOCHS:
        return point.first.place - 1
    return point.at.place - point.steps
