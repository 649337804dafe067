"""The parts of a picture that is as wide as its place, with letters of one size.

Along the axis, a place is a share of the width, from 0 to 1000; down the picture one
counts in CSS pixels. So a picture fits a phone and a laptop, and no letter shrinks.
"""

WIDTH = 1000.0
"""Of a picture along its axis."""


def x_of(place: float, length: int) -> float:
    """Return where the middle of a place lies: each has an equal share of the width.

    Args:
        place: Zero-based place on the axis; see `Ruler`.
        length: How many epochs or steps the axis is long.
    """
    return (place + 0.5) / length * WIDTH


def share(x: float) -> str:
    """Return a distance along the axis as SVG takes it outside of a path."""
    return f"{100.0 * x / WIDTH:.2f}%"


def vertical(kind: str, x: float, top: float, bottom: float) -> str:
    """Return a line from the top down."""
    return (
        f'<line class="{kind}" x1="{share(x)}" x2="{share(x)}" '
        f'y1="{top:g}" y2="{bottom:g}"/>'
    )


def glyph(kind: str, x: float, y: float, shape: str) -> str:
    """Return a small shape that is not stretched with the picture.

    Args:
        kind: Its class and other attributes, as they stand in the element.
        x: Where its middle lies along the axis.
        y: Where it lies down the picture.
        shape: A path around 0, 0.
    """
    return f'<svg {kind} x="{share(x)}" y="{y:.1f}"><path d="{shape}"/></svg>'


def text(kind: str, x: float, y: float, words: str) -> str:
    """Return words, that must have been escaped, at a place of the axis."""
    return f'<text class="{kind}" x="{share(x)}" y="{y:g}">{words}</text>'


def anchor(x: float, width: float) -> str:
    """Return the class of words that shall not leave the picture at either end.

    Args:
        x: Where they stand.
        width: Their width as a share of the picture, in units of `WIDTH`.
    """
    if x < width / 2:
        return " start"
    return " end" if x > WIDTH - width / 2 else ""
