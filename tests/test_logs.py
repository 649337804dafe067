"""Nothing that Keras may put into `logs` raises, and nothing in it is changed."""

import math
from collections.abc import Mapping
from decimal import Decimal

import numpy as np
import pytest
from numpy.typing import NDArray

from keras_sonify.training.values import read_scalar, read_values


class _Hostile:
    """A stranger's object that raises whenever it is asked for a number."""

    def __float__(self) -> float:
        raise RuntimeError("not now")


class _HostileItem:
    """A stranger's tensor whose `item` raises."""

    def item(self) -> float:
        raise RuntimeError("lives on another device")


class _OnlyFloat:
    """A tensor that knows no `item`, as TensorFlow's."""

    def __float__(self) -> float:
        return 0.5


class _Tensor:
    """A tensor as TensorFlow's: only its `numpy` tells what it holds."""

    def __init__(self, *numbers: float) -> None:
        self._numbers = numbers

    def numpy(self) -> NDArray[np.float32]:
        return np.array(self._numbers, np.float32)


class _Array:
    """One that turns into an array by itself, as Keras's variables do."""

    def __array__(self) -> NDArray[np.float32]:
        return np.array([0.5], np.float32)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(0.25, 0.25, id="float"),
        pytest.param(-3, -3.0, id="int"),
        pytest.param(True, 1.0, id="bool"),
        pytest.param(np.float32(0.5), 0.5, id="float32"),
        pytest.param(np.float16(0.5), 0.5, id="float16"),
        pytest.param(np.int64(7), 7.0, id="int64"),
        pytest.param(np.array(0.5), 0.5, id="shape ()"),
        pytest.param(np.array([0.5]), 0.5, id="shape (1,)"),
        pytest.param(np.array([[0.5]], np.float32), 0.5, id="shape (1, 1)"),
        pytest.param(Decimal("0.5"), 0.5, id="decimal"),
        pytest.param(_OnlyFloat(), 0.5, id="only __float__"),
        pytest.param(_Tensor(0.5), 0.5, id="only numpy"),
        pytest.param(_Array(), 0.5, id="only __array__"),
        pytest.param(math.inf, math.inf, id="inf"),
        pytest.param(np.float32(-np.inf), -math.inf, id="-inf in float32"),
        pytest.param(1e308, 1e308, id="1e308"),
        pytest.param(5e-324, 5e-324, id="denormal"),
    ],
)
def test_single_numbers_are_read(value: object, expected: float) -> None:
    """Whatever is one number comes out as that float, of type float."""
    scalar = read_scalar(value)

    assert scalar == expected
    assert type(scalar) is float


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(math.nan, id="float"),
        pytest.param(np.float32("nan"), id="float32"),
        pytest.param(np.array([np.nan]), id="array"),
    ],
)
def test_nan_is_a_value(value: object) -> None:
    """NaN is passed on, since it has a sound of its own."""
    scalar = read_scalar(value)

    assert scalar is not None
    assert math.isnan(scalar)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="none"),
        pytest.param("0.25", id="string"),
        pytest.param(b"0.25", id="bytes"),
        pytest.param(np.str_("0.25"), id="numpy string"),
        pytest.param(np.array("0.25"), id="array of a string"),
        pytest.param(1 + 2j, id="complex"),
        pytest.param(np.complex64(1), id="numpy complex"),
        pytest.param([0.1], id="list"),
        pytest.param({}, id="dictionary"),
        pytest.param(np.array([0.1, 0.2]), id="vector"),
        pytest.param(np.array([]), id="empty array"),
        pytest.param(np.array(None), id="array of none"),
        pytest.param(10**400, id="huge int"),
        pytest.param(_Hostile(), id="__float__ raises"),
        pytest.param(_HostileItem(), id="item raises"),
    ],
)
def test_all_else_is_none(value: object) -> None:
    """Whatever is no single real number is `None`, and nothing is raised."""
    assert read_scalar(value) is None


def test_values_are_split_by_whether_they_can_sound() -> None:
    """Readable values come by name and in order, unreadable ones by name alone."""
    logs = {"loss": np.float32(0.5), "table": np.eye(3), "auc": 1, "note": "hi"}

    values, unreadable, _ = read_values(logs)

    assert values == {"loss": 0.5, "auc": 1.0}
    assert list(values) == ["loss", "auc"]
    assert unreadable == ["table", "note"]


def test_logs_are_not_changed() -> None:
    """The dictionary that other callbacks also get keeps its very objects."""
    logs: dict[str, object] = {"loss": np.array([0.5]), "bad": _Hostile(), "none": None}
    before = dict(logs)

    read_values(logs)

    assert list(logs) == list(before)
    assert all(logs[name] is before[name] for name in before)


def test_names_that_are_no_strings_are_told_as_strings() -> None:
    """A key of another type becomes its text, so that names can be sorted."""
    logs: Mapping[object, object] = {0: 0.5, None: "x"}

    values, unreadable, _ = read_values(logs)

    assert values == {"0": 0.5}
    assert unreadable == ["None"]


@pytest.mark.parametrize("logs", [None, [], 0.5, "loss"], ids=repr)
def test_what_is_no_dictionary_holds_nothing(logs: object) -> None:
    """Where there is no dictionary, there are no values."""
    assert read_values(logs) == ({}, [], [])


@pytest.mark.parametrize(
    ("vector", "mean"),
    [
        pytest.param(np.array([0.25, 0.75]), 0.5, id="array"),
        pytest.param(np.array([1, 2], np.int8), 1.5, id="whole numbers"),
        pytest.param(_Tensor(0.25, 0.75), 0.5, id="tensor"),
        pytest.param([0.25, np.float32(0.75)], 0.5, id="list"),
        pytest.param((0.25, 0.75), 0.5, id="tuple"),
        pytest.param([0.25], 0.25, id="list of one"),
        pytest.param(np.array([[0.25, 0.75]]), 0.5, id="shape (1, 2)"),
        pytest.param([1.7e308, 1.7e308], 1.7e308, id="too large a sum"),
        pytest.param([math.inf, 1.0], math.inf, id="infinity"),
        pytest.param([math.nan, 1.0], math.nan, id="nan"),
        pytest.param([math.inf, -math.inf], math.nan, id="both infinities"),
    ],
)
def test_a_vector_is_its_mean(vector: object, mean: float) -> None:
    """As of one score for each class; what went wrong in one of them is not lost."""
    values, unreadable, averaged = read_values({"f1": vector})

    assert values["f1"] == pytest.approx(mean, nan_ok=True)
    assert unreadable == []
    assert averaged == (
        ["f1"] if not isinstance(vector, list) or len(vector) > 1 else []
    )


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(np.eye(2), id="matrix"),
        pytest.param(np.zeros(100_000), id="a value a sample"),
        pytest.param([0.5, "0.5"], id="list with a text"),
        pytest.param([0.5, None], id="list with a gap"),
        pytest.param(np.array(["a", "b"]), id="texts"),
        pytest.param({"a": 0.5}, id="dictionary"),
        pytest.param(set(), id="set"),
    ],
)
def test_what_is_no_vector_has_no_mean(value: object) -> None:
    """A confusion matrix, say, has none that would tell anything."""
    assert read_values({"f1": value}) == ({}, ["f1"], [])
