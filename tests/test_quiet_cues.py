"""A cue without news is softer, and the whole as loud as one likes."""

import math
from pathlib import Path

import numpy as np
import pytest
from programs import run, sonify
from virtual_card import VirtualCard

from keras_sonify.score.composer import Composer
from keras_sonify.score.cue import Cue
from keras_sonify.score.style import CLEAR, Style
from keras_sonify.training.events import EVENT_KINDS, Event
from keras_sonify.training.metrics import Metric

_QUIET_DB = -3.0
_LEVEL = {"loss": 1.0, "val_loss": 1.1}


def _gains(cue: Cue) -> list[float]:
    return [note.gain_db for note in cue.notes if note.metric]


def test_a_cue_without_news_is_3_db_softer() -> None:
    """Where nothing changed audibly since the epoch before, all its tones are."""
    metrics = [Metric.named(name) for name in _LEVEL]
    plain, quiet = Composer(Style(quiet_gain_db=0.0)), Composer(CLEAR)

    loud = [plain.cue(k, _LEVEL, metrics) for k in range(3)]
    cues = [quiet.cue(k, _LEVEL, metrics) for k in range(3)]

    assert [cue.is_quiet for cue in cues] == [False, True, True]
    for cue, as_loud in zip(cues, loud, strict=True):
        expected = _QUIET_DB if cue.is_quiet else 0.0
        differences = np.subtract(_gains(cue), _gains(as_loud))
        assert differences == pytest.approx(expected, abs=1e-9)


def test_with_an_event_a_cue_is_never_quiet() -> None:
    """What happened is heard at its level, and so is what it happened to."""
    metrics = [Metric.named(name) for name in _LEVEL]
    for kind in EVENT_KINDS:
        composer = Composer(CLEAR)
        composer.cue(0, _LEVEL, metrics)
        quiet = composer.cue(1, _LEVEL, metrics)
        event = Event(kind=kind, epoch=2, text="")
        cue = composer.cue(2, _LEVEL, metrics, event)

        assert quiet.is_quiet
        assert not cue.is_quiet
        assert np.subtract(_gains(cue), _gains(quiet)) == pytest.approx(-_QUIET_DB)


@pytest.mark.parametrize("value", [0.5, 2.0, math.nan], ids=repr)
def test_a_change_in_one_metric_is_news(value: float) -> None:
    """One that moved, or went, makes the whole cue loud; the next one is quiet."""
    metrics = [Metric.named(name) for name in _LEVEL]
    composer = Composer(CLEAR)
    moved = {**_LEVEL, "val_loss": value}

    cues = [composer.cue(k, v, metrics) for k, v in enumerate([_LEVEL, moved, moved])]

    assert [cue.is_quiet for cue in cues] == [False, False, not math.isnan(value)]


def test_the_volume_is_that_of_gain_db(card: VirtualCard, tmp_path: Path) -> None:
    """With 12 dB less, the same cues have 12 dB less power."""
    script = sonify("""
        values = [2.0, 1.7, 1.5, 1.3, 1.1, 1.0, 0.9, float("nan")]
        for gain_db in (0.0, -12.0):
            options = {"gain_db": gain_db, "earcons": ["nan_loss"]}
            sonifier = Sonifier("loss", directory=None, **options)
            for epoch, value in enumerate(values):
                sonifier.epoch(epoch, {"loss": value})
                sonifier.drain(10.0)
            sonifier.end()
            time.sleep(0.5)
    """)

    run(script, tmp_path, card.env)
    card.wait_quiet()

    samples = card.samples().astype(np.float64)
    sounding = np.flatnonzero(np.abs(samples).max(axis=1) > 1e-4)
    pause = sounding[np.diff(sounding).argmax()] + 1
    powers = [np.sum(part**2) for part in (samples[:pause], samples[pause:])]
    assert 10 * math.log10(powers[1] / powers[0]) == pytest.approx(-12.0, abs=0.1)
