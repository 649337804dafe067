"""How loud tones, cues and files are: by ISO 226, by EBU R 128, and at their peaks."""

import math
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile
from blind_listener import LOWEST_HZ, decode_metric
from iso_226 import phon_of_tones
from live import cues_of
from rendered import RATE, render_log
from scipy.signal import resample_poly

from keras_sonify.sound.synth import render

_LISTENED_AT = 60.0  # phon: what a tone of 1 kHz is played at
_PAUSE = np.zeros((round(0.12 * RATE), 2))  # as between the metrics of a cue


def _evenly(count: int, lowest: float, *, seed: int) -> list[float]:
    """Return values whose tones are spread evenly over all pitches, by chance."""
    spread = np.geomspace if lowest else np.linspace
    values = spread(lowest, 1.0, count)
    mixed: list[float] = np.random.default_rng(seed).permutation(values).tolist()
    return mixed


def test_the_oracle_is_the_standard() -> None:
    """The contours of 40 and 60 phon are where the standard prints them."""
    pitches_hz = np.array([125.0, 1000.0, 4000.0, 125.0, 1000.0, 4000.0])
    printed_db = np.array([60.6, 40.0, 36.6, 75.6, 60.0, 57.6])

    phon = phon_of_tones(pitches_hz, printed_db)

    assert phon == pytest.approx([40, 40, 40, 60, 60, 60], abs=0.2)


def test_all_bare_pitches_are_equally_loud(tmp_path: Path) -> None:
    """By ISO 226 the tones of a file differ by at most 1.5 phon from 700 to 1760 Hz.

    Those of training are bare there, and the standard knows no others. How loud tones
    with partials are, `test_loudspeakers.py` says by ISO 532-1.
    """
    values = _evenly(145, 1 / 16, seed=1)
    render_log({"loss": values}, tmp_path)
    sound, _ = soundfile.read(tmp_path / "loss.wav")
    slots = sound.reshape(len(values), -1)

    cents = np.array(decode_metric(sound, RATE), float)
    levels_db = 10 * np.log10(np.mean(slots[:, 882:-882] ** 2, axis=1))

    order = np.argsort(cents)
    order = order[cents[order] >= 1200 * math.log2(700.0 / LOWEST_HZ)]
    pitches_hz = LOWEST_HZ * 2 ** (cents[order] / 1200)
    at_1_khz = np.interp(1000.0, pitches_hz, levels_db[order])
    phon = phon_of_tones(pitches_hz, levels_db[order] - at_1_khz + _LISTENED_AT)
    assert pitches_hz[0] == pytest.approx(700.0, rel=0.02)
    assert pitches_hz[-1] == pytest.approx(1760.0, rel=1e-3)
    assert np.ptp(phon) <= 1.5


@pytest.mark.slow
@pytest.mark.parametrize("voices", [2, 4])
def test_cues_have_the_loudness_of_broadcasts(voices: int) -> None:
    """Cues whose tones are spread evenly over the pitches have -23 LUFS to 0.5.

    It cannot be that of every single cue: BS.1770 sees 2.5 of the 8.9 dB by which
    equally loud tones differ, so that equal loudness and a constant LUFS exclude each
    other. Cues follow one another as the metrics in them do, after 120 ms.
    """
    names = ["loss", "val_loss", "accuracy", "val_accuracy"][:voices]
    columns = [
        _evenly(200, 1 / 16 if "loss" in name else 0.0, seed=seed)
        for seed, name in enumerate(names)
    ]
    epochs = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]

    parts = [
        part
        for cue in cues_of(epochs, None)
        for part in (render(cue.notes, sample_rate=RATE, channels=2, fade=0.01), _PAUSE)
    ]

    meter = pyloudnorm.Meter(RATE)
    loudness = meter.integrated_loudness(np.concatenate(parts).astype(float))
    assert loudness == pytest.approx(-23.0, abs=0.5)


def test_no_peak_comes_near_full_scale(tmp_path: Path) -> None:
    """Oversampled 8 times, no file of the loudest pitches exceeds -1 dBTP."""
    low = [1.0, *[1 / 16] * 20, math.nan, *[1.0] * 20]
    render_log({"loss": low, "val_loss": low}, tmp_path)
    peaks = []

    for path in tmp_path.glob("*.wav"):
        sound, _ = soundfile.read(path, always_2d=True)
        peaks.append(np.abs(resample_poly(sound, 8, 1, axis=0)).max())

    assert len(peaks) == 3
    assert 20 * math.log10(max(peaks)) <= -1.0
