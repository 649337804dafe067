"""A flutter is heard as such: neither pitch, nor level, nor ends of a tone change."""

import numpy as np
import numpy.typing as npt
import pytest
from ear import cents, listen
from scipy.signal import butter, sosfiltfilt
from signals import FADE, RATE, make_note, mono, rms

from keras_sonify.score.classic import CLASSIC
from keras_sonify.sound.synth import render

_DEPTHS = (0.3, 0.6, 0.9)
_DURATIONS = (0.08, 0.12, 0.15)
_PITCHES_HZ = np.geomspace(220.0, 1760.0, 13).tolist()

each_flutter = pytest.mark.parametrize("depth", _DEPTHS)
each_length = pytest.mark.parametrize("duration", _DURATIONS)


def _power(sound: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the power spectrum in steps of an eighth of a Hz."""
    return np.asarray(np.abs(np.fft.rfft(sound, 8 * RATE)) ** 2)


@each_flutter
@each_length
def test_its_pitch_is_that_of_the_steady_tone(depth: float, duration: float) -> None:
    """To Praat within a cent, by its spectrum within a tenth; the bar is five."""
    for pitch_hz in _PITCHES_HZ:
        note = make_note(pitch_hz, duration=duration, flutter=depth, amplitude=0.1)

        (heard,) = listen(mono(note)[:, None], RATE)
        top_hz = float(_power(mono(note)).argmax()) / 8

        assert abs(cents(heard.pitch_hz, pitch_hz)) < 1.0
        assert abs(top_hz - pitch_hz) <= 0.0625 + 1e-9


@each_flutter
@each_length
def test_its_sidebands_are_alike(depth: float, duration: float) -> None:
    """As strong below the tone as above it, to 0.1 dB, about 40 Hz away."""
    swings = round(40 * duration) / duration
    power = _power(mono(make_note(1000.0, duration=duration, flutter=depth)))

    below, above = (power[round(8 * (1000 + side * swings))] for side in (-1, 1))

    assert abs(10 * np.log10(above / below)) < 0.1
    assert 36.0 < swings < 42.0


@each_flutter
@each_length
@pytest.mark.parametrize("fade", [0.0, FADE])
def test_it_is_as_loud_as_the_steady_tone(
    depth: float, duration: float, fade: float
) -> None:
    """Its power is the same to 0.05 dB."""
    for pitch_hz in _PITCHES_HZ:
        note = make_note(pitch_hz, duration=duration, amplitude=0.1)
        fluttering = make_note(
            pitch_hz, duration=duration, amplitude=0.1, flutter=depth
        )

        level_db = 20 * np.log10(
            rms(mono(fluttering, fade=fade)) / rms(mono(note, fade=fade))
        )

        assert abs(level_db) < 0.05


@each_flutter
def test_it_does_not_clip(depth: float) -> None:
    """No louder than full scale; where a style is too loud for it, it is softer."""
    for amplitude in (0.1, 0.5, 0.9, 1.0):
        note = make_note(500.0, amplitude=amplitude, flutter=depth)

        assert np.abs(mono(note)).max() <= 1.0 + 1e-6


@each_flutter
@each_length
def test_it_begins_and_ends_without_a_click(depth: float, duration: float) -> None:
    """At exactly 0; no 5 ms of what lies above 3 kHz exceed -80 dB re the tone."""
    for pitch_hz in (220.0, 330.0):
        sound = mono(make_note(pitch_hz, duration=duration, flutter=depth))
        highpass = butter(10, 3000.0, "highpass", fs=RATE, output="sos")

        high = sosfiltfilt(highpass, np.pad(sound, 882)) ** 2

        splatter = np.convolve(high, np.full(220, 1 / 220), "same").max()
        assert sound[0] == sound[-1] == 0.0
        assert 10 * np.log10(splatter / 0.5) <= -80.0


def test_a_steady_tone_beside_it_stays_as_it_is() -> None:
    """Notes that do not flutter are the same to the last bit, in whatever company."""
    steady = [make_note(300.0 + k, start=0.3 * k) for k in range(4)]
    between = [make_note(400.0, start=0.15 + 0.3 * k, flutter=0.6) for k in range(4)]
    both = [note for pair in zip(steady, between, strict=True) for note in pair]

    alone, together = mono(*steady), mono(*both)

    for k in range(4):
        tone = slice(round(0.3 * k * RATE), round((0.3 * k + 0.15) * RATE))
        assert np.array_equal(together[tone], alone[tone])
    gap = slice(round(0.15 * RATE), round(0.3 * RATE))
    assert not alone[gap].any()
    assert together[gap].any()


@pytest.mark.parametrize("rate", [8000, 22_050, 48_000, 384_000])
def test_it_swings_as_often_at_any_rate(rate: int) -> None:
    """Three times in 80 ms: with three maxima of its envelope."""
    note = make_note(1000.0, duration=0.08, flutter=0.9)
    frames = render([note], sample_rate=rate, channels=1, fade=CLASSIC.fade)

    moments = frames[: frames.shape[0] // 80 * 80].reshape(80, -1)
    loudness = np.abs(moments).max(axis=1)

    is_top = (loudness[1:-1] > loudness[:-2]) & (loudness[1:-1] >= loudness[2:])
    assert np.count_nonzero(is_top & (loudness[1:-1] > 0.5)) == 3
