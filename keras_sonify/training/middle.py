"""The middle of values among which some may not be finite."""

import math
from collections.abc import Sequence

from keras_sonify.training.points import median


def finite_in(values: Sequence[float]) -> Sequence[float]:
    """Return those of some values that are finite."""
    # A finite sum has finite parts: most columns need no closer look.
    if math.isfinite(sum(values)):
        return values
    return [value for value in values if math.isfinite(value)]


def middle_of(values: Sequence[float]) -> float:
    """Return the median of what is finite; the first value where nothing is."""
    finite = finite_in(values)
    return median(finite) if finite else values[0]
