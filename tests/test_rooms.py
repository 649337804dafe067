"""A room does not make news: its reverberation hides no reference, and bends no tone.

`benchmarks/rooms_heard.py` hears more cues in more rooms, against the published bars.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from foreign import longest_run
from live import Epoch
from rooms import RATE, Room, listen_in

_LOGS = Path(__file__).parent / "trainings"


@cache
def _runs() -> list[list[Epoch]]:
    """Return the project's trainings that get somewhere, with or without a bad end."""
    paths = (_LOGS.glob(f"{kind}_*.csv") for kind in ("converging", "overfitting"))
    return [[*longest_run(path)] for each in paths for path in sorted(each)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "room",
    [
        Room(seconds=0.5, direct_db=0.0),
        Room(seconds=0.5, direct_db=-5.0),
        Room(seconds=0.8, direct_db=0.0),
    ],
    ids=str,
)
def test_intervals_survive_a_room(room: Room) -> None:
    """Nearly all are heard in their direction, and few too small ones as news."""
    news = listen_in(room, _runs(), (1, 2, 3), 3)

    assert news.told[1] > 300
    assert news.false[1] > 100
    assert news.right >= 0.98
    assert news.false_news <= 0.05


def test_without_a_room_all_is_heard() -> None:
    """The ear itself takes no interval for another one."""
    news = listen_in(Room(seconds=0.01, direct_db=60.0), _runs()[:4], (1,), 5)

    assert (news.right, news.false_news) == (1.0, 0.0)


@pytest.mark.parametrize(("seconds", "direct_db"), [(0.5, 0.0), (0.8, -5.0)])
def test_a_room_is_what_it_is_called(seconds: float, direct_db: float) -> None:
    """By the energies of its response: what comes after, and how it decays."""
    response = Room(seconds=seconds, direct_db=direct_db).response(1)
    tail = response[1:] ** 2

    # Half of the reverberation time is 30 dB.
    halves = [
        float(tail[round(at * RATE) :][: RATE // 20].sum()) for at in (0, seconds / 2)
    ]
    assert 10 * np.log10(response[0] ** 2 / tail.sum()) == pytest.approx(
        direct_db, abs=0.5
    )
    assert 10 * np.log10(halves[0] / halves[1]) == pytest.approx(30.0, abs=1.0)
