"""A long run is drawn together in windows, in which nothing that matters is lost."""

import math
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_sonify.training.history import History
from keras_sonify.training.points import MOST_POINTS, Reach, window_size
from keras_sonify.training.reaches import reach_of

_NAN = math.nan


def _history(values: list[float | None]) -> History:
    history = History()
    for epoch, value in enumerate(values):
        history.append(epoch, {} if value is None else {"loss": value})
    return history


def any_value(values: list[float | None]) -> bool:
    """Whether there is a value among them."""
    return any(value is not None for value in values)


@pytest.mark.parametrize("count", [1, 999, 1000, 1001, 2000, 2001, 100_000, 123_457])
def test_there_are_at_most_a_thousand_points(count: int) -> None:
    """However long the run: equal windows, each a power of two, as few as will do."""
    history = _history([float(k) for k in range(count)])

    points = list(history.points(count))

    size = window_size(count)
    assert len(points) == len(history.points(count)) <= MOST_POINTS
    assert count <= MOST_POINTS or len(points) > MOST_POINTS / 2
    assert [point.count for point in points[:-1]] == [size] * (len(points) - 1)
    assert sum(point.count for point in points) == count
    assert [p.first.epoch for p in points] == list(range(0, count, size))


@given(st.lists(st.none() | st.floats(), min_size=2, max_size=40).filter(any_value))
def test_a_window_keeps_what_matters(values: list[float | None]) -> None:
    """First, last, least and greatest, the first that went wrong, and the median."""
    came = [(k, v) for k, v in enumerate(values, start=7) if v is not None]

    reach = reach_of(came)

    finite = [(k, v) for k, v in came if math.isfinite(v)]
    wrong = [(k, v) for k, v in came if not math.isfinite(v)]
    assert reach.wrong == len(wrong)
    places = [place for place, _ in reach.moments]
    assert places == sorted(set(places))
    kept = [value for _, value in reach.moments if math.isfinite(value)]
    if wrong:
        assert {wrong[0][0], wrong[-1][0]} <= set(places)
    if finite:
        assert {finite[0][0], finite[-1][0]} <= set(places)
        assert (min(kept), max(kept)) == (
            min(v for _, v in finite),
            max(v for _, v in finite),
        )
        assert min(kept) <= reach.value <= max(kept)
    else:
        assert repr(reach.value) == repr(wrong[0][1])


def test_a_window_sounds_its_median() -> None:
    """Of two in the middle their mean, also of the greatest and the least numbers."""
    assert reach_of([(0, 3.0), (1, 1.0), (2, 2.0)]) == Reach(
        2.0, ((0, 3.0), (1, 1.0), (2, 2.0)), 0
    )
    even = reach_of([*enumerate([4.0, 1.0, 2.0, 9.0])])
    huge = reach_of([(0, 1.5e308), (1, 1.7e308)])
    tiny = reach_of([(0, 5e-324), (1, 5e-324)])
    assert even.value == median([4.0, 1.0, 2.0, 9.0])
    assert huge.value == 1.6e308
    assert tiny.value == 5e-324


def test_a_growing_run_has_the_points_that_it_would_have_at_once() -> None:
    """Whatever was asked for before, and whichever metric came late."""
    growing = History()
    for epoch in range(4100):
        values = {"loss": math.sin(epoch)}
        if epoch > 1500:
            values["val_loss"] = _NAN if epoch % 7 == 0 else float(epoch)
        growing.append(epoch, values)
        if epoch in (5, 998, 1000, 1600, 2500, 4000):
            list(growing.points(epoch + 1))

    for count in (4100, 2500, 1700, 3):
        at_once = History()
        for epoch, values in growing.rows(count):
            at_once.append(epoch, values)
        assert repr(list(growing.points(count))) == repr(list(at_once.points(count)))


def test_a_full_run_has_a_point_an_epoch() -> None:
    """However many there are, they can be had, again and again."""
    history = _history([float(k) for k in range(3000)])
    points = history.points(3000, is_full=True)

    assert not points.are_windows
    for _ in range(2):
        assert [p.values["loss"] for p in points] == [float(k) for k in range(3000)]


def test_a_point_knows_its_place() -> None:
    """Where an epoch lies among the windows, and where a window's middle is."""
    points = _history([1.0] * 1501).points(1501)

    assert points.size == 2
    assert [points.index(place) for place in (0, 1, 2, 1500)] == [0, 0, 1, 750]
    assert [points.middle(index) for index in (0, 1, 750)] == [0, 2, 1500]
