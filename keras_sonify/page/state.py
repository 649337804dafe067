"""What every page shows of a run: one state, taken in by one script, `board.js`."""

from collections.abc import Sequence
from typing import TypedDict

from keras_sonify.score.heard import Heard
from keras_sonify.training.foreign import shown
from keras_sonify.training.record import Snapshot
from keras_sonify.words.text import ending_sentence


class Happening(TypedDict):
    """Something that happened, as a page lists it.

    Attributes:
        number: That of its mark in the curves, from 1.
        place: Place in the run of the point that it belongs to.
        text: What happened, in words.
    """

    number: int
    place: int
    text: str


class Told(TypedDict):
    """A point in words.

    Attributes:
        place: Its place in the run; of a window, of its middle.
        text: Its words.
    """

    place: int
    text: str


class State(TypedDict):
    """All that a page shows; a newer one replaces it.

    A live page is sent a picture with it, the run's page holds its own.

    Attributes:
        epochs: How many epochs there have been.
        status: How far the training is, in words.
        ended: Whether it is over.
        events: What happened.
        points: Epochs in words.
    """

    epochs: int
    status: str
    ended: bool
    events: list[Happening]
    points: list[Told]


def waiting() -> State:
    """Return the state of a run without any epoch."""
    status = "Waiting for the first epoch"
    return State(epochs=0, status=status, ended=False, events=[], points=[])


def state_of(heard: Heard, points: Sequence[Told], *, most_events: int) -> State:
    """Return the state of a run, in its order.

    Args:
        heard: The run.
        points: What the page tells of its epochs.
        most_events: How many of the events it lists, the first ones.
    """
    run = heard.run
    events = [
        Happening(
            number=number,
            place=heard.points.middle(heard.points.index(place)),
            text=shown(event.sentence),
        )
        for number, (place, event) in enumerate(run.notable[:most_events], start=1)
    ]
    return State(
        epochs=run.count,
        status=status_of(run),
        ended=run.ending is not None,
        events=events,
        points=list(points),
    )


def status_of(run: Snapshot) -> str:
    """Return how far a run is, or how it ended, in words."""
    epoch = run.history.at(run.count - 1).epoch
    if run.ending is not None:
        return ending_sentence(run.ending, epoch, run.plan.epochs)
    of = f" of {run.plan.epochs}" if run.plan.epochs else ""
    return f"Training so far: epoch {epoch + 1}{of}"  # under way, or killed
