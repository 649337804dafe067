"""The summary of short and very long runs: seconds long, and no epoch's spike lost."""

import math
from collections.abc import Iterable, Iterator

import numpy as np
import pytest
from blind_listener import ALL_CENTS, Pitch, decode_summary
from ear import Sound
from rendered import RATE

from keras_sonify.score.heard import replay
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.style import CLEAR
from keras_sonify.sound.synth import render_blocks
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.record import Snapshot

_LONGEST = 8.0  # seconds
_SPIKE = 1.5
_TOP = ALL_CENTS  # cents: the highest value of the run
_SECOND = ALL_CENTS * math.log(1.1 * 0.82 * _SPIKE / 1.1) / math.log(16)  # cents below


def _series(epochs: int, scale: float, spike: int | None = None) -> list[float]:
    """Return values that fall slowly, with one epoch half as high again."""
    falling = scale * (1.0 - 0.3 * np.arange(epochs) / epochs)
    if spike is not None:
        falling[spike] *= _SPIKE
    return list(falling.tolist())


def _render(train: list[float], validation: list[float]) -> Sound:
    """Return `training.wav` of a run, without its other files."""
    history = History()
    for epoch, (loss, val_loss) in enumerate(zip(train, validation, strict=True)):
        history.append(epoch, {"loss": loss, "val_loss": val_loss})
    metrics = [Metric.named("loss"), Metric.named("val_loss")]
    heard = replay(Snapshot(history, len(history), metrics), Hearing())
    blocks = render_blocks(
        heard.summary,
        sample_rate=RATE,
        channels=2,
        fade=CLEAR.fade,
        total=heard.grid.frames,
    )
    return np.concatenate(list(blocks)).astype(np.float64)


def _epochs_in(slot: int, slots: int, epochs: int) -> Iterator[int]:
    """Yield the epochs of a slot: where there are more than slots, of a pair."""
    if slots == epochs:
        yield slot
        return
    groups = slots // 2
    group = slot // 2
    yield from (k for k in range(epochs) if k * groups // epochs == group)


def _finite(pitches: Iterable[Pitch]) -> list[float]:
    return [math.nan if pitch is None else pitch for pitch in pitches]


@pytest.mark.parametrize("epochs", [1, 2, 10, 87, 88, 1000, 10_000, 100_000])
def test_a_spike_of_one_epoch_survives(epochs: int) -> None:
    """In at most 8 s a run is heard, and where one epoch was half as high again."""
    spike = round(0.6 * (epochs - 1))
    sound = _render(_series(epochs, 1.0), _series(epochs, 1.1, spike))

    heard = decode_summary(sound.mean(axis=1), RATE)

    pitches = _finite(heard.validation)
    top = int(np.argmax(pitches))
    assert len(sound) / RATE <= _LONGEST
    assert len(pitches) == (epochs if epochs <= 87 else 86)
    assert spike in _epochs_in(top, len(pitches), epochs)
    assert pitches[top] == pytest.approx(_TOP, abs=10.0)
    assert sorted(pitches)[-2:-1] <= [_TOP - _SECOND + 10.0]


@pytest.mark.slow
def test_a_summary_of_any_length_can_be_rendered() -> None:
    """From 1 to 300 epochs there is a summary of 3 to 7 seconds."""
    for epochs in range(1, 301):
        series = _series(epochs, 1.0)

        sound = _render(series, series)

        assert 2.99 <= len(sound) / RATE <= 7.0
