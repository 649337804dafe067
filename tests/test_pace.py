"""How a run gets on in time, as a live page tells it."""

import pytest

from keras_sonify.page.pace import Clock, Pace
from keras_sonify.training.axis import UNPLANNED, At, Plan


def test_epochs() -> None:
    """The usual one tells how long there is to go, less what has gone of the next."""
    pace = Pace(100.0)
    for epoch, now in enumerate([130.0, 140.0, 150.0, 160.0]):
        pace.heard(At(epoch), now)

    clock = pace.clock(Plan(epochs=10), 164.0)

    assert clock == Clock(so_far=64.0, since=4.0, each=10.0, left=56.0)
    assert pace.clock(Plan(epochs=10), 400.0)["left"] == 0.0
    assert pace.clock(UNPLANNED, 164.0)["left"] is None
    over = pace.clock(Plan(epochs=10), 164.0, is_over=True)
    assert over == Clock(so_far=64.0, since=None, each=10.0, left=None)


def test_steps() -> None:
    """Of steps each is told; the first ones may go on with another run's."""
    pace = Pace(0.0)
    for step, now in [(1000, 9.0), (1100, 13.0), (1200, 17.0)]:
        pace.heard(At(0, step), now)

    clock = pace.clock(Plan(1, 2000), 17.0)
    assert clock == {
        "so_far": 17.0,
        "since": 0.0,
        "each": pytest.approx(0.04),
        "left": pytest.approx(32.0),
    }


def test_what_nobody_knows() -> None:
    """Before the first point, and of a log in whose middle somebody listens."""
    pace = Pace(0.0)
    before = pace.clock(Plan(epochs=3), 5.0)
    for epoch in range(5):
        pace.heard(At(epoch), 5.0, is_past=True)
    past = pace.clock(Plan(epochs=9), 6.0)
    pace.heard(At(5), 7.0)
    first = pace.clock(Plan(epochs=9), 8.0)
    pace.heard(At(6), 17.0)

    assert before == Clock(so_far=5.0, since=None, each=None, left=None)
    assert past == Clock(so_far=None, since=None, each=None, left=None)
    assert first == Clock(so_far=None, since=1.0, each=None, left=None)
    assert pace.clock(Plan(epochs=9), 17.0)["left"] == 20.0
