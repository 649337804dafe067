"""What a live page shows of a run under way: its curves, and the latest of it."""

import time
from collections import deque

from keras_sonify.page.curves import curves
from keras_sonify.page.latest import Latest, Table
from keras_sonify.page.pace import Clock, Pace
from keras_sonify.page.state import State, Told, state_of, waiting
from keras_sonify.score.cue import Cue
from keras_sonify.score.heard import replay
from keras_sonify.score.hearing import Hearing
from keras_sonify.training.events import EVENTS
from keras_sonify.training.foreign import shown
from keras_sonify.training.record import Snapshot
from keras_sonify.words.short import short_sentence

_MOST_EVENTS = 50  # events that are listed, the latest


class Pictured(State):
    """The state of a run with its picture, as a live page is sent it.

    Attributes:
        title: The state in a word or two, for the page's tab: it does not change with
            each point.
        clock: How it gets on in time.
        latest: Its latest points.
        name: What the run is called; empty where nobody knows.
        svg: The curves; empty before the first value.
    """

    title: str
    clock: Clock
    latest: Table
    name: str
    svg: str


class Board:
    """Keeps what a live page shows, the newest first.

    Args:
        hearing: How the run is heard: the curves are drawn on its ranges.
    """

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing
        self._latest = Latest()
        self._pace = Pace(time.monotonic())
        self._told: deque[Told] = deque(maxlen=1)

    def note(self, cue: Cue, line: str, *, is_past: bool = False) -> None:
        """Take in a point.

        Args:
            cue: What it sounds like.
            line: The same in words.
            is_past: Boolean. Whether it came when nobody listened. Defaults to
                `False`.
        """
        place = self._told[0]["place"] + 1 if self._told else 0
        short = short_sentence(cue.at, cue.readings, cue.happened)
        self._told.append(Told(place=place, text=line, short=short))
        self._latest.note(cue)
        self._pace.heard(cue.at, time.monotonic(), is_past=is_past)

    def state(self, snapshot: Snapshot) -> Pictured:
        """Return what there is to show.

        Args:
            snapshot: The run so far.
        """
        now, is_over = time.monotonic(), snapshot.ending is not None
        clock = self._pace.clock(snapshot.plan, now, is_over=is_over)
        latest, title = self._latest.table(), _title(snapshot)
        if not snapshot.count:
            state, drawn = waiting(), ""
        else:
            heard = replay(snapshot, self._hearing)
            state = state_of(heard, self._told, most_events=len(snapshot.notable))
            state["events"] = state["events"][: -_MOST_EVENTS - 1 : -1]
            drawn = curves(heard) if snapshot.valued else ""
        return Pictured(
            **state,
            title=title,
            clock=clock,
            latest=latest,
            name=shown(snapshot.origin.name),
            svg=drawn,
        )


def _title(run: Snapshot) -> str:
    """Return how a run stands in a word or two."""
    if not run.count:
        return "Waiting for a training"
    if run.ending is not None:
        return f"Training {EVENTS[run.ending].ending}"
    for _, event in reversed(run.happened):
        kind = EVENTS[event.kind]
        if event.kind == "best":  # whatever was before it
            break
        if kind.is_heard and kind.figure in ("alarm", "trouble"):
            return f"Training: {kind.word}"
    return "Training"
