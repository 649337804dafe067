"""Words are understood by who hears nothing else: clean, on a phone, in babble."""

import math
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile
from earcon_ear import Sound
from markdown import ROOT
from scipy.signal import butter, sosfilt
from signals import RATE, mono
from word_ear import COUNTING, WORDS, understand

from keras_sonify.score.note import Note
from keras_sonify.score.spoken import SECONDS
from keras_sonify.score.style import CLEAR

_PHONE_HZ = 600.0  # a thin phone: a high-pass of the fourth order
_VOICES = 8  # of a babble
_BABBLE = 30.0  # seconds
_TURNS = 8  # of each word in a babble
_TABLE_SECONDS = 240


def _say(word: str) -> Sound:
    note = Note(
        start=0.0,
        duration=SECONDS[word],
        frequency_hz=math.nan,
        amplitude=CLEAR.amplitude,
        timbre="voice",
        word=word,
    )
    return mono(note)


def _power(sound: Sound) -> float:
    return float(np.mean(sound**2))


@cache
def _babble() -> Sound:
    """Eight voices that say one word after the other, each as loud as the others."""
    chance = random.Random(2)
    babble = np.zeros(round(_BABBLE * RATE))
    for _ in range(_VOICES):
        at = chance.randrange(RATE // 2)
        while at < len(babble):
            word = _say(chance.choice(WORDS))[: len(babble) - at]
            babble[at : at + len(word)] += word / math.sqrt(_power(word))
            at += len(word) + chance.randrange(RATE // 10)
    return np.asarray(babble[RATE:] / math.sqrt(_power(babble[RATE:])))


def _on_a_phone(sound: Sound) -> Sound:
    low_cut = butter(4, _PHONE_HZ, "high", fs=RATE, output="sos")
    return np.asarray(sosfilt(low_cut, sound))


def test_all_words_there_are_can_be_told_apart() -> None:
    """The ear knows all of them, those of events and of counting, and no others."""
    assert {*WORDS, *COUNTING} == {*SECONDS}


@pytest.mark.slow
def test_each_word_is_understood() -> None:
    """All of them."""
    assert [understand(_say(word), RATE) for word in WORDS] == [*WORDS]


@pytest.mark.slow
def test_each_word_is_understood_on_a_phone() -> None:
    """At least 95 % of them, without most of what is below 600 Hz."""
    heard = [understand(_on_a_phone(_say(word)), RATE) for word in WORDS]

    right = sum(a == b for a, b in zip(heard, WORDS, strict=True))
    assert right >= 0.95 * len(WORDS), heard


@pytest.mark.slow
@pytest.mark.parametrize("loudspeaker", [np.asarray, _on_a_phone])
def test_each_number_is_understood(loudspeaker: Callable[[Sound], Sound]) -> None:
    """All of them, clean and on a phone, by who waits for a number."""
    heard = [understand(loudspeaker(_say(w)), RATE, COUNTING) for w in COUNTING]

    assert heard == [*COUNTING]


@pytest.mark.slow
def test_words_are_understood_in_babble() -> None:
    """At least 90 % of 160, among eight voices that are 10 dB softer together."""
    chance = random.Random(1)
    wrong: list[tuple[str, str]] = []
    for word in WORDS * _TURNS:
        said = _say(word)
        first = chance.randrange(len(_babble()) - len(said))
        noise = _babble()[first : first + len(said)]
        level = math.sqrt(_power(said)) * 10 ** (-10 / 20)
        heard = understand(said + level * noise, RATE)
        wrong += [(word, heard)] if heard != word else []

    assert len(wrong) <= 0.1 * len(WORDS) * _TURNS, wrong


@pytest.mark.slow
@pytest.mark.timeout(_TABLE_SECONDS)
def test_the_script_makes_words_again_bit_by_bit(tmp_path: Path) -> None:
    """The same samples as those in the package: of a short, a middle and a long one."""
    if shutil.which("flite") is None:
        pytest.skip("flite is missing: apt-get install flite")
    words = ["stuck", "new best", "overfitting"]

    script = [sys.executable, "-W", "ignore", str(ROOT / "scripts" / "words")]
    subprocess.run([*script, "--directory", str(tmp_path), *words], check=True)

    for word in words:
        name = f"{word.replace(' ', '_')}.flac"
        ours = ROOT / "keras_sonify" / "sound" / "spoken" / name
        made, rate = soundfile.read(tmp_path / name, dtype="int16")
        kept, kept_rate = soundfile.read(ours, dtype="int16")
        assert (rate, len(made)) == (kept_rate, len(kept))
        assert (made == kept).all()
