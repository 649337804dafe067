"""The curves of a run as an SVG picture that says what the sound says.

The height of a point is the pitch of its tone in the whole run: metrics that are heard
on one range there, a family of them, share a panel, whose scale is that range. Training
is a solid line, validation a dashed one.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape

from keras_sonify.page.ruler import Ruler
from keras_sonify.page.spread import epoch_ends, noise_of
from keras_sonify.page.ticks import tick_labels, value_ticks
from keras_sonify.score.heard import Heard
from keras_sonify.score.scaling import Span
from keras_sonify.training.axis import STEPS
from keras_sonify.training.foreign import shown
from keras_sonify.training.history import Points
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Reach
from keras_sonify.training.record import Snapshot

LEFT, RIGHT, WIDTH = 82.0, 688.0, 720
_TOP, _PANEL, _GAP, _FOOT = 40.0, 150.0, 34.0, 40.0
_MOST_POINTS = 400  # of a line; beyond, groups are drawn by their extremes
_MOST_MARKS = 60  # beyond, marks would cover the curves

# Widths in units of the picture; what is longer is squeezed, or left out.
_DIGIT, _DIGIT_GAP, _MOST_DIGITS = 11.0, 4.0, 7
_LETTER, _MOST_LETTERS = 8.6, 45  # the latter of a metric's name

Point = tuple[float, float]
Place = Callable[[float], float]
"""Where a place lies in the picture, or a value."""


def curves(heard: Heard, title: str) -> str:
    """Return the picture of a run.

    Names are escaped: whatever a metric is called, it is text.

    Args:
        heard: The run.
        title: What the picture is called.

    Returns:
        An `<svg>` element. Its attributes `data-left`, `data-right` and `data-length`
        say where the points lie; the line of class `playhead` is to be moved.
    """
    snapshot, ruler = heard.run, Ruler(heard.points)
    shared: dict[tuple[str, Span | None], list[Metric]] = {}
    for metric in heard.metrics:
        shared.setdefault((metric.family, heard.spans[metric.name]), []).append(metric)
    panels = list(shared.values())
    height = _TOP + len(panels) * (_PANEL + _GAP) - _GAP + _FOOT
    bottom = height - _FOOT
    parts = [
        (
            f'<svg class="ks-curves" viewBox="0 0 {WIDTH} {height:g}" role="img" '
            f'data-left="{LEFT:g}" data-right="{RIGHT:g}" '
            f'data-length="{ruler.length}" '
            f'aria-label="{escape(shown(title))}" xmlns="http://www.w3.org/2000/svg">'
        ),
    ]
    top = _TOP
    for metrics in panels:
        parts += _panel(heard, ruler, metrics, top)
        top += _PANEL + _GAP
    parts += _axis(snapshot, ruler, bottom)
    parts += _marks(snapshot, ruler, bottom)
    parts.append(
        f'<line class="playhead" x1="{LEFT:g}" x2="{LEFT:g}" y1="{_TOP:g}" '
        f'y2="{bottom:g}" visibility="hidden"/></svg>',
    )
    return "".join(parts)


def x_of(place: float, count: int) -> float:
    """Return where the middle of a place lies: each has an equal share of the width.

    Args:
        place: Zero-based place on the axis; see `Ruler`.
        count: How many epochs or steps the axis is long.
    """
    return LEFT + (place + 0.5) / count * (RIGHT - LEFT)


def _panel(
    heard: Heard, ruler: Ruler, metrics: Sequence[Metric], top: float
) -> Iterator[str]:
    span = heard.spans[metrics[0].name]
    names = " and ".join(
        f"{_brief(m.name)} ({'dashed' if m.validation else 'solid'})" for m in metrics
    )
    is_long = len(names) * _LETTER > RIGHT - LEFT
    squeezed = _squeezed(RIGHT - LEFT) if is_long else ""
    yield (
        f'<text class="name" x="{LEFT:g}" y="{top - 8:g}"{squeezed}>'
        f"{escape(names)}</text>"
    )
    yield (
        f'<rect class="panel" x="{LEFT:g}" y="{top:g}" width="{RIGHT - LEFT:g}" '
        f'height="{_PANEL:g}"/>'
    )

    def y_of(value: float) -> float:
        if span is None:  # there is no finite value
            return top
        return top + _PANEL * (1.0 - min(max(span.position(value), 0.0), 1.0))

    def x(place: float) -> float:
        return x_of(place, ruler.length)

    found = [value for m in metrics for _, value in _finite(heard.points, m)]
    ticks = value_ticks(min(found), max(found), span) if found and span else []
    for value, label in zip(ticks, tick_labels(ticks), strict=True):
        y = y_of(value)
        yield f'<path class="grid" d="M{LEFT:g} {y:.1f}H{RIGHT:g}"/>'
        squeezed = _squeezed(LEFT - 10) if len(label) > _MOST_DIGITS else ""
        yield (
            f'<text class="tick end" x="{LEFT - 8:g}" y="{y + 4:.1f}"{squeezed}>'
            f"{label}</text>"
        )
    for metric in metrics:
        side = "validation" if metric.validation else "training"
        name = f'data-metric="{escape(shown(metric.name))}"'
        noise = noise_of(heard.points, ruler, metric.name, x, y_of)
        if noise:
            yield f'<g class="{side}" {name}>{noise}</g>'
        lines, dots, wrong = _lines(heard.points, ruler, metric)
        path = "".join(_stroke(line, x, y_of) for line in lines)
        if path:
            yield f'<path class="line {side}" {name} d="{path}"/>'
        for place, value in dots:
            yield (
                f'<circle class="dot {side}" {name} cx="{x(place):.1f}" '
                f'cy="{y_of(value):.1f}" r="3"/>'
            )
        for place in wrong:  # no number: a cross at the upper edge
            yield (
                f'<path class="wrong {side}" {name} '
                f'd="M{x(place) - 4:.1f} {top + 4:g}l8 8m0 -8l-8 8"/>'
            )


def _squeezed(width: float) -> str:
    return f' textLength="{width:g}" lengthAdjust="spacingAndGlyphs"'


def _brief(name: str) -> str:
    name = shown(name)
    return name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}…"


def _reaches(points: Points, metric: Metric) -> Iterator[tuple[int, Reach]]:
    for index, point in enumerate(points):
        if metric.name in point.reaches:
            yield index, point.reaches[metric.name]


def _finite(points: Points, metric: Metric) -> Iterator[tuple[int, float]]:
    """Yield the numbers that there are to draw, with the places of their rows."""
    for _, reach in _reaches(points, metric):
        yield from ((x, y) for x, y in reach.moments if math.isfinite(y))


def _stroke(line: Sequence[Point], x: Place, y: Place) -> str:
    points = (f"{x(place):.1f} {y(value):.1f}" for place, value in line)
    return "M" + "L".join(points)


def _lines(
    points: Points, ruler: Ruler, metric: Metric
) -> tuple[list[list[Point]], list[Point], list[float]]:
    """Return unbroken stretches of the curve, single points, and what went wrong."""
    lines: list[list[Point]] = [[]]
    wrong: list[float] = []
    are_medians = points.axis is STEPS and not metric.validation
    # An absent value leaves no gap: `validation_freq=5` is a line all the same.
    for index, reach in _reaches(points, metric):
        for row, value in reach.moments:
            place = ruler.place(row)
            if math.isfinite(value):
                middle = ruler.middle(index) if are_medians else place
                lines[-1].append((middle, value))
            else:
                wrong.append(place)
            if reach.wrong:  # nobody knows what lay between two moments of a window
                lines.append([])
    dots = [line[0] for line in lines if len(line) == 1]
    # By the number of values, of which a window has several.
    drawn = sum(map(len, lines))
    group = max(1, drawn * 2 // _MOST_POINTS)
    return (
        [list(_thinned(line, group)) for line in lines if len(line) > 1],
        list(_thinned(dots, max(1, len(dots) * 2 // _MOST_POINTS))),
        wrong[:: max(1, len(wrong) // _MOST_MARKS)],
    )


def _thinned(line: Sequence[Point], group: int) -> Iterable[Point]:
    """Draw groups of points by their least and greatest, so that spikes survive."""
    if group <= 1:
        return line
    kept: dict[Point, None] = {line[0]: None}
    for start in range(0, len(line), group):
        part = line[start : start + group]
        extremes = {min(part, key=_value), max(part, key=_value)}
        kept.update(dict.fromkeys(sorted(extremes)))
    kept[line[-1]] = None
    return kept


def _value(point: Point) -> float:
    return point[1]


def _axis(snapshot: Snapshot, ruler: Ruler, bottom: float) -> Iterator[str]:
    for place, number in ruler.ticks():
        x = x_of(place, ruler.length)
        # A long number at the right edge would leave the picture.
        is_wide = len(str(number)) >= _MOST_DIGITS and x > RIGHT - _DIGIT * _MOST_DIGITS
        kind = "tick end" if is_wide else "tick"
        yield f'<text class="{kind}" x="{x:.1f}" y="{bottom + 18:g}">{number}</text>'
    middle = (LEFT + RIGHT) / 2
    unit = snapshot.axis.unit
    yield f'<text class="tick" x="{middle:g}" y="{bottom + 35:g}">{unit}</text>'
    for row in epoch_ends(snapshot):
        x = x_of(ruler.place(row) + 0.5, ruler.length)
        yield f'<path class="epoch" d="M{x:.1f} {_TOP:g}V{bottom:g}"/>'


def _marks(snapshot: Snapshot, ruler: Ruler, bottom: float) -> Iterator[str]:
    """Mark what happened, new bests left out, numbered as in the list of events.

    A number that would lie over the one before it is left out.
    """
    free = 0.0
    for number, (place, _) in enumerate(snapshot.notable[:_MOST_MARKS], start=1):
        x = x_of(ruler.place(place), ruler.length)
        yield f'<path class="event" d="M{x:.1f} {_TOP:g}V{bottom:g}"/>'
        half = len(str(number)) * _DIGIT / 2
        if x - half >= free:
            yield f'<text class="tick event" x="{x:.1f}" y="15">{number}</text>'
            free = x + half + _DIGIT_GAP
