"""How a run gets on in time: since when, how fast, and how long there is to go."""

from collections import deque
from statistics import median
from typing import TypedDict

from keras_sonify.training.axis import At, Plan

_REMEMBERED = 10  # points from which the pace is told


class Clock(TypedDict):
    """How a run gets on, all in seconds; `None` where nobody knows.

    Attributes:
        so_far: Since it began.
        since: Since its last point.
        each: That an epoch, or a step, takes.
        left: Until it is over.
    """

    so_far: float | None
    since: float | None
    each: float | None
    left: float | None


class Pace:
    """Takes note of when points come.

    Args:
        now: When the run begins, in seconds of any clock.
    """

    def __init__(self, now: float) -> None:
        self._begun: float | None = now
        self._last: float | None = now
        self._at: At | None = None
        self._has_heard = False
        self._each: deque[float] = deque(maxlen=_REMEMBERED)

    def heard(self, at: At, now: float, *, is_past: bool = False) -> None:
        """Take note of a point.

        Args:
            at: Where it lies.
            now: The time, by the same clock.
            is_past: Boolean. Whether it is not news: it came when nobody listened, or
                another one came with it. Defaults to `False`.
        """
        if is_past:
            if not self._has_heard:
                self._begun, self._last, self._at = None, None, at
            return
        places = self._places_until(at)
        if places > 0 and self._last is not None:
            self._each.append((now - self._last) / places)
        self._last, self._at, self._has_heard = now, at, True

    def _places_until(self, at: At) -> int:
        """Return how many epochs, or steps, a point is after the last; 0 if unknown."""
        if self._at is not None:
            return at.place - self._at.place
        return 1 if at.step is None else 0  # it may go on with another run

    def clock(self, plan: Plan, now: float, *, is_over: bool = False) -> Clock:
        """Return how the run gets on.

        Args:
            plan: How much there is to be of it.
            now: The time, by the same clock.
            is_over: Boolean. Whether it has ended. Defaults to `False`.
        """
        each = median(self._each) if self._each else None
        is_under_way = self._at is not None and self._last is not None and not is_over
        since = now - self._last if is_under_way and self._last is not None else None
        return Clock(
            so_far=None if self._begun is None else now - self._begun,
            since=since,
            each=each,
            left=self._left(plan, each, since),
        )

    def _left(
        self, plan: Plan, each: float | None, since: float | None
    ) -> float | None:
        if self._at is None or each is None or since is None:
            return None
        many = plan.epochs if self._at.step is None else plan.steps
        if many is None:
            return None
        return max((many - self._at.number) * each - since, 0)
