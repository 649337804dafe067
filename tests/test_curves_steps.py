"""The picture of a run in steps: its trend, its noise, its spikes, ends of epochs."""

from xml.etree.ElementTree import Element

import pytest
from drawing import points_of
from page_run import classed, drawn
from step_run import in_steps, snapshot_in_steps

from keras_sonify.page.ruler import Ruler
from keras_sonify.page.shapes import x_of
from keras_sonify.page.ticks import step_ticks
from keras_sonify.training.history import History
from keras_sonify.training.points import Window

_VALIDATION = {500 * k: 1.9 + 0.8 / k for k in range(1, 7)}


@pytest.fixture(scope="module")
def picture() -> Element:
    """The picture of a run of 3000 steps, with a spike, validation and an event."""
    history = in_steps(3000, spikes={1234: 7.3}, validation=_VALIDATION)
    return drawn(snapshot_in_steps(history, {999: "here"}))


def test_the_line_goes_through_the_medians(picture: Element) -> None:
    """One point a window, in its middle; validation where it was measured."""
    training, validation = classed(picture, "line")

    places = [x for x, _ in points_of(training)]
    assert len(places) == 200
    assert places == pytest.approx(
        [x_of(15 * k + 7, 3000) for k in range(200)], abs=0.1
    )
    assert [x for x, _ in points_of(validation)] == pytest.approx(
        [x_of(step - 1, 3000) for step in _VALIDATION], abs=0.1
    )


def test_the_noise_is_a_band_behind_the_line(picture: Element) -> None:
    """From the tenth percentile of each window to the ninetieth, around its median."""
    (band,) = classed(picture, "band")
    line = points_of(classed(picture, "line")[0])

    edge = points_of(band)
    upper, lower = edge[:200], edge[:199:-1]
    assert [x for x, _ in upper] == [x for x, _ in lower] == [x for x, _ in line]
    heights = zip(upper, line, lower, strict=True)
    assert all(high[1] <= y <= low[1] for high, (_, y), low in heights)
    parts = list(picture.iter())
    assert parts.index(band) < parts.index(classed(picture, "line")[0])


def test_spikes_and_epochs_are_marked(picture: Element) -> None:
    """Each spike where it was; a line where an epoch ends, but for the last."""
    (spike,) = classed(picture, "spike")
    ends = [_start(end) for end in classed(picture, "epoch")]

    assert _start(spike) == pytest.approx(x_of(1233, 3000), abs=0.1)
    assert ends == pytest.approx([x_of(999.5, 3000), x_of(1999.5, 3000)], abs=0.1)


def test_events_are_where_they_happened(picture: Element) -> None:
    """By their step."""
    mark, *numbers = classed(picture, "event")

    assert _start(mark) == pytest.approx(x_of(999, 3000), abs=0.1)
    assert {number.text for number in numbers} == {"1"}


def test_the_axis_counts_steps(picture: Element) -> None:
    """Round ones and the last, beside the name of what is counted."""
    ticks = classed(picture, "tick")
    texts = [part.text for part in ticks if "wide" in part.get("class", "")]

    assert texts == ["500", "1000", "1500", "2000", "2500", "3000"]
    assert "step" in [part.text for part in classed(picture, "end")]
    assert picture.get("data-length") == "3000"


def test_long_numbers_stay_in_the_picture() -> None:
    """The last label ends where the axis does, lest it be cut off."""
    history = in_steps(1000, every=10_000)

    ticks = classed(drawn(snapshot_in_steps(history)), "tick")

    last = [part for part in ticks if part.text == "10000000"]
    assert len(last) == 3
    assert all("end" in part.get("class", "").split() for part in last)


def _start(mark: Element) -> float:
    """Return where a mark stands along the axis, from 0 to 1000."""
    x = str(mark.get("x1") or mark.get("x"))
    return float(x.removesuffix("%")) * 10


@pytest.mark.parametrize(
    ("steps", "length", "places"),
    [
        ([1, 2, 3], 3, [0, 1, 2]),
        ([10, 20, 30], 30, [9, 19, 29]),
        ([0, 50, 100], 101, [0, 50, 100]),
        ([5010, 5020, 5030], 30, [9, 19, 29]),
        ([7], 1, [0]),
        ([0], 1, [0]),
    ],
)
def test_a_run_lies_along_its_steps(
    steps: list[int], length: int, places: list[int]
) -> None:
    """What was logged every so many begins as many before the first; 0 is a step."""
    history = History()
    for step in steps:
        history.append(step, {"loss": 1.0}, Window(0))

    ruler = Ruler(history.points(len(history)))

    assert ruler.length == length
    assert [ruler.place(row) for row in range(len(steps))] == places
    assert ruler.edges == [0, *(place + 1 for place in places)]


@pytest.mark.parametrize("before", [0, 1, 99, 12_345])
@pytest.mark.parametrize("length", [1, 2, 7, 59, 3000, 123_456, 10_000_000])
def test_labels_of_steps(before: int, length: int) -> None:
    """A few round numbers within the run, and the last."""
    *steps, last = step_ticks(before, before + length)

    assert len(steps) <= 6
    assert last == before + length
    assert all(before < step < last for step in steps)
    assert length < 6 or all(len(str(step).rstrip("0")) <= 5 for step in steps)
