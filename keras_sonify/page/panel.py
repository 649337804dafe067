"""A panel of a picture: the curves of metrics that share a range.

The height of a point is the pitch of its tone in the whole run, in all panels alike: an
octave is as high here as there. A panel shows the pitches that its curves have, and
none besides.
"""

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from keras_sonify.page.lines import Lines, Point, finite_values, lines_of
from keras_sonify.page.ruler import Ruler
from keras_sonify.page.shapes import WIDTH, glyph, share, text, x_of
from keras_sonify.page.spread import spikes_of, spreads_of
from keras_sonify.page.ticks import tick_labels, value_ticks
from keras_sonify.score.scaling import Span
from keras_sonify.training.foreign import shown
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Spread
from keras_sonify.training.run_points import Points

LEFT, RIGHT = 60, 16
"""Room beside a picture for its labels, in CSS pixels; `curves.css` has them, too."""

_HIGHEST = 168.0  # of what the curves of a panel span, in CSS pixels
_LEAST_WHOLE, _MOST_WHOLE = (
    168.0,
    420.0,
)  # of all pitches from the lowest to the highest
_LEAST = 56.0  # of a panel: room for three labels
_EDGE = 8.0  # above the highest point, and below the lowest
_NAME, _GAP = 18.0, 12.0  # a line of names, and the room above them
_MOST_LETTERS, _MOST_OF_NAME = 40, 25  # of a line of names, and of each
_LABEL = 20.0  # from one label of a value to the next
_MOST_DIGITS = 7  # beyond, a label is squeezed
_DOT = "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0Z"


class Curve(NamedTuple):
    """A metric of a run, as it is drawn.

    Attributes:
        metric: The metric.
        points: The run.
        ruler: Its axis.
        label: What stands at its end. Defaults to nothing.
    """

    metric: Metric
    points: Points
    ruler: Ruler
    label: str = ""


class Panel:
    """Draws curves on the range that they share.

    Args:
        curves: The curves.
        span: Their range; `None` where there is no number.
        length: How many epochs or steps the axis is long.

    Attributes:
        whole: How high all pitches from the lowest to the highest are, in CSS pixels:
            the same in all panels of a picture.
    """

    def __init__(self, curves: Sequence[Curve], span: Span | None, length: int) -> None:
        self._curves = curves
        self._span = span
        self._length = length
        self._spreads = [
            list(spreads_of(points, ruler, metric.name))
            for metric, points, ruler, _ in curves
        ]
        self._values = [
            value
            for metric, points, *_ in curves
            for value in finite_values(points, metric)
        ]
        ends = [end for each in self._spreads for _, both in each for end in both]
        places = [self._position(value) for value in (*self._values, *ends)] or [1.0]
        self._ends = min(places), max(places)
        self.whole = _LEAST_WHOLE

    @property
    def reach(self) -> float:
        """How much of all pitches the curves span, from 0 to 1."""
        return self._ends[1] - self._ends[0]

    @property
    def _edges(self) -> tuple[float, float]:
        """Which pitches the panel shows: from where to where among all, 0 to 1."""
        missing = max((_LEAST - 2 * _EDGE) / self.whole - self.reach, 0.0) / 2
        edge = _EDGE / self.whole + missing
        return self._ends[0] - edge, self._ends[1] + edge

    @property
    def _inside(self) -> float:
        low, high = self._edges
        return round((high - low) * self.whole)

    @property
    def height(self) -> float:
        """Its height with its names, in CSS pixels."""
        return self._inside + _GAP + _NAME * len(self._names)

    @property
    def _names(self) -> list[str]:
        """What the curves are called, in lines that are short enough."""
        entries = [
            f"{_brief(metric.name)} ({'dashed' if metric.validation else 'solid'})"
            for metric, *_ in self._curves
        ]
        whole = ", ".join(entries)
        return [whole] if len(whole) <= _MOST_LETTERS else entries

    def _position(self, value: float) -> float:
        return min(max(self._span.position(value), 0.0), 1.0) if self._span else 1.0

    def draw(self, top: float, whole: float) -> Iterator[str]:
        """Yield the panel.

        Args:
            top: Where it begins, down the picture.
            whole: The height of the picture.
        """
        upper, bottom = top + self.height - self._inside, top + self.height
        low, high = self._edges
        yield (
            f'<rect class="panel" x="0" y="{upper:g}" width="100%" '
            f'height="{self._inside:g}" data-low="{low:.5f}" '
            f'data-high="{high:.5f}"/>'
        )
        yield from self._ticks(bottom)
        for curve, spreads in zip(self._curves, self._spreads, strict=True):
            yield from self._curve(curve, spreads, bottom, whole)

    def names(self, top: float) -> Iterator[str]:
        """Yield what stands above the panel, over the lines that go through.

        Args:
            top: Where it begins, down the picture.
        """
        for line, name in enumerate(self._names):
            y = top + _GAP + _NAME * line + 12
            yield f'<text class="name" x="-{LEFT - 4}" y="{y:g}">{escape(name)}</text>'
        if self._span is not None and self._span.unit > 0:
            yield text("name end", WIDTH, top + _GAP + 12, "log")

    def y_of(self, value: float, bottom: float) -> float:
        """Return where a value lies down the picture.

        Args:
            value: The value, a number; what the range does not hold lies at its edge.
            bottom: Where the panel ends.
        """
        low, high = self._edges
        reach = min(max(self._position(value), low), high) - low
        return bottom - reach / (high - low) * self._inside

    def _ticks(self, bottom: float) -> Iterator[str]:
        values, span = self._values, self._span
        if span is None or not values:
            return
        apart = _LABEL / self.whole
        ticks = value_ticks(min(values), max(values), span, apart)
        for value, label in zip(ticks, tick_labels(ticks), strict=True):
            y = self.y_of(value, bottom)
            yield f'<line class="grid" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
            squeezed = (
                f' textLength="{LEFT - 12}" lengthAdjust="spacingAndGlyphs"'
                if len(label) > _MOST_DIGITS
                else ""
            )
            yield f'<text class="end" x="-8" y="{y + 4:.1f}"{squeezed}>{label}</text>'

    def _curve(
        self,
        curve: Curve,
        spreads: Sequence[tuple[float, Spread]],
        bottom: float,
        whole: float,
    ) -> Iterator[str]:
        metric, points, ruler, label = curve
        side = "validation" if metric.validation else "training"
        name = f'data-metric="{escape(shown(metric.name))}"'
        drawn = lines_of(points, ruler, metric)

        def at(point: Point) -> tuple[float, float]:
            return self._x(point[0]), self.y_of(point[1], bottom)

        def path(line: Sequence[Point]) -> str:
            return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in map(at, line))

        stretched = ""
        if len(spreads) > 1:
            upper = [(place, high) for place, (_, high) in spreads]
            lower = [(place, low) for place, (low, _) in reversed(spreads)]
            band = path([*upper, *lower])
            stretched += f'<path class="band {side}" {name} d="{band}Z"/>'
        if strokes := "".join(map(path, drawn.strokes)):
            stretched += f'<path class="line {side}" {name} d="{strokes}"/>'
        if stretched:
            yield (
                f'<svg viewBox="0 0 {WIDTH:g} {whole:g}" width="100%" '
                f'height="{whole:g}" preserveAspectRatio="none">{stretched}</svg>'
            )
        if label and drawn.strokes:
            x, y = at(drawn.strokes[-1][-1])
            yield text("name label", x, y + 4, escape(label))
        for point in spikes_of(points, ruler, metric.name):
            kind = f'class="spike {side}" {name}'
            yield glyph(kind, *at(point), "M0 -5l4 5l-4 5l-4 -5Z")
        for point in drawn.dots:
            yield glyph(f'class="dot {side}" {name}', *at(point), _DOT)
        # What is no number lies at the upper edge, validation below training.
        y = bottom - self._inside + (18 if metric.validation else 8)
        yield from self._wrong(drawn, f'class="wrong {side}" {name}', y)

    def _wrong(self, drawn: Lines, kind: str, y: float) -> Iterator[str]:
        """Yield a cross for a value that is no number; of a chain, a line besides."""
        for first, last in drawn.wrong:
            for place in dict.fromkeys((first, last)):
                yield glyph(kind, self._x(place), y, "M-4 -4l8 8m0 -8l-8 8")
            if first < last:
                ends = f'x1="{share(self._x(first))}" x2="{share(self._x(last))}"'
                yield f'<line {kind} {ends} y1="{y:g}" y2="{y:g}"/>'

    def _x(self, place: float) -> float:
        return x_of(place, self._length)


def share_scale(panels: Sequence[Panel]) -> None:
    """Let an octave be as high in each panel, and the highest of them be high enough.

    Args:
        panels: Those of a picture.
    """
    most = max((panel.reach for panel in panels), default=0.0)
    fitting = _HIGHEST / most if most else _MOST_WHOLE
    for panel in panels:
        panel.whole = min(max(fitting, _LEAST_WHOLE), _MOST_WHOLE)


def _brief(name: str) -> str:
    name = shown(name)
    return name if len(name) <= _MOST_OF_NAME else f"{name[: _MOST_OF_NAME - 1]}…"
