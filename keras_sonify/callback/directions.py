"""Which way metrics improve, as Keras knows it."""

from contextlib import suppress
from typing import Any

from keras_sonify.training.directions import Direction
from keras_sonify.training.names import family_of

_DIRECTIONS: dict[str | None, Direction] = {"up": "max", "down": "min"}


def ask_keras(model: Any) -> dict[str, Direction]:  # noqa: ANN401 - Keras has no types
    """Return what the compiled metrics say of their direction, by family.

    To be asked when they are built: after the first batch.
    """
    directions: dict[str, Direction] = {}
    with suppress(Exception):
        pending = list(model.metrics)
        while pending:
            metric = pending.pop()
            pending.extend(getattr(metric, "metrics", ()))
            told = getattr(metric, "_direction", None)
            if told in _DIRECTIONS:
                directions[family_of(metric.name)] = _DIRECTIONS[told]
    return directions
