"""What is in a picture of curves, and where."""

import re
from xml.etree.ElementTree import Element

import pytest
from page_run import classed

from keras_sonify.page.shapes import WIDTH


def points_of(line: Element) -> list[tuple[float, float]]:
    """Return the points of a path."""
    pairs = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", line.get("d", ""))
    return [(float(x), float(y)) for x, y in pairs]


def number_of(part: Element, name: str) -> float:
    """Return a number that is an attribute of a part of a picture."""
    return float(part.get(name, "nan"))


def x_in(part: Element, name: str = "x") -> float:
    """Return where along the axis a part of a picture stands."""
    return float(part.get(name, "nan%").removesuffix("%")) * WIDTH / 100


def lines_in(picture: Element, kind: str) -> list[Element]:
    """Return the straight lines of a class."""
    return [part for part in classed(picture, kind) if part.tag.endswith("}line")]


def crosses_in(picture: Element) -> list[Element]:
    """Return what stands for values that are no numbers."""
    return [part for part in classed(picture, "wrong") if part.tag.endswith("}svg")]


def labels_in(picture: Element, size: str = "wide") -> list[Element]:
    """Return the numbers of events, as they stand in a picture of some width."""
    return [part for part in classed(picture, "event") if size in part.get("class", "")]


def heights_of(picture: Element, line: Element) -> list[float]:
    """Return where each point of a line is between the lowest pitch and the highest.

    A panel says which of these it shows.
    """
    points = points_of(line) or [(x_in(line), number_of(line, "y"))]
    for panel in classed(picture, "panel"):
        top, height = number_of(panel, "y"), number_of(panel, "height")
        shares = [1.0 - (y - top) / height for _, y in points]
        if all(-0.001 <= share <= 1.001 for share in shares):
            low, high = number_of(panel, "data-low"), number_of(panel, "data-high")
            return [low + share * (high - low) for share in shares]
    pytest.fail("a line leaves its panel")
