"""Which labels there is room for: in a picture on a laptop, and on a phone."""

from collections.abc import Sequence

from keras_sonify.page.shapes import WIDTH

_DIGIT, _GAP = 7.5, 8.0  # CSS pixels: of letters of 12 px

SIZES = {"full": 770.0, "wide": 440.0, "narrow": 200.0}
"""Widths in CSS pixels for which labels are chosen: each by the class of its set."""
ROUND_NUMBERS = {"full": 10, "wide": 10, "narrow": 5}
"""How many round numbers an axis has there, at most."""


def label_width(label: str, width: float) -> float:
    """Return how wide a label is, as a share of a picture of some width."""
    return len(label) * _DIGIT / width * WIDTH


def merged(places: Sequence[float], width: float) -> list[tuple[float, str]]:
    """Return labels for things that are numbered from 1, along the axis.

    Each has its number; what would lie over one another shares a label: "2-4".

    Args:
        places: Where they lie, in their order.
        width: Of the picture, in CSS pixels.

    >>> merged([100.0, 500.0, 900.0], 400.0)
    [(100.0, '1'), (500.0, '2'), (900.0, '3')]
    """
    groups: list[tuple[float, int, int]] = []
    for number, place in enumerate(places, start=1):
        groups.append((place, number, number))
        while len(groups) > 1 and _overlap(groups[-2], groups[-1], width):
            *_, last = groups.pop()
            at, first, _ = groups.pop()
            groups.append((at, first, last))
    return [(at, _numbers(first, last)) for at, first, last in groups]


def fitting(
    labels: Sequence[tuple[float, int]], width: float
) -> list[tuple[float, int]]:
    """Return those of some labels that there is room for, the first and last of all.

    Args:
        labels: Places, each with its number.
        width: Of the picture, in CSS pixels.
    """
    gap = _GAP / width * WIDTH
    kept: list[tuple[float, int]] = []
    for x, number in reversed(labels):
        half = label_width(str(number), width) / 2
        is_free = not kept or (
            x + half + gap <= kept[-1][0] - label_width(str(kept[-1][1]), width) / 2
        )
        if is_free:
            kept.append((x, number))
    return kept[::-1]


def _overlap(
    one: tuple[float, int, int], other: tuple[float, int, int], width: float
) -> bool:
    needed = sum(label_width(_numbers(*numbers), width) for _, *numbers in (one, other))
    return other[0] - one[0] < needed / 2 + _GAP / width * WIDTH


def _numbers(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}\N{EN DASH}{last}"
