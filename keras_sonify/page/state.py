"""What every page shows of a run: one state, taken in by one script, `board.js`."""

from collections.abc import Sequence
from typing import TypedDict

from keras_sonify.page.ruler import Ruler
from keras_sonify.score.heard import Heard
from keras_sonify.training.axis import EPOCHS
from keras_sonify.training.foreign import shown
from keras_sonify.training.record import Snapshot
from keras_sonify.words.closing import ending_sentence
from keras_sonify.words.short import tell_me


class Happening(TypedDict):
    """Something that happened, as a page lists it.

    Attributes:
        number: That of its mark in the curves, from 1.
        place: Where the point lies that it belongs to; see `Told`.
        text: What happened, in words.
    """

    number: int
    place: float
    text: str


class Told(TypedDict):
    """A point in words.

    Attributes:
        place: Where its middle lies on the axis; see `Ruler`.
        text: Its words.
        short: The same in at most twelve.
    """

    place: float
    text: str
    short: str


class State(TypedDict):
    """All that a page shows; a newer one replaces it.

    A live page is sent a picture with it, the run's page holds its own.

    Attributes:
        unit: What the run counts: epochs, or steps.
        length: How many of them there have been.
        status: How far the training is, in words.
        said: How it stands, in one sentence, for whoever asks.
        ended: Whether it is over.
        events: What happened.
        points: Points in words.
    """

    unit: str
    length: int
    status: str
    said: str
    ended: bool
    events: list[Happening]
    points: list[Told]


def waiting() -> State:
    """Return the state of a run without any value; mostly, an epoch's are the first."""
    unit = EPOCHS.unit
    status = f"Waiting for the first {unit}"
    return State(
        unit=unit,
        length=0,
        status=status,
        said=f"{status}.",
        ended=False,
        events=[],
        points=[],
    )


def state_of(heard: Heard, points: Sequence[Told], *, most_events: int) -> State:
    """Return the state of a run, in its order.

    Args:
        heard: The run.
        points: What the page tells of its points.
        most_events: How many of the events it lists, the first ones.
    """
    run, ruler = heard.run, Ruler(heard.points)
    events = [
        Happening(
            number=number,
            place=ruler.middle(heard.points.index(place)),
            text=shown(event.sentence),
        )
        for number, (place, event) in enumerate(run.notable[:most_events], start=1)
    ]
    return State(
        unit=run.axis.unit,
        length=ruler.length,
        status=status_of(run),
        said=shown(tell_me(run)),
        ended=run.ending is not None,
        events=events,
        points=list(points),
    )


def status_of(run: Snapshot) -> str:
    """Return how far a run is, or how it ended, in words."""
    at = run.history.at(run.count - 1)
    if run.ending is not None:
        return ending_sentence(run.ending, at, run.plan)
    if run.origin.is_read:
        return f"The log ends with {at.within(run.plan)}"
    return f"Training so far: {at.within(run.plan)}"  # under way, or killed
