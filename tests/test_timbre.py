"""The rendered sound judged by its spectrum: partials, clicks, noise, sides."""

import math

import numpy as np
import parselmouth
import pytest
from scipy.signal import butter, sosfilt
from signals import FADE, RATE, Signal, make_note, mono, rms

from keras_sonify.score.note import Timbre
from keras_sonify.sound.synth import render


def _noise(fade: float = FADE) -> Signal:
    return mono(make_note(math.nan, timbre="noise"), fade=fade)


def _partials(signal: Signal, pitch_hz: float) -> list[float]:
    """The amplitudes of the first five partials, by least squares, without fades."""
    steady = slice(round(0.02 * RATE), round(0.13 * RATE))
    angle = 2 * np.pi * pitch_hz * np.arange(len(signal))[steady] / RATE
    waves = [wave(k * angle) for k in range(1, 6) for wave in (np.cos, np.sin)]
    parts, *_ = np.linalg.lstsq(np.stack(waves, axis=1), signal[steady], rcond=None)
    return [float(size) for size in np.hypot(parts[::2], parts[1::2])]


@pytest.mark.parametrize("pitch_hz", [220.0, 880.0, 1760.0])
def test_a_pure_tone_does_not_click(pitch_hz: float) -> None:
    """Above max(8 f, 3 kHz) no 5 ms window exceeds -80 dB re the tone."""
    signal = np.pad(mono(make_note(pitch_hz)), 4410)
    edge_hz = max(8 * pitch_hz, 3000.0)
    window = round(0.005 * RATE)

    high = sosfilt(butter(10, edge_hz, "highpass", fs=RATE, output="sos"), signal)

    power = np.convolve(high**2, np.full(window, 1 / window), "valid").max()
    splatter_db = 10 * math.log10(power / 0.5)
    assert splatter_db <= -80.0


def test_a_hard_edge_would_be_found() -> None:
    """The measure above finds the click of a tone without fades."""
    signal = np.pad(mono(make_note(220.0), fade=0.0), 4410)

    high = sosfilt(butter(10, 3000.0, "highpass", fs=RATE, output="sos"), signal)

    assert 20 * math.log10(np.abs(high).max()) > -40.0


def _levels_db(timbre: Timbre, pitch_hz: float) -> list[float]:
    """Return the second to the fifth partial re the fundamental, which is 1."""
    first, *others = _partials(mono(make_note(pitch_hz, timbre=timbre)), pitch_hz)
    assert first == pytest.approx(1.0, abs=0.01)
    return [20 * math.log10(other / first) for other in others]


@pytest.mark.parametrize(
    ("pitch_hz", "softer_db"), [(220.0, 0.0), (450.0, 0.0), (561.2, 6.0), (647.1, 15.0)]
)
def test_a_low_tone_has_partials_that_fade_out(
    pitch_hz: float, softer_db: float
) -> None:
    """To 450 Hz partials 2 to 4 have -8, -12 and -16 dB, by 700 Hz they are gone."""
    *low, fifth = _levels_db("full", pitch_hz)

    assert low == pytest.approx(
        [level - softer_db for level in (-8, -12, -16)], abs=0.2
    )
    assert fifth < -80.0


@pytest.mark.parametrize("pitch_hz", [220.0, 450.0, 561.2, 647.1])
def test_both_sides_have_the_same_low_partials(pitch_hz: float) -> None:
    """Those of validation differ by no more than its weak third and fifth."""
    second, third, fourth, _ = _levels_db("full", pitch_hz)

    odd = _levels_db("odd", pitch_hz)

    both = 20 * math.log10(10 ** (third / 20) + 10 ** (-24 / 20))
    assert odd == pytest.approx([second, both, fourth, -30.0], abs=0.2)


@pytest.mark.parametrize("pitch_hz", [700.0, 1760.0])
def test_odd_partials_have_their_levels(pitch_hz: float) -> None:
    """The third is at -24 dB, the fifth at -30 dB (to 0.5 dB), others below -80 dB."""
    signal = mono(make_note(pitch_hz, timbre="odd"))

    first, second, third, fourth, fifth = _partials(signal, pitch_hz)

    assert first == pytest.approx(1.0, abs=0.01)
    assert 20 * math.log10(third / first) == pytest.approx(-24.0, abs=0.5)
    assert 20 * math.log10(fifth / first) == pytest.approx(-30.0, abs=0.5)
    assert max(second, fourth) < 1e-4


@pytest.mark.parametrize(
    ("timbre", "pitch_hz"),
    [("pure", 220.0), ("pure", 1760.0), ("full", 700.0), ("full", 1760.0)],
)
def test_a_pure_tone_has_no_partials(timbre: Timbre, pitch_hz: float) -> None:
    """All partials of a pure tone, or of any high one of training, are below -80 dB."""
    signal = mono(make_note(pitch_hz, timbre=timbre))

    assert max(_partials(signal, pitch_hz)[1:]) < 1e-4


@pytest.mark.parametrize(
    ("pan", "difference_db"),
    [(-0.6, -9.76), (0.0, 0.0), (0.6, 9.76)],
)
def test_a_pan_is_a_level_difference(pan: float, difference_db: float) -> None:
    """Right re left is 9.8 dB at 0.6 (to 0.05 dB), and the power stays the same."""
    frames = render(
        [make_note(440.0, pan=pan)], sample_rate=RATE, channels=2, fade=FADE
    )

    left, right = (rms(channel.astype(np.float64)) for channel in frames.T)
    assert 20 * math.log10(right / left) == pytest.approx(difference_db, abs=0.05)
    assert math.hypot(left, right) == pytest.approx(
        rms(mono(make_note(440.0))), rel=1e-5
    )


@pytest.mark.parametrize(("pan", "silent"), [(-1.0, 1), (1.0, 0)])
def test_a_full_pan_leaves_the_other_side_silent(pan: float, silent: int) -> None:
    """At the ends of the pan one channel is below -120 dB."""
    frames = render(
        [make_note(440.0, pan=pan)], sample_rate=RATE, channels=2, fade=FADE
    )

    assert np.abs(frames[:, silent]).max() < 1e-6
    assert np.abs(frames[:, 1 - silent]).max() == pytest.approx(1.0, abs=0.01)


def test_noise_is_flat_in_its_band_and_nothing_outside() -> None:
    """From 300 to 4000 Hz all lines are equal to 1 %; others are -80 dB below."""
    signal = _noise(fade=0.0)

    lines = np.abs(np.fft.rfft(signal))
    pitches_hz = np.fft.rfftfreq(len(signal), 1 / RATE)
    inside = (pitches_hz >= 300.0) & (pitches_hz <= 4000.0)
    assert np.ptp(lines[inside]) < 0.01 * lines[inside].mean()
    assert lines[~inside].max() < 1e-4 * lines[inside].mean()


def test_noise_has_the_power_of_a_tone() -> None:
    """Before its fades, noise has the power of a cosine of its amplitude."""
    assert rms(_noise(fade=0.0)) == pytest.approx(math.sqrt(0.5), rel=1e-4)


def test_noise_has_no_pitch_and_a_tone_has_one() -> None:
    """Praat hears no voice in the noise, and in a tone its pitch to 1 %."""

    def heard_hz(signal: Signal) -> Signal:
        sound = parselmouth.Sound(signal, RATE)
        pitch = sound.to_pitch_ac(pitch_floor=75.0, pitch_ceiling=1000.0)
        return np.asarray(pitch.selected_array["frequency"], np.float64)

    noise, tone = heard_hz(_noise()), heard_hz(mono(make_note(440.0)))

    assert len(noise) == len(tone) > 5
    assert noise == pytest.approx(0.0)
    assert np.median(tone) == pytest.approx(440.0, rel=0.01)
