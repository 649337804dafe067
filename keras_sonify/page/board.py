"""What a live page shows of a run under way: its curves, and the latest in words."""

from collections import deque
from typing import TypedDict

from keras_sonify.page.curves import curves
from keras_sonify.score.heard import replay
from keras_sonify.score.hearing import Hearing
from keras_sonify.training.record import Snapshot
from keras_sonify.words.text import ending_sentence

_LATEST = 12  # epochs that are listed
_MOST_EVENTS = 50  # events that are listed, the latest


class State(TypedDict):
    """All that a page shows; a newer one replaces it.

    Attributes:
        epochs: How many epochs there have been.
        status: How far the training is, in words.
        ended: Whether it is over.
        svg: The curves; empty before the first epoch.
        latest: The latest epochs in words, the newest first.
        events: What happened, in words, the newest first.
    """

    epochs: int
    status: str
    ended: bool
    svg: str
    latest: list[str]
    events: list[str]


class Board:
    """Keeps what a live page shows.

    Args:
        hearing: How the run is heard: the curves are drawn on its ranges.
    """

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing
        self._latest: deque[str] = deque(maxlen=_LATEST)

    def note(self, line: str) -> None:
        """Take in the words of an epoch."""
        self._latest.appendleft(line)

    def state(self, snapshot: Snapshot) -> State:
        """Return what there is to show.

        Args:
            snapshot: The run so far.
        """
        status = self._status(snapshot)
        # Numbered as their marks in the curves are.
        events = [
            f"{number}. {event.sentence}"
            for number, (_, event) in enumerate(snapshot.notable, start=1)
        ]
        drawn = ""
        if snapshot.valued:
            drawn = curves(replay(snapshot, self._hearing), f"Curves. {status}.")
        return State(
            epochs=snapshot.count,
            status=f"{status}.",
            ended=snapshot.ending is not None,
            svg=drawn,
            latest=list(self._latest),
            events=events[: -_MOST_EVENTS - 1 : -1],
        )

    def _status(self, snapshot: Snapshot) -> str:
        if not snapshot.count:
            return "Waiting for the first epoch"
        epoch = snapshot.history.epoch(snapshot.count - 1)
        if snapshot.ending is not None:
            return ending_sentence(snapshot.ending, epoch, snapshot.planned)
        of = f" of {snapshot.planned}" if snapshot.planned else ""
        return f"Training, epoch {epoch + 1}{of}"
