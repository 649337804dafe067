"""Tones are equally loud, by ISO 532-1, from any loudspeaker and on either side.

ISO 226 knows bare tones alone; this standard says how loud one with partials is. It
goes by bands of a third of an octave: its figures jump by a phon at their edges.
"""

import math

import numpy as np
import pytest
from loudspeakers import LOUDSPEAKERS, RATE, Loudspeaker, Signal, phon_of
from signals import make_note, mono

from keras_sonify.score.loudness import equal_loudness_db
from keras_sonify.score.style import CLEAR
from keras_sonify.score.tones import tone_note
from keras_sonify.training.axis import At
from keras_sonify.training.metrics import Metric

_SIDES = ("loss", "val_loss")
_SECONDS = 0.5  # long, so that its loudness is that of a steady sound
_SETTLED = RATE // 10  # frames: past what a loudspeaker makes of the beginning
_PITCHES_HZ = np.geomspace(330.0, 1760.0, 30).tolist()
_FEW_HZ = (330.0, 420.0, 540.0, 690.0, 1000.0, 1760.0)

each_loudspeaker = pytest.mark.parametrize(
    "loudspeaker", LOUDSPEAKERS.values(), ids=LOUDSPEAKERS
)


def _tone(name: str, pitch_hz: float) -> Signal:
    note = tone_note(
        Metric.named(name), At(0), 1.0, pitch_hz, CLEAR, start=0.0, duration=_SECONDS
    )
    return mono(note, rate=RATE, fade=0.0)


def _phon(name: str, pitch_hz: float, loudspeaker: Loudspeaker | None = None) -> float:
    sound = _tone(name, pitch_hz)
    if loudspeaker is not None:
        sound = loudspeaker.play(sound)
    return phon_of(sound[_SETTLED:], CLEAR.amplitude)


def test_the_oracle_is_the_standard() -> None:
    """A tone of 1 kHz at 60 dB has 60 phon, to 1; 10 dB less have 10 phon less."""
    tone = mono(make_note(1000.0, duration=_SECONDS), rate=RATE, fade=0.0)

    assert phon_of(tone, 1.0) == pytest.approx(60.0, abs=1.0)
    assert phon_of(tone, 1.0) - phon_of(tone, 10**0.5) == pytest.approx(10.0, abs=1.0)


@pytest.mark.parametrize(("order", "edge_hz"), [(2, 400.0), (4, 600.0)])
def test_a_loudspeaker_is_its_slope(order: int, edge_hz: float) -> None:
    """3 dB down at its edge, and an octave below by 6 dB an order, to 0.5 dB."""
    speaker = Loudspeaker(order, edge_hz)

    for pitch_hz, expected_db in [
        (edge_hz, -3.0),
        (edge_hz / 2, -10 * math.log10(1 + 4**order)),
    ]:
        tone = mono(make_note(pitch_hz, duration=_SECONDS), rate=RATE, fade=0.0)
        gain = np.std(speaker.play(tone)[_SETTLED:]) / np.std(tone[_SETTLED:])
        assert 20 * math.log10(gain) == pytest.approx(expected_db, abs=0.5)
        loss_db = speaker.loss_db(np.array([pitch_hz]))
        assert -loss_db == pytest.approx(expected_db, abs=0.02)


@pytest.mark.slow
@each_loudspeaker
def test_any_loudspeaker_plays_all_pitches(loudspeaker: Loudspeaker | None) -> None:
    """From 330 to 1760 Hz, on both sides, all lie within 8 phon, and above 50."""
    phon = [_phon(name, hz, loudspeaker) for name in _SIDES for hz in _PITCHES_HZ]

    assert np.ptp(phon) <= 8.0
    assert min(phon) >= 50.0


@pytest.mark.parametrize("pitch_hz", _FEW_HZ)
@pytest.mark.parametrize("name", _SIDES)
def test_partials_make_a_tone_little_louder(name: str, pitch_hz: float) -> None:
    """A tone is as loud as a bare one to 1.5 phon, below 700 Hz up to 4 louder."""
    amplitude = 10 ** (equal_loudness_db(pitch_hz) / 20)
    bare = make_note(pitch_hz, duration=_SECONDS, amplitude=amplitude)

    bare_phon = phon_of(mono(bare, rate=RATE, fade=0.0)[_SETTLED:], 1.0)

    louder = _phon(name, pitch_hz) - bare_phon
    assert -1.5 <= louder <= (4.0 if pitch_hz < 700.0 else 1.5)


@pytest.mark.slow
def test_both_sides_are_equally_loud() -> None:
    """At each pitch training and validation differ by at most 1.5 phon."""
    train, validation = ([_phon(name, hz) for hz in _PITCHES_HZ] for name in _SIDES)

    assert train == pytest.approx(validation, abs=1.5)


def test_noise_is_no_louder_than_a_tone() -> None:
    """That of a NaN is as loud as the softest tone, to 1.5 phon."""
    tones = [_phon("loss", pitch_hz) for pitch_hz in _FEW_HZ]

    assert _phon("loss", math.nan) == pytest.approx(min(tones), abs=1.5)
