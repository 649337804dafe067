"""Notes are rendered to the frame: pitch, fades, blocks, silence."""

import dataclasses
import itertools
import math
from typing import Literal

import numpy as np
import pytest
from signals import FADE, RATE, Signal, make_note, mono

from keras_sonify.score.note import Timbre
from keras_sonify.score.pitch import interval_cents
from keras_sonify.sound.synth import render, render_blocks


def _peak_hz(signal: Signal, rate: int) -> float:
    """The spectral peak, by a parabola through the three points about it."""
    size = 2**19
    levels = np.log(np.abs(np.fft.rfft(signal * np.hanning(len(signal)), size)) + 1e-30)
    top = int(levels.argmax())
    left, middle, right = levels[top - 1 : top + 2]
    offset = 0.5 * (left - right) / (left - 2 * middle + right)
    return float(top + offset) * rate / size


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
@pytest.mark.parametrize("timbre", ["pure", "full", "odd"])
@pytest.mark.parametrize("pitch_hz", [220.0, 330.0, 440.0, 987.654, 1760.0])
def test_a_tone_has_its_pitch(
    pitch_hz: float,
    timbre: Literal["pure", "full", "odd"],
    rate: int,
) -> None:
    """The spectral peak is within one cent of the note."""
    signal = mono(make_note(pitch_hz, timbre=timbre), rate=rate)

    assert abs(interval_cents(pitch_hz, _peak_hz(signal, rate))) < 1.0


@pytest.mark.parametrize("timbre", ["pure", "full", "odd", "noise"])
@pytest.mark.parametrize("duration", [0.03, 0.08, 0.15])
def test_a_faded_note_begins_and_ends_at_zero(
    duration: float,
    timbre: Timbre,
) -> None:
    """First and last sample are exactly 0, and the note lasts to the frame."""
    signal = mono(make_note(440.0, timbre=timbre, duration=duration))

    assert len(signal) == round(duration * RATE)
    assert signal[0] == signal[-1] == 0.0
    assert np.abs(signal).max() > 0.5


def test_a_fade_is_a_raised_cosine_of_10_ms() -> None:
    """A tone that is faded is the bare one under a raised cosine, to 1e-6."""
    note = make_note(440.0)
    ramp = np.sin(np.pi / 2 * np.arange(441) / 441) ** 2
    envelope = np.concatenate([ramp, np.ones(6615 - 882), ramp[::-1]])

    faded, bare = mono(note), mono(note, fade=0.0)

    assert faded == pytest.approx(bare * envelope, abs=1e-6)


def test_one_rendering_equals_the_sum_of_its_pieces() -> None:
    """A thousand notes at once are, bit by bit, the same notes rendered alone."""
    slot = 2205
    kinds: tuple[Timbre, ...] = ("pure", "full", "odd", "noise")
    notes = [
        make_note(
            220.0 + 1.5 * k,
            start=k * slot / RATE,
            duration=slot / RATE,
            timbre=kinds[k % 4],
        )
        for k in range(1000)
    ]

    whole = mono(*notes)

    pieces = [mono(dataclasses.replace(note, start=0.0)) for note in notes]
    assert np.array_equal(whole, np.concatenate(pieces))


@pytest.mark.parametrize("step", [0.01, 0.1])
def test_notes_that_overlap_are_added(step: float) -> None:
    """A mixture is the sum of its notes, whatever block they are in, to 1e-5."""
    notes = [make_note(220.0 + 10 * k, start=step * k) for k in range(70)]
    expected = np.zeros(round(notes[-1].end * RATE))
    for note in notes:
        start = round(note.start * RATE)
        alone = mono(dataclasses.replace(note, start=0.0))
        expected[start : start + len(alone)] += alone

    mixture = mono(*notes)

    assert mixture == pytest.approx(expected, abs=1e-5)


def test_gaps_are_exact_silence() -> None:
    """Between notes, before the first and up to the total, every sample is 0."""
    notes = [
        make_note(500.0 + k, start=0.02 + 0.1 * k, duration=0.05, pan=0.6)
        for k in range(100)  # more than a block holds
    ]

    blocks = render_blocks(
        notes,
        sample_rate=RATE,
        channels=2,
        fade=FADE,
        total=12 * RATE,
    )

    frames = np.concatenate(list(blocks))
    silent = np.ones(len(frames), bool)
    for note in notes:
        silent[round(note.start * RATE) : round(note.end * RATE)] = False
    assert len(frames) == 12 * RATE
    assert not frames[silent].any()
    assert np.count_nonzero(frames[~silent]) > 0.99 * frames[~silent].size


@pytest.mark.parametrize("pitch_hz", [220.0, 1000.0, 1760.0, 15_000.0])
def test_single_precision_is_precise_enough(pitch_hz: float) -> None:
    """Without fades a float32 tone is a float64 cosine within 1e-5 (-100 dB)."""
    seconds = np.arange(6615) / RATE
    expected = np.cos(2 * np.pi * pitch_hz * seconds)

    signal = mono(make_note(pitch_hz), fade=0.0)

    assert np.abs(signal - expected).max() <= 1e-5


def test_the_same_notes_give_the_same_frames() -> None:
    """Rendering has no state: not even noise differs from one time to the next."""
    notes = [make_note(440.0), make_note(math.nan, start=0.15, timbre="noise")]

    first, second = mono(*notes), mono(*notes)

    assert np.array_equal(first, second)


def test_no_notes_are_no_frames() -> None:
    """Without notes there is an empty array of the right shape."""
    frames = render([], sample_rate=RATE, channels=2, fade=FADE)

    assert frames.shape == (0, 2)


def test_blocks_bound_what_is_held_at_once() -> None:
    """Notes are taken as blocks are asked for, not all at the beginning."""
    taken = itertools.count()
    notes = (
        make_note(440.0, start=0.05 * next(taken), duration=0.05) for _ in range(10_000)
    )

    next(render_blocks(notes, sample_rate=8000, channels=1, fade=0.0))

    assert next(taken) < 1000
