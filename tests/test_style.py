"""A style refuses what cannot sound, before a training begins."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from keras_sonify.score.classic import CLASSIC
from keras_sonify.score.style import CLEAR, Style, frames_in
from keras_sonify.score.styles import STYLES, resolve_style


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sample_rate", 7_999),
        ("sample_rate", 384_001),
        ("sample_rate", "44100"),
        ("sample_rate", 22_050.5),
        ("tone", 0.0),
        ("tone", 10.1),
        ("tone", None),
        ("reference", -0.01),
        ("reference", 0.16),
        ("reference_gain_db", 0.1),
        ("gap", -0.01),
        ("gap", 1.1),
        ("noise_gain_db", 0.1),
        ("reference_gain_db", -math.inf),
        ("fade", -0.001),
        ("fade", 0.05),
        ("low_hz", 0.0),
        ("low_hz", 1761.0),
        ("high_hz", 329.0),
        ("high_hz", 20_000.0),
        ("high_hz", math.inf),
        ("amplitude", -0.1),
        ("amplitude", 1.1),
        ("amplitude", math.nan),
        ("pan", -0.6),
        ("pan", 1.5),
        ("pan", 1j),
        ("pitch", "logarithmic"),
        ("pitch", ["linear"]),
        ("scaling", "run"),
        ("scaling", None),
        ("equal_loudness", "no"),
        ("odd_partials", 2),
        ("low_partials", None),
        ("low_partials", False),
        ("texture", "loss"),
        ("dither", None),
    ],
)
def test_bad_arguments_are_refused(name: str, value: object) -> None:
    """What is out of its range raises, and the message quotes it."""
    arguments: dict[str, Any] = {name: value}

    with pytest.raises(ValueError, match=r"Received: \w+=") as caught:
        Style(**arguments)

    # An impossible top is told of the bottom that lies above it.
    assert f"{value!r}" in str(caught.value) or name == "high_hz"


def test_a_message_names_argument_range_and_value() -> None:
    """The message says what must hold and what came."""
    with pytest.raises(ValueError, match=r"`pan` .* 0 to 1\. Received: pan=2$"):
        Style(pan=2)


def test_a_style_is_fixed_once_made() -> None:
    """Nobody changes a style under a run's feet; a changed copy is checked again."""
    field = "pan"

    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(CLEAR, field, 0.0)
    with pytest.raises(ValueError, match="Received: pan=-1"):
        dataclasses.replace(CLEAR, pan=-1)


@pytest.mark.parametrize("name", ["clear", "classic"])
def test_styles_have_names(name: str) -> None:
    """A name stands for its style."""
    assert resolve_style(name) is STYLES[name]


def test_an_own_style_is_taken_as_it_is() -> None:
    """A `Style` is passed on untouched."""
    style = Style(low_hz=300.0)

    assert resolve_style(style) is style


@pytest.mark.parametrize("bad", ["Clear", "", None, 3, ["clear"]], ids=repr)
def test_unknown_styles_are_refused(bad: object) -> None:
    """What is neither a name nor a `Style` raises and tells the names."""
    with pytest.raises(ValueError, match=r"'clear', 'classic'.* Received: style="):
        resolve_style(bad)


def test_clear_is_the_default() -> None:
    """`Style()` is the style that is played unless another is asked for."""
    assert Style() == CLEAR == STYLES["clear"]


def test_classic_has_the_numbers_of_the_recipe() -> None:
    """1000 to 3000 Hz, 3308 frames at 22 050 Hz, peak 10 000, bare mono tones."""
    assert (CLASSIC.low_hz, CLASSIC.high_hz, CLASSIC.pitch) == (1000, 3000, "linear")
    assert frames_in(CLASSIC.tone, CLASSIC.sample_rate) == 3308
    assert CLASSIC.amplitude * 32_767 == 10_000
    assert (CLASSIC.fade, CLASSIC.reference, CLASSIC.pan) == (0, 0, 0)
    assert not any((CLASSIC.dither, CLASSIC.low_partials, CLASSIC.odd_partials))
    assert (CLASSIC.gap, CLASSIC.noise_gain_db) == (0.06, -3.0)


@pytest.mark.parametrize("sample_rate", [8_000, 11_025, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("seconds", [0.03, 0.08, 0.1, 0.15, 0.3, 1.0])
def test_a_tone_has_as_many_frames_as_arange(seconds: float, sample_rate: int) -> None:
    """Frames are counted as NumPy counts them, rounding of its step apart."""
    exact = seconds * sample_rate
    expected = len(np.arange(0, seconds - 1e-9, 1 / sample_rate))

    assert frames_in(seconds, sample_rate) == expected
    assert 0 <= frames_in(seconds, sample_rate) - exact < 1 + 1e-6
