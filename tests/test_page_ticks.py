"""The labels along the axes: round, apart, and never outside of what is drawn."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from page_run import gaps

from keras_sonify.page.ticks import epoch_ticks, tick_labels, value_ticks
from keras_sonify.score.scaling import FAMILY_FLOOR, RunningRange, Span

finite = st.floats(allow_nan=False, allow_infinity=False)


def _span(low: float, high: float, *, logarithmic: bool, floor: bool) -> Span:
    least = FAMILY_FLOOR if floor else None
    covered = RunningRange(logarithmic=logarithmic, floor=least, falling=logarithmic)
    covered.include(high)
    covered.include(low)
    span = covered.span()
    assert span is not None
    return span


@settings(max_examples=500, deadline=None)
@example(one=0.0, other=0.0, logarithmic=True, floor=True)
@example(one=-1e308, other=1e308, logarithmic=False, floor=False)
@example(one=5e-324, other=1e308, logarithmic=True, floor=True)
@example(one=1.0000000000001, other=1.0000000000009, logarithmic=False, floor=False)
@example(one=1e16, other=1e16 + 2, logarithmic=False, floor=False)
@given(one=finite, other=finite, logarithmic=st.booleans(), floor=st.booleans())
def test_labels_of_values(
    one: float, other: float, *, logarithmic: bool, floor: bool
) -> None:
    """One at least; inside the range, from low to high, apart on the scale, unlike."""
    low, high = sorted([one, other])
    span = _span(low, high, logarithmic=logarithmic, floor=floor)

    ticks = value_ticks(low, high, span)

    assert ticks
    assert all(low <= tick <= high for tick in ticks)
    assert min(gaps([span.position(tick) for tick in ticks]), default=1.0) > 0.159
    assert len(set(tick_labels(ticks))) == len(ticks)


@pytest.mark.parametrize(
    ("low", "high", "logarithmic", "expected"),
    [
        (0.1022, 2.164, True, ["0.2", "0.5", "1.0", "2.0"]),
        (1e-5, 10.0, True, ["1e-05", "0.1", "1", "10"]),
        (0.2, 0.9954, False, ["0.2", "0.4", "0.6", "0.8"]),
        (-30.0, 10.0, False, ["-30", "-20", "-10", "0", "10"]),
        (0.65, 0.75, True, ["0.66", "0.68", "0.70", "0.72", "0.74"]),
        (0.69311, 0.69319, False, ["0.69312", "0.69314", "0.69316", "0.69318"]),
    ],
)
def test_labels_are_round(
    low: float, high: float, expected: list[str], *, logarithmic: bool
) -> None:
    """Of a usual range they are what somebody would write at an axis."""
    span = _span(low, high, logarithmic=logarithmic, floor=False)

    assert tick_labels(value_ticks(low, high, span)) == expected


@given(st.integers(1, 100_000))
def test_labels_of_epochs(count: int) -> None:
    """The first epoch, then round ones, and the last; a dozen, and apart."""
    places = epoch_ticks(count)

    assert (places[0], places[-1]) == (0, count - 1)
    assert len(places) <= 12
    rounds = [place + 1 for place in places[1:-1]]
    assert min(gaps(rounds), default=count) >= count / 20 - 1
    assert all(len(str(epoch).rstrip("0")) <= 2 for epoch in rounds)
