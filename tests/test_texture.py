"""How noise and spikes of a window of steps become the flutter and grain of a tone."""

import math

import pytest

from keras_sonify.score.classic import CLASSIC
from keras_sonify.score.scaling import Span
from keras_sonify.score.style import CLEAR, Style
from keras_sonify.score.texture import flutter_of, grain_after, spike_of, spread_cents
from keras_sonify.score.tones import tone_note
from keras_sonify.training.axis import At
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Reach

_ALL_CENTS = 1200.0 * math.log2(1760.0 / 330.0)
_LINEAR = Span(0.0, _ALL_CENTS)  # a unit is a cent


def _reach(width: float, middle: float = 1800.0, **more: tuple[int, float]) -> Reach:
    spread = (middle - width / 2, middle + width / 2)
    return Reach(middle, ((0, middle),), 0, spread, tuple(more.values()))


@pytest.mark.parametrize(
    ("cents", "depth"),
    [
        (0.0, 0.0),
        (34.9, 0.0),
        (35.1, 0.3),
        (104.9, 0.3),
        (105.1, 0.6),
        (274.9, 0.6),
        (275.1, 0.9),
        (9e9, 0.9),
    ],
)
def test_a_spread_is_heard_in_classes(cents: float, depth: float) -> None:
    """Below 35 cents not at all; then in three classes, however wide it is."""
    assert flutter_of(_reach(cents), _LINEAR, CLEAR) == depth


@pytest.mark.parametrize("middle", [0.0, 1800.0, _ALL_CENTS])
def test_a_spread_is_as_wide_at_the_ends_of_the_range(middle: float) -> None:
    """The range holds medians: a batch beyond it is noise as much as one within."""
    assert spread_cents((middle - 50, middle + 50), _LINEAR, CLEAR) == pytest.approx(
        100
    )


@pytest.mark.parametrize(("noise", "depth"), [(0.03, 0.3), (0.08, 0.6), (0.2, 0.9)])
def test_noise_of_3_8_and_20_percent_are_three_classes(
    noise: float, depth: float
) -> None:
    """On the narrowest scale of a loss, a factor of 16."""
    unit = 1e-3
    span = Span(math.asinh(1 / 16 / unit), math.asinh(1 / unit), unit)
    spread = (0.5 * math.exp(-1.28 * noise), 0.5 * math.exp(1.28 * noise))

    assert flutter_of(Reach(0.5, (), 0, spread), span, CLEAR) == depth


@pytest.mark.parametrize(
    ("reach", "span", "style"),
    [
        pytest.param(None, _LINEAR, CLEAR, id="an epoch"),
        pytest.param(Reach(1.0, (), 0, None), _LINEAR, CLEAR, id="nobody knows"),
        pytest.param(_reach(400), None, CLEAR, id="no range"),
        pytest.param(_reach(400), Span(1.0, 1.0), CLEAR, id="no width"),
        pytest.param(_reach(400), _LINEAR, CLASSIC, id="classic"),
        pytest.param(_reach(400), _LINEAR, Style(texture=False), id="switched off"),
    ],
)
def test_what_does_not_flutter(
    reach: Reach | None, span: Span | None, style: Style
) -> None:
    """Without a spread or a range, and where the style has none, a tone is steady."""
    assert flutter_of(reach, span, style) == 0.0


def test_noise_does_not_flutter() -> None:
    """A window without a number is the noise of every NaN."""
    note = tone_note(
        Metric.named("loss"),
        At(0, 7),
        math.nan,
        math.nan,
        CLEAR,
        start=0.0,
        duration=0.15,
        flutter=0.6,
    )

    assert (note.kind, note.flutter) == ("nan", 0.0)


def test_of_several_spikes_the_farthest_is_heard() -> None:
    """One grain a tone: of what lies farthest from the median, on either side."""
    reach = _reach(0, low=(3, 100.0), high=(5, 2000.0))

    assert spike_of(reach, CLEAR) == (3, 100.0)
    assert spike_of(_reach(0), CLEAR) is None
    assert spike_of(None, CLEAR) is None
    assert spike_of(reach, CLASSIC) is None


def test_a_grain_follows_its_tone() -> None:
    """At a pitch that no tone, tick or mark has, for 40 ms, on the same side."""
    tone = tone_note(
        Metric.named("loss"), At(1, 90), 0.5, 440.0, CLEAR, start=1.0, duration=0.12
    )

    grain = grain_after(tone, 7.3, At(1, 83), CLEAR, "loss stands far out")

    assert (grain.kind, grain.metric, grain.value) == ("spike", "loss", 7.3)
    assert (grain.epoch, grain.step, grain.text) == (1, 83, "loss stands far out")
    assert (grain.start, grain.duration, grain.pan) == (tone.end, 0.04, tone.pan)
    assert CLEAR.high_hz < grain.frequency_hz < 2637.0
