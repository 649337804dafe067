"""What a live page shows of a run under way: its curves, and the latest in words."""

from collections import deque

from keras_sonify.page.curves import curves
from keras_sonify.page.state import State, Told, state_of, waiting
from keras_sonify.score.heard import replay
from keras_sonify.score.hearing import Hearing
from keras_sonify.training.record import Snapshot

_LATEST = 12  # points that are listed
_MOST_EVENTS = 50  # events that are listed, the latest


class Pictured(State):
    """The state of a run with its picture, as a live page is sent it.

    Attributes:
        svg: The curves; empty before the first value.
    """

    svg: str


class Board:
    """Keeps what a live page shows, the newest first.

    Args:
        hearing: How the run is heard: the curves are drawn on its ranges.
    """

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing
        self._latest: deque[Told] = deque(maxlen=_LATEST)

    def note(self, line: str, short: str) -> None:
        """Take in the words of a point, and the same in a few."""
        place = self._latest[0]["place"] + 1 if self._latest else 0
        self._latest.appendleft(Told(place=place, text=line, short=short))

    def state(self, snapshot: Snapshot) -> Pictured:
        """Return what there is to show.

        Args:
            snapshot: The run so far.
        """
        if not snapshot.count:
            return Pictured(**waiting(), svg="")
        heard = replay(snapshot, self._hearing)
        state = state_of(heard, self._latest, most_events=len(snapshot.notable))
        state["events"] = state["events"][: -_MOST_EVENTS - 1 : -1]
        drawn = curves(heard) if snapshot.valued else ""
        return Pictured(**state, svg=drawn)
