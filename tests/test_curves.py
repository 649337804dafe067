"""The picture of a run: well-formed whatever was measured, and true to its sound."""

import math
import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from page_run import Columns, classed, drawn, gaps, overfitting, snapshot_of

from keras_sonify.page.curves import x_of
from keras_sonify.score.classic import CLASSIC
from keras_sonify.score.composer import Composer
from keras_sonify.score.style import CLEAR, Style
from keras_sonify.score.tones import value_hz
from keras_sonify.training.foreign import shown
from keras_sonify.training.metrics import Metric

numbers = st.floats() | st.just(0.0) | st.none()
runs = st.integers(1, 8).flatmap(
    lambda epochs: st.dictionaries(
        st.text(st.characters(), min_size=1, max_size=20),
        st.lists(numbers, min_size=epochs, max_size=epochs),
        min_size=1,
        max_size=4,
    ),
)


def _points(line: Element) -> list[tuple[float, float]]:
    """Return the points of a path."""
    pairs = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", line.get("d", ""))
    return [(float(x), float(y)) for x, y in pairs]


def _start(mark: Element) -> float:
    """Return where a path begins, on the horizontal axis."""
    (x,) = re.findall(r"^M(-?[\d.]+)", mark.get("d", ""))
    return float(x)


def _number(part: Element, name: str) -> float:
    return float(part.get(name, "nan"))


def _heights(picture: Element, line: Element) -> list[float]:
    """Return how high in its panel each point of a line is, from 0 to 1."""
    points = _points(line) or [(_number(line, "cx"), _number(line, "cy"))]
    for panel in classed(picture, "panel"):
        top, height = _number(panel, "y"), _number(panel, "height")
        shares = [1.0 - (y - top) / height for _, y in points]
        if all(-0.001 <= share <= 1.001 for share in shares):
            return shares
    pytest.fail("a line leaves its panel")


@settings(max_examples=150, deadline=None)
@example({"loss": [1e308, -1e308], "val_loss": [5e-324, -0.0]})
@example({"loss": [5e-324, 1e-320], "accuracy": [1e308, 1.7e308]})
@example({"loss": [math.nan, math.inf], "val_loss": [-math.inf, math.nan]})
@example({"loss": [0.0], "val_loss": [-3.0], "<&'\">": [7.0], "\x00\ud800": [1.0]})
@given(runs)
def test_any_run_can_be_drawn(run: Columns) -> None:
    """Whatever values and names, the picture is XML that shows each value once."""
    snapshot = snapshot_of(run)
    picture = drawn(snapshot)

    values = [value for column in run.values() for value in column if value is not None]
    finite = [value for value in values if math.isfinite(value)]
    mine = [part for part in picture.iter() if part.get("data-metric") is not None]
    curves = [part for part in mine if "wrong" not in part.get("class", "")]
    heights = [height for part in curves for height in _heights(picture, part)]
    assert len(heights) == len(finite)
    assert len(mine) - len(curves) == len(values) - len(finite)
    assert all(0 < x < 720 for part in curves for x, _ in _points(part))
    names = {shown(metric.name) for metric in snapshot.valued}
    assert {part.get("data-metric") for part in mine} == names


def test_a_value_that_is_no_number_breaks_the_line() -> None:
    """A NaN or an infinity leaves a gap in its curve, and a cross at its epoch."""
    snapshot = snapshot_of({"loss": [1.0, 0.9, math.nan, 0.7, 0.6, math.inf, 0.5]})

    picture = drawn(snapshot)

    (line,) = classed(picture, "line")
    (dot,) = classed(picture, "dot")
    crosses = classed(picture, "wrong")
    assert line.get("d", "").count("M") == 2
    assert [x for x, _ in _points(line)] == pytest.approx(
        [x_of(place, 7) for place in (0, 1, 3, 4)], abs=0.1
    )
    assert _number(dot, "cx") == pytest.approx(x_of(6, 7), abs=0.1)
    assert [_start(cross) + 4 for cross in crosses] == pytest.approx(
        [x_of(2, 7), x_of(5, 7)], abs=0.1
    )


def test_a_run_without_any_number_has_its_crosses() -> None:
    """Where a metric went wrong from the first epoch, its panel shows just that."""
    picture = drawn(snapshot_of({"loss": [math.nan] * 3}))

    assert len(classed(picture, "wrong")) == 3
    assert classed(picture, "line") + classed(picture, "dot") == []


def test_an_absent_value_leaves_no_gap() -> None:
    """A metric that is measured every other epoch is one line."""
    picture = drawn(snapshot_of({"val_loss": [None, 1.0, None, 0.8, None, 0.7]}))

    (line,) = classed(picture, "line")
    assert line.get("d", "").count("M") == 1
    assert len(_points(line)) == 3


@pytest.mark.parametrize("spike", [3.0, 0.3])
@pytest.mark.parametrize("place", [0, 1, 4999, 6666, 9999])
def test_a_spike_survives(place: int, spike: float) -> None:
    """One bad or good epoch of 10 000 is seen where it was; lines stay short."""
    losses = [1.0 + 0.01 * (k % 3) for k in range(10_000)]
    losses[place] = spike

    (line,) = classed(drawn(snapshot_of({"loss": losses})), "line")

    points = _points(line)
    turned = max if spike < 1.0 else min  # the vertical axis points down
    x, _ = turned(points, key=lambda point: point[1])
    assert x == pytest.approx(x_of(place, 10_000), abs=0.1)
    assert min(gaps([x for x, _ in points])) >= 0.0
    assert 400 <= len(points) < 900


def test_breaks_do_not_make_a_picture_large() -> None:
    """Of 10 000 epochs, every other NaN, it shows the extremes and some crosses."""
    losses = [math.nan if k % 2 else 2.0 + math.sin(k) for k in range(10_000)]
    losses[6666] = 9.0

    picture = drawn(snapshot_of({"loss": losses}))

    dots = classed(picture, "dot")
    highest = min(dots, key=lambda dot: _number(dot, "cy"))
    assert len(dots) + len(classed(picture, "wrong")) < 900
    assert _number(highest, "cx") == pytest.approx(x_of(6666, 10_000), abs=0.1)


@pytest.mark.parametrize("style", [CLEAR, CLASSIC])
def test_the_height_of_a_point_is_the_pitch_of_its_tone(style: Style) -> None:
    """Each curve is as high in its panel as its tones are in the style's pitches."""
    run = overfitting(12)
    snapshot, composer = snapshot_of(run), Composer(style)
    for epoch, values in snapshot.history.rows(snapshot.count):
        composer.cue(epoch, values, snapshot.valued)
    picture = drawn(snapshot, style)

    for line in classed(picture, "line"):
        name = line.get("data-metric", "")
        span = composer.span(Metric.named(name))
        assert span is not None
        pitches = [value_hz(value, span, style) for value in run[name]]
        assert _heights(picture, line) == pytest.approx(
            _shares(pitches, style), abs=0.002
        )


def _shares(pitches_hz: Sequence[float], style: Style) -> list[float]:
    """Return where pitches lie between the lowest and the highest."""
    low, high = style.low_hz, style.high_hz
    if style.pitch == "linear":
        return [(pitch - low) / (high - low) for pitch in pitches_hz]
    return [math.log(pitch / low) / math.log(high / low) for pitch in pitches_hz]


def test_marks_are_numbered_as_the_list_of_events() -> None:
    """Each event has a mark at its epoch, and the number that it has in the list."""
    happened = [(3, "a"), (10, "b"), (10, "c"), (19, "d")]
    picture = drawn(snapshot_of(overfitting(20), happened))

    marks = [mark for mark in classed(picture, "event") if not mark.text]
    written = [mark for mark in classed(picture, "event") if mark.text]
    assert [_start(mark) for mark in marks] == pytest.approx(
        [x_of(place, 20) for place, _ in happened], abs=0.1
    )
    assert [number.text for number in written] == ["1", "2", "4"]  # 3 is where 2 is
    assert [_number(number, "x") for number in written] == pytest.approx(
        [x_of(place, 20) for place in (3, 10, 19)], abs=0.1
    )


def test_crowded_numbers_do_not_lie_over_each_other() -> None:
    """Where events crowd, numbers are left out; those that stay are at their marks."""
    happened = [(100 * k + 7, "happened") for k in range(60)]
    picture = drawn(snapshot_of({"loss": [1.0] * 10_000}, happened))

    written = [mark for mark in classed(picture, "event") if mark.text]
    places = [_number(number, "x") for number in written]
    assert places == pytest.approx(
        [x_of(100 * int(n.text or 0) - 93, 10_000) for n in written], abs=0.1
    )
    assert min(gaps(places)) > 12.0
    assert len(written) > 10
