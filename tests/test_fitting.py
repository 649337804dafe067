"""A cue for another rate, for one channel or for many is the same cue."""

import numpy as np
import numpy.typing as npt
import pytest
from ear import cents, listen

from keras_sonify.score.earcons import left_and_right
from keras_sonify.score.style import CLEAR
from keras_sonify.sound.fitting import fit
from keras_sonify.sound.synth import render

RATE = 44_100


def tones() -> npt.NDArray[np.float32]:
    """Return a tone on the left, then one on the right, and a breath."""
    frames = render(
        left_and_right(CLEAR), sample_rate=RATE, channels=2, fade=CLEAR.fade
    )
    return np.concatenate([frames, np.zeros((4410, 2), np.float32)])


@pytest.mark.parametrize("rate", [8000, 16_000, 22_050, 48_000, 96_000, 44_101])
def test_another_rate_has_the_same_pitches_and_levels(rate: int) -> None:
    """To a thousandth of a semitone, and at the same time."""
    fitted = listen(fit(tones(), RATE, to_rate=rate, channels=2), rate)

    own = listen(tones(), RATE)
    assert len(fitted) == len(own) == 2
    for found, meant in zip(fitted, own, strict=True):
        assert abs(cents(found.pitch_hz, meant.pitch_hz)) < 0.1
        assert found.level_db == pytest.approx(meant.level_db, abs=0.05)
        assert found.onset == pytest.approx(meant.onset, abs=0.001)
        assert found.pan == pytest.approx(meant.pan, abs=0.01)


def test_one_channel_holds_both_sides() -> None:
    """Both tones are in the mix."""
    mixed = fit(tones(), RATE, to_rate=RATE, channels=1)

    assert mixed.shape == (len(tones()), 1)
    assert [note.pitch_hz for note in listen(mixed, RATE)] == pytest.approx(
        [440.0, 660.0], 1e-4
    )


def test_one_channel_never_clips() -> None:
    """Where both sides are as loud as can be, the mix is made softer as a whole."""
    sine = np.sin(np.arange(RATE) * 0.1).astype(np.float32)
    loud = np.stack([sine, sine], axis=1)

    mixed = fit(loud, RATE, to_rate=RATE, channels=1)

    assert mixed[:, 0] == pytest.approx(sine / np.abs(sine).max(), abs=1e-5)


def test_many_channels_sound_in_the_first_two() -> None:
    """The others are silent."""
    fitted = fit(tones(), RATE, to_rate=RATE, channels=8)

    assert np.array_equal(fitted[:, :2], tones())
    assert not fitted[:, 2:].any()


def test_nothing_stays_nothing() -> None:
    """A sound without a frame has none at any rate."""
    nothing = np.zeros((0, 2), np.float32)

    assert fit(nothing, RATE, to_rate=48_000, channels=1).shape == (0, 1)
