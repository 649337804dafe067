"""Round numbers along the axes of a picture."""

import math
from collections.abc import Iterable, Iterator, Sequence

from keras_sonify.score.scaling import Span
from keras_sonify.training.events import in_four_digits

_APART = 0.16  # of a panel's height, at least, from one label to the next
_SMALLEST = 1e-300  # below, there are no round numbers left
_ENOUGH = 3  # labels: then there is no need for closer ones
_EPOCH_LABELS = 10
_STEP_LABELS = 6  # their numbers are long


def value_ticks(low: float, high: float, span: Span) -> list[float]:
    """Return round values from `low` to `high` that lie well apart on a scale.

    Args:
        low: Least value that is drawn.
        high: Greatest value that is drawn.
        span: The scale.

    >>> value_ticks(0.0, 1.0, Span(0.0, 1.0))
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    kept: list[float] = []
    for values in _candidates(low, high, is_logarithmic=span.unit > 0):
        kept = []
        for value in values:
            if not kept or span.position(value) - span.position(kept[-1]) >= _APART:
                kept.append(value)
        if len(kept) >= _ENOUGH:
            break
    return kept or [high]


def tick_labels(values: Sequence[float]) -> list[str]:
    """Return what stands at ticks: four digits, or more where two would be the same.

    >>> tick_labels([0.69312, 0.69314])
    ['0.69312', '0.69314']
    """
    labels = [in_four_digits(value) for value in values]
    if len(set(labels)) == len(labels):
        return labels
    return [f"{value:.12g}" for value in values]


def _candidates(
    low: float, high: float, *, is_logarithmic: bool
) -> Iterator[list[float]]:
    """Yield round values, from low to high; more of them each time."""
    if not _SMALLEST < (high - low) / 5 < math.inf:
        yield [low]
        return

    def inside(values: Iterable[float]) -> list[float]:
        cleaned = (float(f"{value:.12g}") for value in values)
        return [value for value in cleaned if low <= value <= high]

    if not is_logarithmic or low <= 0:
        step = _round_up((high - low) / 5)
        first, last = math.ceil(low / step), math.floor(high / step)
        yield inside(k * step for k in range(first, last + 1))
        return
    powers = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1)
    yield inside(10.0**k for k in powers)
    found = inside(m * 10.0**k for k in powers for m in (1, 2, 5))
    yield found if len(found) > 1 else [low, *found, high]


def _round_up(step: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= step * 0.999)


def epoch_ticks(count: int) -> list[int]:
    """Return the places of the epochs that are labelled: the first, then round ones.

    >>> epoch_ticks(25)
    [0, 4, 9, 14, 19, 24]
    """
    step = max(1, round(_round_up(count / _EPOCH_LABELS)))
    places = [k - 1 for k in range(step, count + 1, step)]
    return places if places[:1] == [0] or step == 1 else [0, *places]


def step_ticks(before: int, last: int) -> list[int]:
    """Return the round steps that are labelled.

    >>> step_ticks(0, 3000), step_ticks(120, 180), step_ticks(0, 1)
    ([500, 1000, 1500, 2000, 2500, 3000], [130, 140, 150, 160, 170, 180], [1])

    Args:
        before: How many steps there were before the run.
        last: Its last step.
    """
    step = max(1, round(_round_up((last - before) / _STEP_LABELS)))
    return [*range(before - before % step + step, last + 1, step)] or [last]
