"""`keras-sonify earcons` plays the sounds of events and says what they mean."""

import os
from pathlib import Path

import pytest
import soundfile
from command import keras_sonify
from programs import run
from signals import FADE, RATE
from virtual_card import SAMPLE_RATE, VirtualCard
from word_ear import name_events

from keras_sonify.score.earcons import earcon
from keras_sonify.score.first_sight import first_sight
from keras_sonify.score.style import CLEAR
from keras_sonify.sound.synth import render
from keras_sonify.training.events import EVENT_KINDS, EVENTS


def test_each_event_is_named_with_its_meaning(tmp_path: Path) -> None:
    """The scale, then one plain line for every kind; nothing else is printed."""
    done = keras_sonify("earcons", "--silent", directory=tmp_path)

    scale, *lines = done.out.splitlines()
    told = dict(line.split(": ", 1) for line in lines)
    assert (done.status, done.err) == (0, "")
    assert scale.startswith("Better, worse, an alarm")
    assert tuple(told) == EVENT_KINDS
    assert len(set(told.values())) == len(EVENT_KINDS)
    assert told["overfitting"] == (
        "validation gets worse while training still improves (trouble)"
    )
    assert {kind for kind, line in told.items() if line.endswith("if asked for)")} == {
        kind for kind in EVENT_KINDS if not EVENTS[kind].is_heard
    }
    assert list(tmp_path.iterdir()) == []


def test_names_choose(tmp_path: Path) -> None:
    """Only those that were named are told, in the order of the list, and no scale."""
    done = keras_sonify("earcons", "--silent", "best", "stuck", directory=tmp_path)

    assert [line.split(":")[0] for line in done.out.splitlines()] == ["stuck", "best"]


def test_each_is_written_as_a_wav_file(tmp_path: Path) -> None:
    """With `--directory`, whose parents are made: what sounds, in 16-bit stereo."""
    done = keras_sonify("earcons", "--silent", "-d", "new/sounds", directory=tmp_path)

    folder = tmp_path / "new" / "sounds"
    assert done.status == 0
    sounds = {str(kind): earcon(kind, CLEAR) for kind in EVENT_KINDS}
    sounds["scale"] = first_sight(CLEAR)
    assert {path.stem for path in folder.iterdir()} == {*sounds}
    for name, notes in sounds.items():
        frames, rate = soundfile.read(folder / f"{name}.wav")
        meant = render(notes, sample_rate=RATE, channels=2, fade=FADE)
        assert soundfile.info(folder / f"{name}.wav").subtype == "PCM_16"
        assert rate == RATE
        assert frames == pytest.approx(meant, abs=2 / 32768)
        assert (meant[:, 0] == meant[:, 1]).all()  # from the centre


def test_words_can_be_left_away(tmp_path: Path) -> None:
    """With `--no-words` the files hold the figures alone, and the scale its tones."""
    keras_sonify("earcons", "--silent", "--no-words", "-d", ".", directory=tmp_path)

    frames, _ = soundfile.read(tmp_path / "best.wav")
    assert len(frames) == round(earcon("best", CLEAR, words=False)[-1].end * RATE)
    scale, _ = soundfile.read(tmp_path / "scale.wav")
    meant = first_sight(CLEAR, words=False)
    assert len(scale) == round(meant[-1].end * RATE)
    assert not scale[round(meant[1].end * RATE) : round(meant[2].start * RATE)].any()


_PLAY = """
import sys
from keras_sonify.cli import main
sys.argv = ["keras-sonify", "earcons", "plateau", "overfitting", "nan_loss"]
main()
"""


def test_they_are_played_one_after_the_other(card: VirtualCard, tmp_path: Path) -> None:
    """All that were named are heard, each with its line."""
    program = run(_PLAY, tmp_path, card.env)
    card.wait_quiet(0.5)

    assert name_events(card.samples(), SAMPLE_RATE) == [
        ("alarm", "not a number"),
        ("trouble", "overfitting"),
        ("stillness", "levelled off"),
    ]
    assert [line.split(":")[0] for line in program.lines] == [
        *("nan_loss", "overfitting", "plateau")
    ]


def test_the_scale_is_played_first(card: VirtualCard, tmp_path: Path) -> None:
    """Without names: better, worse and an alarm are heard before all events."""
    play = _PLAY.replace(', "plateau", "overfitting", "nan_loss"', "")

    run(play, tmp_path, card.env)
    card.wait_quiet(0.5)

    scale = first_sight(CLEAR)[-1].end
    first, second, *_ = name_events(card.samples(), SAMPLE_RATE)
    assert first == ("alarm", "alarm")
    assert second == ("alarm", "not a number")
    assert scale < 6.0


def test_without_a_sound_card_it_is_told_once(tmp_path: Path) -> None:
    """All lines come, with one sentence on what is wrong, and the exit status is 0."""
    env = {**os.environ, "KERAS_SONIFY_DEVICE": "no such device"}

    program = run(_PLAY, tmp_path, env)

    assert program.status == 0
    assert [line.split(":")[0] for line in program.lines] == [
        *("nan_loss", "No live sound", "overfitting", "plateau")
    ]


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    """Exit 2 with the names that there are, and no traceback."""
    done = keras_sonify("earcons", "overfit", directory=tmp_path)

    assert (done.status, done.out) == (2, "")
    assert "Traceback" not in done.err
    assert "'overfit' is not one of" in done.err
    assert all(kind in done.err for kind in EVENT_KINDS)


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """Where a file is in the way, one line says so, without a traceback."""
    (tmp_path / "file").write_text("")

    done = keras_sonify("earcons", "--silent", "-d", "file", directory=tmp_path)

    assert done.status == 1
    assert done.err.startswith("Error: ")
    assert "Traceback" not in done.err
    assert len(done.err.splitlines()) == 1
