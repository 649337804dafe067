"""What Keras hands to a callback, as plain floats; anything else is left out.

`logs` may hold floats, but also NumPy arrays, tensors, strings, lists and `None`
(a custom `train_step` may return anything). Nothing here raises for a value, and
nothing here changes the dictionary: every callback of a `fit` is given the same one.
"""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

_MOST = 10_000  # numbers of which a mean is taken: one for each class, not each sample


class Values(NamedTuple):
    """One epoch's `logs`.

    Attributes:
        numbers: What can sound, by metric.
        unreadable: The names of what cannot.
        averaged: The names of those that held several numbers, as one for each class,
            whose mean stands for them.
    """

    numbers: dict[str, float]
    unreadable: list[str]
    averaged: list[str]


def read_scalar(value: object) -> float | None:
    """Return one value of `logs` as a float, or `None` if it is no single number.

    Args:
        value: Number, tensor or array of one element. NaN and infinities are
            values: they are returned as they are.

    Returns:
        The number, or `None` for strings, vectors, `None`, complex numbers and
        whatever else cannot be one tone.

    >>> read_scalar(0.25), read_scalar("0.25"), read_scalar([0.1, 0.2])
    (0.25, None, None)
    """
    if isinstance(value, float):
        return float(value)
    numbers = [] if isinstance(value, list | tuple) else _read_numbers(value)
    return numbers[0] if len(numbers) == 1 else None


def read_values(logs: object) -> Values:
    """Return what one epoch's `logs` hold.

    Args:
        logs: What Keras gave to `on_epoch_end`: dictionary from metric name to
            value, or `None`. It is not changed.
    """
    values: dict[str, float] = {}
    unreadable: list[str] = []
    averaged: list[str] = []
    for key, value in logs.items() if isinstance(logs, Mapping) else ():
        if isinstance(value, float):
            values[str(key)] = float(value)
            continue
        numbers = _read_numbers(value)
        if not numbers:
            unreadable.append(str(key))
            continue
        values[str(key)] = _mean(numbers)
        if len(numbers) > 1:
            averaged.append(str(key))
    return Values(values, unreadable, averaged)


def _read_numbers(value: object) -> list[float]:
    """Return the number of a scalar, or those of a vector; none of anything else."""
    if value is None or isinstance(value, str | bytes | complex | Mapping):
        return []
    try:
        if isinstance(value, int):
            return [float(value)]
        return [_number(each) for each in _listed(value)]
    except Exception:  # noqa: BLE001 - a stranger's object may raise anything
        return []


def _listed(value: Any) -> Sequence[object]:  # noqa: ANN401 - of any framework
    """Return what a number, a vector, an array or a tensor of any framework holds."""
    if getattr(value, "ndim", 1) == 0 and hasattr(value, "item"):
        return (value.item(),)  # nearly always: it has to be quick
    found = value
    with suppress(TypeError):  # a scalar has no length
        if len(value) > _MOST:
            return ()
    if not isinstance(value, list | tuple):
        for way in ("tolist", "numpy", "__array__", "item"):
            if hasattr(value, way):
                found = getattr(value, way)()
                break
        if hasattr(found, "tolist"):  # an array by now
            found = found.tolist()
    while isinstance(found, list | tuple) and len(found) == 1:
        found = found[0]
    return found if isinstance(found, list | tuple) else (found,)


def _number(value: Any) -> float:  # noqa: ANN401 - of any type
    """Return a number as a float.

    Raises:
        TypeError: If it is none.
    """
    if value is None or isinstance(value, str | bytes | complex):
        raise TypeError
    return float(value)


def _mean(numbers: Sequence[float]) -> float:
    """Return the mean; NaN if a number is NaN, or where both infinities are in it."""
    mean = sum(numbers) / len(numbers)
    if math.isinf(mean):  # a sum beyond all floats, perhaps
        return sum(number / len(numbers) for number in numbers)
    return mean
