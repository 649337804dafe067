"""`style="classic"` is the recipe of the blog post that started this, to the sample.

The recipe stands here as it was written, with SciPy; the package has no part in it.
"""

import itertools
import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.interpolate import interp1d

from keras_sonify import Sonifier

_RATE = 22_050
_SLOT = 3308  # frames of arange(0, 0.15, 1 / 22050)

_Samples = npt.NDArray[np.int16]


def _recipe(values: list[float]) -> _Samples:
    pitch = interp1d([min(values), max(values)], [1000, 3000])
    t = np.arange(0, 0.15, 1 / _RATE)
    tones = [10000 * np.cos(2 * np.pi * pitch(v) * t) for v in values]
    return np.hstack(tones).astype(np.int16)


def _ours(directory: Path, style: str = "classic", /, **series: list[float]) -> None:
    sonifier = Sonifier(list(series), directory, style=style, player=None)
    for epoch, values in enumerate(zip(*series.values(), strict=True)):
        sonifier.epoch(epoch, dict(zip(series, values, strict=True)))
    sonifier.end()


def _read(path: Path) -> _Samples:
    info = soundfile.info(path)
    assert (info.samplerate, info.channels, info.subtype) == (_RATE, 1, "PCM_16")
    samples: _Samples = soundfile.read(path, dtype="int16")[0]
    return samples


def _falling(count: int) -> list[float]:
    return [2.3 * 0.93**k + 0.04 * math.sin(k) for k in range(count)]


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([0.0, 1.0, 3.0], id="0 1 3"),
        pytest.param([1.0, 0.5, 0.25], id="1 .5 .25"),
        pytest.param([0.1, 0.2, 0.3, 0.2, 0.1], id="tenths"),
        pytest.param([-3.0, 7.0, -3.0, 1 / 3], id="negative"),
        pytest.param([1e-9, 3e-9, 2e-9], id="small"),
        pytest.param([1e9, 1e9 + 1, 1e9 + 0.25], id="close"),
        pytest.param(_falling(40), id="falling loss"),
        pytest.param(_falling(150), id="more than a block"),
        pytest.param([0.9, 0.1] * 40, id="back and forth"),
    ],
)
def test_hand_picked_runs_equal_the_recipe(tmp_path: Path, values: list[float]) -> None:
    """Sample for sample, with the recipe's cast to 16 bits."""
    _ours(tmp_path, loss=values)

    assert np.array_equal(_read(tmp_path / "loss.wav"), _recipe(values))


@given(values=st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=12))
@settings(max_examples=15, deadline=None)
def test_any_run_equals_the_recipe(
    tmp_path_factory: pytest.TempPathFactory,
    values: list[float],
) -> None:
    """Any values will do that differ by a millionth of their size, at least 1e-300."""
    size = max(abs(value) for value in values)
    assume(max(values) - min(values) >= max(1e-6 * size, 1e-300))
    directory = tmp_path_factory.mktemp("run")

    _ours(directory, loss=values)

    assert np.array_equal(_read(directory / "loss.wav"), _recipe(values))


def test_each_metric_equals_the_recipe_on_its_own_range(tmp_path: Path) -> None:
    """Neither a twin on other data nor an accuracy changes the loss."""
    series = {
        "loss": _falling(12),
        "val_loss": [10 * value + 1 for value in _falling(12)],
        "accuracy": [1 - 0.9 * 0.8**k for k in range(12)],
    }

    _ours(tmp_path, **series)

    for name, values in series.items():
        assert np.array_equal(_read(tmp_path / f"{name}.wav"), _recipe(values))


def test_a_constant_metric_is_a_tone_in_the_middle(tmp_path: Path) -> None:
    """Where the recipe divides by zero, 2000 Hz sound."""
    tone = 10000 * np.cos(2 * np.pi * 2000.0 * np.arange(0, 0.15, 1 / _RATE))

    _ours(tmp_path, loss=[0.7, 0.7, 0.7])

    expected = np.tile(tone.astype(np.int16), 3)
    assert np.array_equal(_read(tmp_path / "loss.wav"), expected)


@pytest.mark.parametrize("strange", [math.nan, math.inf, -math.inf], ids=repr)
def test_nan_is_noise_in_its_slot(tmp_path: Path, strange: float) -> None:
    """The other slots are those of the recipe for the finite values alone."""
    _ours(tmp_path, loss=[1.0, strange, 0.25, 0.5])

    first, noise, *rest = _read(tmp_path / "loss.wav").reshape(4, _SLOT)
    tones = _recipe([1.0, 0.25, 0.5]).reshape(3, _SLOT)
    assert all(map(np.array_equal, [first, *rest], tones))
    # Noise: no line of its spectrum holds more than 2 % of its power, a tone half.
    powers = np.abs(np.fft.rfft(noise.astype(np.float64))) ** 2
    assert powers.max() < 0.02 * powers.sum()
    assert np.abs(noise).max() > 1000


def test_the_smallest_range_there_is_still_plays(tmp_path: Path) -> None:
    """Two neighbouring numbers next to 0 sound as the lowest and the highest tone."""
    _ours(tmp_path, loss=[0.0, 5e-324, 0.0])

    low, high, again = _read(tmp_path / "loss.wav").reshape(3, _SLOT)
    assert np.array_equal(low, again)
    expected = _recipe([0.0, 1.0]).reshape(2, _SLOT)
    assert all(map(np.array_equal, (low, high), expected))


def test_clear_is_another_sound(tmp_path: Path) -> None:
    """The comparison above can fail: the default style is not the recipe."""
    values = [1.0, 0.5, 0.25]

    _ours(tmp_path, "clear", loss=values)

    samples, sample_rate = soundfile.read(tmp_path / "loss.wav", dtype="int16")
    assert sample_rate == 44_100
    assert not np.array_equal(samples[::2][: 3 * _SLOT], _recipe(values))


def test_live_cues_use_the_range_so_far(tmp_path: Path) -> None:
    """What is played has the pitches of the recipe for the epochs until then."""
    values = [0.5, 1.0, 0.0, 0.25]
    sonifier = Sonifier("loss", None, style="classic", player=None)

    cues = [sonifier.epoch(k, {"loss": value}) for k, value in enumerate(values)]

    pitches = [note.frequency_hz for cue in cues if cue for note in cue.notes]
    assert pitches == [2000.0, 3000.0, 1000.0, 1500.0]
    assert list(itertools.chain(tmp_path.iterdir())) == []
