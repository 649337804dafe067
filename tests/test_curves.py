"""The picture of a run: well-formed whatever was measured, and true to its sound."""

import math
import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, fromstring

import pytest
from drawing import (
    crosses_in,
    heights_of,
    labels_in,
    lines_in,
    number_of,
    points_of,
    x_in,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st
from page_run import Columns, classed, drawn, gaps, overfitting, snapshot_of

from keras_sonify.page.curves import curves
from keras_sonify.page.labels import SIZES
from keras_sonify.page.shapes import WIDTH, x_of
from keras_sonify.score.classic import CLASSIC
from keras_sonify.score.composer import Composer
from keras_sonify.score.heard import replay
from keras_sonify.score.hearing import Hearing
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
    heights = [height for part in curves for height in heights_of(picture, part)]
    assert len(heights) == len(finite)
    assert all(-0.001 <= height <= 1.001 for height in heights)
    # Of what follows one another, the first and the last have a cross.
    chained = len(values) - len(finite)
    assert min(chained, 1) <= len(crosses_in(picture)) <= chained
    assert all(0 < x < WIDTH for part in curves for x, _ in points_of(part))
    names = {shown(metric.name) for metric in snapshot.valued}
    assert {part.get("data-metric") for part in mine} == names


def test_a_value_that_is_no_number_breaks_the_line() -> None:
    """A NaN or an infinity leaves a gap in its curve, and a cross at its epoch."""
    snapshot = snapshot_of({"loss": [1.0, 0.9, math.nan, 0.7, 0.6, math.inf, 0.5]})

    picture = drawn(snapshot)

    (line,) = classed(picture, "line")
    (dot,) = classed(picture, "dot")
    crosses = crosses_in(picture)
    assert line.get("d", "").count("M") == 2
    assert [x for x, _ in points_of(line)] == pytest.approx(
        [x_of(place, 7) for place in (0, 1, 3, 4)], abs=0.1
    )
    assert x_in(dot) == pytest.approx(x_of(6, 7), abs=0.1)
    assert [x_in(cross) for cross in crosses] == pytest.approx(
        [x_of(2, 7), x_of(5, 7)], abs=0.1
    )


def test_a_run_without_any_number_has_its_crosses() -> None:
    """Where a metric never was a number, its panel shows just that, calmly."""
    picture = drawn(snapshot_of({"loss": [math.nan] * 354}))

    (chain,) = lines_in(picture, "wrong")
    ends = [x_in(chain, "x1"), x_in(chain, "x2")]
    assert ends == pytest.approx([x_of(0, 354), x_of(353, 354)], abs=0.1)
    assert [x_in(cross) for cross in crosses_in(picture)] == ends
    assert classed(picture, "line") + classed(picture, "dot") == []


def test_an_absent_value_leaves_no_gap() -> None:
    """A metric that is measured every other epoch is one line."""
    picture = drawn(snapshot_of({"val_loss": [None, 1.0, None, 0.8, None, 0.7]}))

    (line,) = classed(picture, "line")
    assert line.get("d", "").count("M") == 1
    assert len(points_of(line)) == 3


@pytest.mark.parametrize("spike", [3.0, 0.3])
@pytest.mark.parametrize("place", [0, 1, 4999, 6666, 9999])
def test_a_spike_survives(place: int, spike: float) -> None:
    """One bad or good epoch of 10 000 is seen where it was; lines stay short."""
    losses = [1.0 + 0.01 * (k % 3) for k in range(10_000)]
    losses[place] = spike

    (line,) = classed(drawn(snapshot_of({"loss": losses})), "line")

    points = points_of(line)
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
    highest = min(dots, key=lambda dot: number_of(dot, "y"))
    assert len(dots) + len(classed(picture, "wrong")) < 900
    assert x_in(highest) == pytest.approx(x_of(6666, 10_000), abs=0.1)


@pytest.mark.parametrize("style", [CLEAR, CLASSIC])
def test_the_height_of_a_point_is_the_pitch_of_its_tone(style: Style) -> None:
    """Each curve is as high as its tones, and an octave as high in each panel."""
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
        assert heights_of(picture, line) == pytest.approx(
            _shares(pitches, style), abs=0.002
        )
    assert len({_octave(panel) for panel in classed(picture, "panel")}) == 1


def _octave(panel: Element) -> int:
    """Return how high all pitches are in a panel, in pixels."""
    shown_share = number_of(panel, "data-high") - number_of(panel, "data-low")
    return round(number_of(panel, "height") / shown_share / 4)


def _shares(pitches_hz: Sequence[float], style: Style) -> list[float]:
    """Return where pitches lie between the lowest and the highest."""
    low, high = style.low_hz, style.high_hz
    if style.pitch == "linear":
        return [(pitch - low) / (high - low) for pitch in pitches_hz]
    return [math.log(pitch / low) / math.log(high / low) for pitch in pitches_hz]


def test_marks_are_numbered_as_the_list_of_events() -> None:
    """Each event has a mark at its epoch; numbers that would touch share a label."""
    happened = [(3, "a"), (10, "b"), (10, "c"), (19, "d")]
    picture = drawn(snapshot_of(overfitting(20), happened))

    marks, written = lines_in(picture, "event"), labels_in(picture)
    assert [x_in(mark, "x1") for mark in marks] == pytest.approx(
        [x_of(place, 20) for place in (3, 10, 19)], abs=0.1
    )
    assert [number.text for number in written] == ["1", "2–3", "4"]  # noqa: RUF001
    assert [x_in(number) for number in written] == pytest.approx(
        [x_of(place, 20) for place in (3, 10, 19)], abs=0.1
    )


@pytest.mark.parametrize(("size", "width"), list(SIZES.items()))
def test_no_event_is_without_its_number(size: str, width: float) -> None:
    """However they crowd, each is in a label, and none lies over another."""
    happened = [(100 * k + 7, "happened") for k in range(90)]
    picture = drawn(snapshot_of({"loss": [1.0] * 10_000}, happened))

    written = labels_in(picture, size)
    ends = [[int(n) for n in re.findall(r"\d+", part.text or "")] for part in written]
    told = [n for first, *last in ends for n in range(first, (last or [first])[-1] + 1)]
    assert told == list(range(1, 91))
    assert min(gaps([x_in(part) for part in written])) * width / WIDTH > 12.0
    assert 1 < len(written) < width / 12


@pytest.mark.parametrize("row", [0, 9, 19])
def test_the_best_value_is_marked(row: int) -> None:
    """By a ring at its curve, a line, and its name, which stays in the picture."""
    heard = replay(snapshot_of(overfitting(20)), Hearing())
    value = overfitting(20)["val_loss"][row]

    picture = fromstring(curves(heard, ("val_loss", row, value)))  # noqa: S314

    (mark,) = lines_in(picture, "best")
    ring, name = (part for part in classed(picture, "best") if part is not mark)
    (line,) = (
        p for p in classed(picture, "line") if p.get("data-metric") == "val_loss"
    )
    assert (x_in(ring), number_of(ring, "y")) == pytest.approx(
        points_of(line)[row], abs=0.1
    )
    assert x_in(mark, "x1") == x_in(ring)
    assert name.text == f"best: epoch {row + 1}"
    anchor = {0: "start", 9: "middle", 19: "end"}[row]
    assert anchor in name.get("class", "") or row == 9


def test_it_is_one_stop_with_a_short_name() -> None:
    """A screen reader is told what there is to see, and none of its parts."""
    picture = drawn(snapshot_of({f"val_m{k}_loss": [1.0, 0.5] for k in range(9)}))

    (inside,) = picture
    assert picture.get("role") == "img"
    assert inside.get("aria-hidden") == "true"
    label = picture.get("aria-label", "")
    assert label.endswith("val_m5_loss and 3 more over 2 epochs")
    assert label.startswith("Curves of val_m0_loss, ")


def test_last_and_unit_are_labelled() -> None:
    """Also where the last epoch is no round one; in a narrow picture, too."""
    picture = drawn(snapshot_of({"loss": [1.0] * 78}))

    for size in SIZES:
        ticks = [p for p in classed(picture, "tick") if size in p.get("class", "")]
        texts = [part.text for part in ticks]
        assert (texts[0], texts[-1]) == ("1", "78")
    assert "epoch" in [part.text for part in classed(picture, "end")]
