"""What Keras hands to a callback, as plain floats; anything else is left out.

`logs` may hold floats, but also NumPy arrays, tensors, strings, lists and `None`
(a custom `train_step` may return anything). Nothing here raises for a value, and
nothing here changes the dictionary: every callback of a `fit` is given the same one.
"""

from collections.abc import Mapping
from typing import Any


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
    if value is None or isinstance(value, str | bytes | complex):
        return None
    try:
        # Arrays and tensors of one element have `item`; int and bool do not.
        item: Any = getattr(value, "item", None)
        scalar: Any = value if item is None else item()
        if isinstance(scalar, str | bytes | complex):
            return None
        return float(scalar)
    except Exception:  # noqa: BLE001 - a stranger's object may raise anything
        return None


def read_values(logs: object) -> tuple[dict[str, float], list[str]]:
    """Split one epoch's `logs` into the values that can sound and those that cannot.

    Args:
        logs: What Keras gave to `on_epoch_end`: dictionary from metric name to
            value, or `None`. It is not changed.

    Returns:
        The readable values by metric name, and the names of the unreadable ones.
    """
    values: dict[str, float] = {}
    unreadable: list[str] = []
    if not isinstance(logs, Mapping):
        return values, unreadable
    for key, value in logs.items():
        scalar = read_scalar(value)
        if scalar is None:
            unreadable.append(str(key))
        else:
            values[str(key)] = scalar
    return values, unreadable
