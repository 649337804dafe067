"""Words that are spoken: in the package, as long as the table says, at any rate."""

import math
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
import soundfile
from markdown import ROOT
from scipy.signal import resample_poly
from signals import mono, rms

import keras_sonify.sound
from keras_sonify.score.counting import WORDS as COUNTING
from keras_sonify.score.earcons import DIED
from keras_sonify.score.first_sight import WORDS
from keras_sonify.score.note import Note
from keras_sonify.score.spoken import SECONDS
from keras_sonify.sound.voice import AS_LOUD_AS, file_name, spoken
from keras_sonify.training.events import EVENTS

_FOLDER = files(keras_sonify.sound) / "spoken"
_RATE = 16_000
_EACH = pytest.mark.parametrize("word", SECONDS)
_MOST_BYTES = 400_000


def _stored(word: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    with (_FOLDER / file_name(word)).open("rb") as file:
        samples, rate = soundfile.read(file)
    assert rate == _RATE
    return np.asarray(samples)


def _note(word: str, amplitude: float = 0.1, start: float = 0.0) -> Note:
    return Note(
        start=start,
        duration=SECONDS[word],
        frequency_hz=math.nan,
        amplitude=amplitude,
        kind="finished",
        timbre="voice",
        word=word,
    )


def test_each_word_there_is_has_its_file_and_its_length() -> None:
    """No more and no fewer than events, alarms, the first sight and counting say."""
    wanted = {*(row.word for row in EVENTS.values()), DIED, *WORDS, *COUNTING}
    found = {path.name for path in _FOLDER.iterdir() if path.name[-4:] == "flac"}

    assert {*SECONDS} == wanted
    assert found == set(map(file_name, wanted))


def test_they_are_small_and_say_whose_they_are() -> None:
    """All together below what a wheel may grow by, with the voice's licence beside."""
    sizes = [len(path.read_bytes()) for path in _FOLDER.iterdir()]
    licence = (_FOLDER / "LICENSE.txt").read_text(encoding="utf-8")

    assert sum(sizes) < _MOST_BYTES
    assert "Carnegie Mellon University" in licence
    assert "The code must retain the above copyright notice" in licence


@_EACH
def test_a_word_is_as_long_as_the_table_says(word: str) -> None:
    """To the frame: a cue's length is known before there are any arrays."""
    assert len(_stored(word)) == SECONDS[word] * _RATE
    assert SECONDS[word] <= 1.0
    for rate in (44_100, 22_050, 8_000, 48_000):
        assert len(mono(_note(word), rate=rate)) == round(SECONDS[word] * rate)


@_EACH
def test_a_word_begins_and_ends_in_silence(word: str) -> None:
    """Without a click, and without waiting: it is heard within 30 ms."""
    stored = np.abs(_stored(word))

    assert stored[0] == stored[-1] == 0.0
    assert stored[:480].max() > 0.003
    assert stored.max() < 0.99


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 44_101, 96_000])
def test_a_word_is_the_same_at_any_rate(rate: int) -> None:
    """As an independent resampler has it, to 1 % of its power; nothing is added."""
    stored = _stored("overfitting") / AS_LOUD_AS
    again = resample_poly(stored, rate, _RATE, window=("kaiser", 12.0))

    here = spoken("overfitting", rate)[: len(again)]

    assert rms(here - again[: len(here)]) < 0.1 * rms(again)
    powers = np.abs(np.fft.rfft(here)) ** 2
    above = np.fft.rfftfreq(len(here), 1 / rate) > 8_000
    assert powers[above].sum() < 1e-6 * powers.sum()


def test_a_word_is_as_loud_as_its_note_says() -> None:
    """Half the amplitude is half the samples; the style's fade is not added."""
    soft, loud = (mono(_note("stuck", amplitude)) for amplitude in (0.05, 0.1))
    unfaded = mono(_note("stuck"), fade=0.0)

    assert loud == pytest.approx(2 * soft, abs=1e-6)
    assert unfaded == pytest.approx(loud, abs=1e-9)


def test_a_style_that_is_too_loud_does_not_make_it_clip() -> None:
    """It is softer then: what is cut off cannot be understood."""
    assert abs(mono(_note("stuck", amplitude=1.0))).max() == pytest.approx(1.0)


@pytest.mark.slow
def test_a_figure_sounds_where_words_cannot(tmp_path: Path) -> None:
    """Without soundfile's library an alarm is heard; its word alone is missing."""
    (tmp_path / "soundfile.py").write_text("raise OSError('sndfile not found')")
    code = (
        "from keras_sonify.score.earcons import earcon\n"
        "from keras_sonify.score.style import CLEAR\n"
        "from keras_sonify.sound.synth import render\n"
        "notes = earcon('nan_loss', CLEAR)\n"
        "sound = render(notes, sample_rate=44100, channels=1, fade=0.01)\n"
        "first = round(notes[-1].start * 44100)\n"
        "print(len(sound) > first, sound[:first].any(), sound[first:].any())\n"
    )

    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == ["True", "True", "False"]


def test_two_words_in_one_sound_stay_two() -> None:
    """Of one length or not, each is itself."""
    both = mono(_note("stalled"), _note("new best", start=1.0))

    alone = mono(_note("stalled"))
    assert both[: len(alone)] == pytest.approx(alone, abs=1e-6)
    assert both[44_100:] == pytest.approx(mono(_note("new best")), abs=1e-6)
