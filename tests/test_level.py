"""How loud a run is, by the meter of broadcasting (EBU R 128)."""

import math
import random

import numpy as np
import pyloudnorm
import pytest
from cues import play
from scipy.signal import resample_poly
from signals import FADE, RATE, Signal

from keras_sonify.sound.synth import render

# From the best to the worst that spans all pitches, for losses and accuracies.
_LOSS_RANGE, _ACCURACY_RANGE = 16.0, 0.25
_PAUSE = np.zeros((round(0.12 * RATE), 2), np.float32)  # from one cue to the next


def _epoch(*places: float) -> dict[str, float]:
    """Return the usual four metrics at places from 0 (lowest pitch) to 1."""
    loss, val_loss, accuracy, val_accuracy = places
    return {
        "loss": _LOSS_RANGE ** (loss - 1),
        "val_loss": _LOSS_RANGE ** (val_loss - 1),
        "accuracy": _ACCURACY_RANGE * accuracy,
        "val_accuracy": _ACCURACY_RANGE * val_accuracy,
    }


def _sound(*epochs: dict[str, float]) -> Signal:
    """Return the cues of a run in stereo, after two that open all ranges."""
    opening = [_epoch(1, 1, 0, 0), _epoch(0, 0, 1, 1)]
    parts = [
        part
        for cue in play(*opening, *epochs)
        for part in (
            render(cue.notes, sample_rate=RATE, channels=2, fade=FADE),
            _PAUSE,
        )
    ]
    return np.concatenate(parts).astype(np.float64)


def test_cues_measure_minus_23_lufs() -> None:
    """With tones spread over all pitches the integrated level is -23 LUFS to 1 LU."""
    chance = random.Random(3)
    sound = _sound(*(_epoch(*(chance.random() for _ in range(4))) for _ in range(60)))

    level_lufs = pyloudnorm.Meter(RATE).integrated_loudness(sound)

    assert level_lufs == pytest.approx(-23.0, abs=1.0)


@pytest.mark.parametrize(
    "epoch",
    [
        pytest.param(_epoch(0, 0, 0, 0), id="lowest, loudest pitch"),
        pytest.param(_epoch(1, 1, 1, 1), id="highest pitch"),
        pytest.param(dict.fromkeys(_epoch(0, 0, 0, 0), math.nan), id="noise"),
    ],
)
def test_no_peak_comes_near_full_scale(epoch: dict[str, float]) -> None:
    """The true peak (four times oversampled) of any cue is below -1 dBTP."""
    sound = _sound(epoch)

    peak = np.abs(resample_poly(sound, 4, 1, axis=0)).max()

    assert -30.0 < 20 * math.log10(peak) <= -1.0
