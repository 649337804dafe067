"""The learning rate of an epoch, which `logs` hold only if others put it there."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import keras

from keras_sonify.callback.budget import Budget
from keras_sonify.training.values import read_scalar

# A schedule is computed anew each time, by up to a millisecond of small operations: it
# may take this share of the time, and in a short training this many seconds at once.
_SHARE = 0.01
_CREDIT = 0.05

_NAMES = ("learning_rate", "lr")  # in `logs`; the latter is Keras 2's


class LearningRate:
    """Asks an optimizer for the rate that the last batch of an epoch was trained with.

    To be asked when an epoch ends: then it does not matter whether a callback that
    changes the rate stands before or after ours.
    """

    def __init__(self) -> None:
        self._budget = Budget(_SHARE, _CREDIT)

    def read(self, model: object, logs: object) -> float | None:
        """Return the rate; `None` if it is in `logs`, unknown, or too dear just now."""
        if isinstance(logs, Mapping) and any(name in logs for name in _NAMES):
            return None
        with suppress(Exception):  # an optimizer of the user's may be anything
            optimizer = _innermost(model)
            scheduled = _scheduled(optimizer)
            if scheduled is None:
                return variable_number(optimizer.learning_rate)
            return self._within_budget(scheduled)
        return None

    def _within_budget(self, scheduled: Callable[[], object]) -> float | None:
        if self._budget.is_spent:
            return None
        with self._budget.spending():
            return variable_number(scheduled())


def _innermost(model: object) -> Any:  # noqa: ANN401 - Keras has no types
    """Return the optimizer that has the rate: mixed precision puts one around it."""
    optimizer: Any = model.optimizer  # type: ignore[attr-defined]
    while hasattr(optimizer, "inner_optimizer"):
        optimizer = optimizer.inner_optimizer
    return optimizer


def _scheduled(optimizer: Any) -> Callable[[], object] | None:  # noqa: ANN401
    """Return what computes the rate anew each time; `None` if it is a variable."""
    schedule = getattr(optimizer, "_learning_rate", None)
    if not callable(schedule):
        return None
    kinds = {kind.__name__ for kind in type(schedule).__mro__}
    if "LearningRateSchedule" not in kinds:  # a function without arguments
        return lambda: optimizer.learning_rate
    # By the end of an epoch the optimizer is at the first batch of the next one.
    batches = getattr(optimizer, "_iterations", None)
    if batches is None:
        batches = optimizer.iterations
    return lambda: schedule(batches - 1)


def variable_number(rate: Any) -> float:  # noqa: ANN401
    """Return a variable or a tensor of any backend as a number.

    Before Keras 3.5, and under a strategy of TensorFlow's, a variable has no `float`.
    """
    number = read_scalar(rate)
    return float(keras.ops.convert_to_numpy(rate)) if number is None else number
