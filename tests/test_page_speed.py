"""A run's page plays slower and faster, and every tone keeps its pitch."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from blind_listener import pitches_of
from ear import Sound
from page_run import make_run, overfitting, pitch_error
from page_stage import Stage, choose, hear, play, sounding_stage
from patience import with_patience
from table import Row, read_table
from virtual_card import SAMPLE_RATE

_EPOCHS = 5
_FEW_CENTS = 3.0


@pytest.fixture(scope="module")
def stage(card_parts: None) -> Iterator[Stage]:  # noqa: ARG001 - must come first
    """The browser and the sound card of all tests below."""
    with sounding_stage() as opened:
        yield opened


@pytest.mark.parametrize(("label", "speed"), [("Half", 0.5), ("Double", 2.0)])
def test_speed_keeps_the_pitch(
    stage: Stage, tmp_path: Path, label: str, speed: float
) -> None:
    """Each tone of a metric has its pitch; only the duration changes."""
    page = stage.open(make_run(tmp_path, {"loss": overfitting(_EPOCHS)["loss"]}))
    rows = read_table(tmp_path, "loss.wav")
    choose(page, "#track", "loss")
    choose(page, "#speed", label)

    def check() -> None:
        sound = hear(stage, partial(play, page)).mean(axis=1)
        seconds = np.flatnonzero(np.abs(sound) > 1e-3)[-1] / SAMPLE_RATE
        assert seconds == pytest.approx(_EPOCHS * 0.15 / speed, abs=0.1)
        # What stretches time moves all tones by some milliseconds.
        delays = range(-10, 40, 2)
        found = [_errors(sound, rows, speed, delay / 1000) for delay in delays]
        assert max(min(found, key=median)) < _FEW_CENTS

    with_patience(stage.ear, check)
    assert stage.complaints == []
    page.context.close()


def _errors(
    sound: Sound, rows: Sequence[Row], speed: float, delay: float
) -> list[float]:
    """Return the errors of the middles of all tones, in cents."""
    length = round(0.4 * rows[0].duration / speed * SAMPLE_RATE)
    middles = [(row.start + row.duration / 2) / speed + delay for row in rows]
    starts = [round(middle * SAMPLE_RATE) - length // 2 for middle in middles]
    tones = np.stack([sound[start : start + length] for start in starts])
    heard = pitches_of(tones, SAMPLE_RATE)
    return [pitch_error([a], [b]) for a, b in zip(heard, rows, strict=True)]
