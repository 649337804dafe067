"""The curves of a run as an SVG picture that says what the sound says.

The height of a point is the pitch of its tone in the whole run: metrics that are heard
on one range there, a family of them, share a panel. Training is a solid line,
validation a dashed one. The picture is as wide as its place; see `shapes`.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from keras_sonify.page.labels import (
    ROUND_NUMBERS,
    SIZES,
    fitting,
    label_width,
    merged,
)
from keras_sonify.page.panel import LEFT, RIGHT, Curve, Panel, share_scale
from keras_sonify.page.ruler import Ruler
from keras_sonify.page.shapes import anchor, glyph, share, text, vertical, x_of
from keras_sonify.page.spread import epoch_ends
from keras_sonify.score.heard import Heard
from keras_sonify.score.scaling import Span
from keras_sonify.training.foreign import shown
from keras_sonify.training.metrics import Metric
from keras_sonify.training.record import Snapshot

_LANE, _FOOT = 18.0, 24.0  # of labels above the panels, and below, in CSS pixels
_MOST_MARKS = 60  # of single events; beyond, those that share a label share a mark
_TITLE_METRICS = 6  # that a screen reader is told of
_RING = "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0Z"


def curves(heard: Heard, best: tuple[str, int, float] | None = None) -> str:
    """Return the picture of a run.

    Names are escaped: whatever a metric is called, it is text.

    Args:
        heard: The run.
        best: The metric that the run is judged by, the row of its best value, and that
            value: it is marked. Defaults to `None`.

    Returns:
        An `<svg>` element. Its attribute `data-length` says how many epochs or steps
        the axis is long; the line of class `playhead` is to be moved.
    """
    snapshot, ruler = heard.run, Ruler(heard.points)
    shared: dict[tuple[str, Span | None], list[Metric]] = {}
    for metric in heard.metrics:
        shared.setdefault((metric.family, heard.spans[metric.name]), []).append(metric)
    panels = [
        Panel(
            [Curve(m, heard.points, ruler, _label(heard, m)) for m in metrics],
            span,
            ruler.length,
        )
        for (_, span), metrics in shared.items()
    ]
    share_scale(panels)
    lanes = bool(snapshot.notable) + (best is not None)
    top = _LANE * lanes
    bottom = top + sum(panel.height for panel in panels)
    whole = bottom + _FOOT
    begin = (
        f'<svg class="ks-curves" role="img" width="100%" height="{whole:g}" '
        f'data-length="{ruler.length}" aria-label="{escape(_title(heard))}" '
        'xmlns="http://www.w3.org/2000/svg"><g aria-hidden="true">'
    )
    parts = [begin]
    y, above, marked = top, list[str](), list[str]()
    for panel, metrics in zip(panels, shared.values(), strict=True):
        parts += panel.draw(y, whole)
        above += panel.names(y)
        y += panel.height
        if best is not None and best[0] in {metric.name for metric in metrics}:
            marked += _best(heard, ruler, best, panel, (top, y, bottom))
    parts += _axis(snapshot, ruler, top, bottom)
    parts += [*_marks(snapshot, ruler, top, bottom), *marked]
    playhead = vertical("playhead", 0.0, top, bottom)
    parts.append(playhead.replace("/>", ' visibility="hidden"/>'))
    return "".join([*parts, *above, "</g></svg>"])


def standalone(picture: str, style: str, width: int = 720) -> str:
    """Return a picture that needs no page, of a fixed width in CSS pixels.

    Args:
        picture: What `curves` returned.
        style: The rules by which it is drawn.
        width: Its width. Defaults to `720`.
    """
    height = picture.split('height="', 1)[1].split('"', 1)[0]
    inside = picture.replace('width="100%"', f'width="{width - LEFT - RIGHT}"', 1)
    return (
        f'<svg class="ks-alone" viewBox="-{LEFT} 0 {width} {height}" '
        f'width="{width}" height="{height}" xmlns="http://www.w3.org/2000/svg">'
        f"<style>{style}</style>{inside}</svg>"
    )


def _label(heard: Heard, metric: Metric) -> str:
    """Return what stands at the end of a curve: where there are many, its number."""
    is_one_of_many = heard.voices and len(heard.metrics) > len(heard.voices)
    return metric.name.split()[-1] if is_one_of_many else ""


def _title(heard: Heard) -> str:
    """Return what the picture is called: in few words, for it is read out."""
    names = [shown(metric.name) for metric in heard.metrics]
    more = len(names) - _TITLE_METRICS
    told = ", ".join(names[:_TITLE_METRICS]) + (f" and {more} more" if more > 0 else "")
    axis = heard.run.axis
    return f"Curves of {told} over {axis.count(Ruler(heard.points).length)}"


def _best(
    heard: Heard,
    ruler: Ruler,
    best: tuple[str, int, float],
    panel: Panel,
    edges: tuple[float, float, float],
) -> Iterator[str]:
    """Mark the best value: a ring at its curve, a line, and its name above."""
    _, row, value = best
    top, end, bottom = edges
    x = x_of(ruler.place(row), ruler.length)
    name = f"best: {heard.run.history.at(row).name}"
    end_class = anchor(x, label_width(name, SIZES["narrow"]))
    yield vertical("best", x, top, bottom)
    yield glyph('class="best"', x, panel.y_of(value, end), _RING)
    yield text(f"best{end_class or ' middle'}", x, 13, name)


def _axis(snapshot: Snapshot, ruler: Ruler, top: float, bottom: float) -> Iterator[str]:
    unit = snapshot.axis.unit
    yield f'<text class="end" x="-8" y="{bottom + 18:g}">{unit}</text>'
    for size, width in SIZES.items():
        ticks = ruler.ticks(ROUND_NUMBERS[size])
        placed = [(x_of(place, ruler.length), number) for place, number in ticks]
        for x, number in fitting(placed, width):
            end = anchor(x, label_width(str(number), width)) or " middle"
            yield text(f"tick{end} {size}", x, bottom + 18, str(number))
    for row in epoch_ends(snapshot):
        x = x_of(ruler.place(row) + 0.5, ruler.length)
        yield vertical("epoch", x, top, bottom)


def _marks(
    snapshot: Snapshot, ruler: Ruler, top: float, bottom: float
) -> Iterator[str]:
    """Mark what happened, new bests left out, numbered as in the list of events.

    Numbers that would lie over one another share a label.
    """
    places = [x_of(ruler.place(row), ruler.length) for row, _ in snapshot.notable]
    labels = {size: merged(places, width) for size, width in SIZES.items()}
    are_many = len(places) > _MOST_MARKS
    marked = [x for x, _ in labels["wide"]] if are_many else places
    for x in _apart(marked):
        yield vertical("event", x, top, bottom)
    for size, found in labels.items():
        for x, numbers in found:
            end = anchor(x, label_width(numbers, SIZES[size])) or " middle"
            yield text(f"event{end} {size}", x, top - 4, numbers)


def _apart(places: Sequence[float]) -> Iterator[float]:
    """Yield places once each."""
    yield from places[:1]
    yield from (
        after for before, after in pairwise(places) if share(after) != share(before)
    )
