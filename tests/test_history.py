"""A run's values are kept as they came."""

import math

import pytest

from keras_sonify.training.history import History
from keras_sonify.training.points import Window

_EPOCHS: list[tuple[int, dict[str, float]]] = [
    (0, {"loss": 0.5}),
    (1, {"loss": 0.4, "val_loss": math.inf}),
    (2, {}),
    (7, {"val_loss": 1 / 3}),
]


def _history() -> History:
    history = History()
    for epoch, values in _EPOCHS:
        history.append(epoch, values)
    return history


def test_rows_come_back_as_they_were_appended() -> None:
    """Epoch numbers, values and absences are kept, to the last bit."""
    history = _history()

    assert len(history) == 4
    assert list(history.rows(4)) == _EPOCHS


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("loss", [0.5, 0.4, None, None]),
        ("val_loss", [None, math.inf, None, 1 / 3]),
    ],
)
def test_there_is_a_point_for_every_epoch(
    name: str,
    values: list[float | None],
) -> None:
    """Where the metric had no value, early or late, the point has none."""
    points = list(_history().points(4))

    assert [point.epoch for point in points] == [0, 1, 2, 7]
    assert [point.values.get(name) for point in points] == values


def test_absent_is_not_nan() -> None:
    """A NaN is a value that was there."""
    history = History()

    history.append(0, {"loss": math.nan})
    history.append(1, {"auc": 0.0})

    first, second = (point.values for point in history.points(2))
    assert list(first) == ["loss"]
    assert math.isnan(first["loss"])
    assert second == {"auc": 0.0}


def test_a_reader_sees_the_epochs_it_named() -> None:
    """What is appended while someone reads, even a new metric, does not show."""
    history = _history()
    rows, points = history.rows(2), iter(history.points(2))
    first_row, first_point = next(rows), next(points)

    history.append(8, {"loss": 9.0, "auc": 9.0})

    assert [first_row, *rows] == _EPOCHS[:2]
    assert [p.values["loss"] for p in (first_point, *points)] == [0.5, 0.4]


def test_what_was_given_is_copied() -> None:
    """Changing a dictionary afterwards does not change the history."""
    history = History()
    values = {"loss": 0.5}

    history.append(0, values)
    values["loss"] = 9.0

    assert list(history.rows(1)) == [(0, {"loss": 0.5})]


def test_a_number_that_comes_again_is_kept_again() -> None:
    """Two fits in a row count from 0 each; both stay."""
    history = History()

    for value in (0.5, 0.4):
        history.append(0, {"loss": value})

    assert list(history.rows(2)) == [(0, {"loss": 0.5}), (0, {"loss": 0.4})]


@pytest.mark.parametrize(
    ("spreads", "count"),
    [({}, 5), ({"loss": (0.9, 1.1)}, 50), ({"auc": (0.1, 1.0)}, 5)],
)
def test_a_window_knows_of_how_many_values_it_is(
    spreads: dict[str, tuple[float, float]], count: int
) -> None:
    """A row that was logged every ten steps is one value; one with a spread is ten."""
    history = History()
    for row in range(5):
        history.append(10 * row + 10, {"loss": 1.0}, Window(0, 10, spreads))

    assert history.point(0, 5).reaches["loss"].count == count


@pytest.mark.parametrize(
    ("steps", "before"),
    [
        ([1, 2, 3], 0),
        ([10, 20, 30], 0),
        ([0, 50, 100], -1),
        ([5010, 5020], 5000),
        ([7], 6),
    ],
)
def test_a_run_in_steps_begins_before_its_first_row(
    steps: list[int], before: int
) -> None:
    """By as much as its rows are apart; step 0 is a step, too."""
    history = History()
    for step in steps:
        history.append(step, {"loss": 1.0}, Window(0))

    assert history.before(len(history)) == before
