"""Tones begin and end without a click, in the renderer and in the files."""

import numpy as np
import numpy.typing as npt
import pytest
from blind_listener import to_cents
from ear import Sound
from rendered import RATE, Rendered
from scipy.signal import butter, sosfiltfilt
from signals import FADE, make_note, mono
from table import read_table

from keras_sonify.score.note import Timbre
from keras_sonify.sound.synth import render

_QUIET_DB = -80.0
_SLOT = 6615  # frames
_WINDOW = 220  # frames: 5 ms
_ROUND_EDGE = 882  # frames: 20 ms
_LOWEST_SPLATTER_HZ = 3000.0


def _splatter(sound: Sound, edge_hz: float) -> Sound:
    """Return the power above a frequency in each window of 5 ms."""
    highpass = butter(10, edge_hz, "highpass", fs=RATE, output="sos")
    power = sosfiltfilt(highpass, sound) ** 2
    return np.convolve(power, np.full(_WINDOW, 1 / _WINDOW), "same")


def _in_db(powers: npt.ArrayLike) -> float:
    return float(10 * np.log10(np.max(powers)))


@pytest.mark.parametrize("timbre", ["pure", "full"])
@pytest.mark.parametrize("duration", [0.15, 0.08, 0.04, 0.015])
def test_a_tone_does_not_click(duration: float, timbre: Timbre) -> None:
    """In float frames no 5 ms of splatter exceed -80 dB re the tone, at any pitch."""
    for pitch_hz in np.geomspace(220.0, 1760.0, 61):
        note = make_note(pitch_hz, duration=duration, timbre=timbre)
        sound = np.pad(mono(note), _ROUND_EDGE)

        splatter = _splatter(sound, max(8 * pitch_hz, _LOWEST_SPLATTER_HZ))

        assert _in_db(splatter) - _in_db(0.5) <= _QUIET_DB


def _file_splatter(run: Rendered) -> tuple[Sound, Sound]:
    """Return splatter re tone, about the edges of each tone and within it.

    Arrays of shape `(tones, windows)`; those of tones next to noise are left out,
    and of those whose fourth partial lies just below what counts as splatter.
    """
    sound = run.sound("loss")
    tones = sound.reshape(-1, _SLOT)
    powers = _splatter(sound, _LOWEST_SPLATTER_HZ).reshape(-1, _SLOT)
    levels = np.mean(tones[:, _ROUND_EDGE:-_ROUND_EDGE] ** 2, axis=1)
    cents = np.array(run.pitches["loss"], float)
    is_noise = np.isnan(cents)
    is_near = (cents > to_cents(_LOWEST_SPLATTER_HZ / 6)) & (cents < to_cents(700.0))
    is_left_out = is_noise | is_near
    kept = ~is_left_out & ~np.append(is_left_out[1:], [False])
    shares = powers[kept] / levels[kept, None]
    edges = np.hstack([shares[:, :_ROUND_EDGE], shares[:, -_ROUND_EDGE:]])
    return edges, shares[:, 2 * _ROUND_EDGE : -2 * _ROUND_EDGE]


def test_files_do_not_click_above_their_dither(trainings: list[Rendered]) -> None:
    """In 16-bit files splatter at the edges is that of the dither, to -80 dB re tone.

    The dither itself (noise of half a step, -96 dBFS) is -73 dB re the softest tones:
    so much a file of 16 bits cannot get below, at its edges or elsewhere. What is at
    the edges and not within is a click.
    """
    pairs = [_file_splatter(run) for run in trainings]

    edges, within = (np.vstack(part) for part in zip(*pairs, strict=True))

    assert len(edges) > 1000
    assert _in_db(abs(edges.mean() - within.mean())) <= _QUIET_DB
    assert _in_db(edges) - _in_db(within) <= 1.0
    assert _in_db(edges) <= -70.0


def test_each_element_of_a_file_begins_and_ends_at_zero(
    trainings: list[Rendered],
) -> None:
    """First and last sample of each tone, and of each noise, are exactly 0."""
    for run in trainings:
        for name in ("loss", "val_loss", "training"):
            sound = run.sound(name)

            rows = run.rows(name)
            starts = [row.start for row in rows]
            ends = [row.start + row.duration - 1 / RATE for row in rows]
            over = _marks(run) if name == "training" else []
            frames = [
                round(at * RATE)
                for at in starts + ends
                if not any(begin < at < end for begin, end in over)
            ]
            assert not sound[frames].any()


def _marks(run: Rendered) -> list[tuple[float, float]]:
    """Return where ticks and marks lie over the tones of the summary."""
    return [
        (row.start, row.start + row.duration)
        for row in read_table(run.directory, "training.wav")
        if not row.metric
    ]


@pytest.mark.parametrize("timbre", ["pure", "full", "odd", "noise"])
def test_each_element_of_a_cue_begins_and_ends_at_zero(timbre: Timbre) -> None:
    """Rendered alone, ticks, references and tones start and stop at exactly 0."""
    for duration in (0.015, 0.06, 0.08, 0.15):
        note = make_note(987.6, duration=duration, timbre=timbre)

        frames = render([note], sample_rate=RATE, channels=2, fade=FADE)

        assert not frames[[0, -1]].any()
