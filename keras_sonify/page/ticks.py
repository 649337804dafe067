"""Round numbers along the axes of a picture."""

import math
from collections.abc import Iterable, Iterator, Sequence

from keras_sonify.score.scaling import Span
from keras_sonify.training.events import in_four_digits

_APART = 0.16  # of a scale, at least, from one label to the next
_SMALLEST = 1e-300  # below, there are no round numbers left
_ENOUGH = 3  # labels: then there is no need for closer ones
_EPOCH_LABELS, _STEP_LABELS = 10, 6
_ALIKE = 100.0  # times as large: what differs by more is not written alike


def value_ticks(
    low: float, high: float, span: Span, apart: float = _APART
) -> list[float]:
    """Return round values from `low` to `high` that lie well apart on a scale.

    Args:
        low: Least value that is drawn.
        high: Greatest value that is drawn.
        span: The scale.
        apart: How far labels are apart on it, at least. Defaults to `0.16`.

    >>> value_ticks(0.0, 1.0, Span(0.0, 1.0))
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    most: list[float] = []
    for values in _candidates(low, high, is_logarithmic=span.unit > 0):
        kept: list[float] = []
        for value in values:
            if not kept or span.position(value) - span.position(kept[-1]) >= apart:
                kept.append(value)
        if len(kept) > len(most):
            most = kept
        if len(most) >= _ENOUGH:
            break
    return most or [high]


def tick_labels(values: Sequence[float]) -> list[str]:
    """Return what stands at ticks: four digits, or more where two would be the same.

    Their decimals lie under one another, where they are of a size.

    >>> tick_labels([0.69312, 0.69314]), tick_labels([0.8, 1.0])
    (['0.69312', '0.69314'], ['0.8', '1.0'])
    """
    labels = [in_four_digits(value) for value in values]
    if len(set(labels)) < len(labels):
        return [f"{value:.12g}" for value in values]
    sizes = [abs(value) for value in values if value]
    if any("e" in label for label in labels) or not sizes:
        return labels
    if max(sizes) > _ALIKE * min(sizes):
        return labels
    decimals = max(len(label.partition(".")[2]) for label in labels)
    return [f"{value:.{decimals}f}" for value in values]


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

    if is_logarithmic and low > 0:
        powers = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1)
        yield inside(10.0**k for k in powers)
        yield inside(m * 10.0**k for k in powers for m in (1, 2, 5))
    for parts in (5, 10):
        step = _round_up((high - low) / parts)
        first, last = math.ceil(low / step), math.floor(high / step)
        yield inside(k * step for k in range(first, last + 1))


def _round_up(step: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= step * 0.999)


def epoch_ticks(count: int, most: int = _EPOCH_LABELS) -> list[int]:
    """Return the places of the epochs that are labelled: first, round ones, and last.

    >>> epoch_ticks(25), epoch_ticks(23)
    ([0, 4, 9, 14, 19, 24], [0, 4, 9, 14, 19, 22])

    Args:
        count: How many epochs there are.
        most: How many round ones there may be. Defaults to `10`.
    """
    step = max(1, round(_round_up(count / most)))
    places = [k - 1 for k in range(step, count, step) if count - k >= step / 2]
    return sorted({0, *places, count - 1})


def step_ticks(before: int, last: int, most: int = _STEP_LABELS) -> list[int]:
    """Return the steps that are labelled: round ones, and the last.

    >>> step_ticks(0, 3000), step_ticks(0, 3200, 3), step_ticks(0, 1)
    ([500, 1000, 1500, 2000, 2500, 3000], [2000, 3200], [1])

    Args:
        before: How many steps there were before the run.
        last: Its last step.
        most: How many round ones there may be. Defaults to `6`.
    """
    step = max(1, round(_round_up((last - before) / most)))
    rounds = range(before - before % step + step, last, step)
    return [*(each for each in rounds if last - each >= step / 2), last]
