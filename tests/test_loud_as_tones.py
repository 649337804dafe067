"""Figures and words are as loud as tones: by ISO 532-1, as mosqito computes it."""

import math

import numpy as np
import pytest
from mosqito.sq_metrics import loudness_zwtv

from keras_sonify.score.earcons import earcon
from keras_sonify.score.note import Note
from keras_sonify.score.spoken import SECONDS
from keras_sonify.score.style import CLEAR
from keras_sonify.sound.synth import render
from keras_sonify.training.events import EVENT_KINDS, EVENTS, FIGURES, Figure

_RATE = 48_000  # Hz, as the standard has it
_TONE_DB = 60.0  # sound pressure of a tone of 1 kHz, at a calm listening level
_WITHIN = 1.5  # phon: hardly a difference to anybody


def _sones(*notes: Note) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the loudness of notes over time, where a tone of 1 kHz has 60 dB."""
    frames = render(notes, sample_rate=_RATE, channels=1, fade=CLEAR.fade)[:, 0]
    pascal = math.sqrt(2.0) * 2e-5 * 10 ** (_TONE_DB / 20) / CLEAR.amplitude
    heard = np.pad(pascal * frames.astype(np.float64), (_RATE // 20, _RATE // 5))
    sones, _, _, times = loudness_zwtv(heard, _RATE)
    return np.asarray(sones[times < len(frames) / _RATE + 0.05])


def _phon(sones: float) -> float:
    return 40.0 + 10.0 * math.log2(sones)


def _note(duration: float, *, word: str = "") -> Note:
    return Note(
        start=0.0,
        duration=duration,
        frequency_hz=math.nan if word else 1000.0,
        amplitude=CLEAR.amplitude,
        timbre="voice" if word else "pure",
        word=word,
    )


@pytest.fixture(scope="module")
def tone_phon() -> float:
    """How loud the loudest moment of a metric's tone of 1 kHz is."""
    return _phon(_sones(_note(CLEAR.tone)).max())


@pytest.mark.slow
@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_is_as_loud_as_a_tone(figure: Figure, tone_phon: float) -> None:
    """Its loudest moment, within 1.5 phon."""
    kind = next(kind for kind in EVENT_KINDS if EVENTS[kind].figure == figure)

    loudest = _phon(_sones(*earcon(kind, CLEAR, words=False)).max())

    assert abs(loudest - tone_phon) < _WITHIN


@pytest.mark.slow
@pytest.mark.parametrize("word", SECONDS)
def test_a_word_is_as_loud_as_a_tone(word: str, tone_phon: float) -> None:
    """What it is above for a twentieth of its time (N5), within 1.5 phon."""
    said = _phon(float(np.percentile(_sones(_note(SECONDS[word], word=word)), 95)))

    assert abs(said - tone_phon) < _WITHIN
