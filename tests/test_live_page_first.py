"""What a live page plays first: a lead-in; then better, worse and alarm."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from browser import Browser, spoken, until
from ear import listen
from first_second import Frames, lead_in_seconds, swallowed
from live_page import Server, Training, page_env
from live_page_seen import (
    check_notes,
    enable_sound,
    heard_notes,
    open_page,
    text_of,
    wait_over,
)
from page_stage import without_holes
from table import read_table
from test_live_page_hitches import row, tone
from virtual_card import SAMPLE_RATE, VirtualCard

from keras_sonify.score.first_sight import first_sight
from keras_sonify.score.style import CLEAR
from keras_sonify.sound.synth import render

_FAINTEST = 0.002  # re full scale: what is heard is louder
_MOMENT = SAMPLE_RATE // 50
_ALIKE = 0.98  # a reference that lacks its first half makes it 0.95

ANSWER = "Sound is on. Better, worse, alarm."

# Keeps the contexts of a page, as a system that sleeps and wakes reaches them.
_CONTEXTS = """
globalThis.contexts = [];
globalThis.AudioContext = class extends AudioContext {
    constructor(options) {
        super(options);
        contexts.push(this);
    }
};
"""


def greeting_of(recorded: Frames) -> tuple[int, int]:
    """Return where in a recording the greeting begins and ends; it must be whole.

    Nothing is spoken in it, as in the runs of these tests.
    """
    notes = [note for note in first_sight(CLEAR) if not note.word]
    meant = render(notes, sample_rate=SAMPLE_RATE, channels=2, fade=CLEAR.fade)
    begun, begins = _first_tone(recorded), _first_tone(meant)
    end = begun + len(meant) - begins
    heard, wanted = _levels(recorded[begun:end]), _levels(meant[begins:])
    assert len(heard) == len(wanted)
    assert np.corrcoef(heard, wanted)[0, 1] > _ALIKE
    assert heard.sum() > _ALIKE * wanted.sum()
    return begun, end


def _first_tone(sound: npt.NDArray[np.floating]) -> int:
    return int(np.argmax(np.abs(sound).max(axis=1) > _FAINTEST))


def _levels(sound: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Return how loud it is in each moment."""
    moments = len(sound) // _MOMENT
    parts = sound[: moments * _MOMENT].astype(np.float64).reshape(moments, -1)
    levels: npt.NDArray[np.float64] = np.sqrt(np.square(parts).mean(axis=1))
    return levels


def test_who_enables_sound_is_answered(
    browser: Browser, card: VirtualCard, tmp_path: Path
) -> None:
    """By better, worse, alarm, none of it swallowed, and when it is over in words."""
    with Training(tmp_path, page_env(card.env), 2) as training:
        page = open_page(browser, training.address)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        until(lambda: spoken(page))
        when_told = card.frames
        wait_over(card)
        warm = card.frames
        assert text_of(page, ".ks-now") == ANSWER
        training.step(2)
        wait_over(card)
        told = spoken(page)
        training.end()

    recorded = card.samples()
    _, end = greeting_of(swallowed(recorded))
    assert end < when_told
    assert lead_in_seconds(recorded[warm:]) == 0.0
    assert told[0] == ANSWER
    assert browser.errors == []


def test_cues_wait_for_the_greeting(
    browser: Browser, card: VirtualCard, tmp_path: Path
) -> None:
    """The newest of those that come meanwhile is heard right after it, and no other."""
    with Training(tmp_path, page_env(card.env), 2) as training:
        page = open_page(browser, training.address)
        page.click("button")
        card.wait_sound()
        training.step(2)
        wait_over(card)
        training.end()
        wait_over(card)

    rows = [row for row in read_table(tmp_path / "sound", "live") if row.epoch == 1]
    _, end = greeting_of(card.samples())
    heard = heard_notes(card, end)
    check_notes(heard[: len(rows)], rows)


def test_a_page_that_was_asleep_is_as_new(browser: Browser, card: VirtualCard) -> None:
    """After its sound was suspended nothing is swallowed; in between nothing waits."""
    with Server() as server:
        page = browser.open("about:blank")
        page.add_init_script(_CONTEXTS)
        page.goto(server.address)
        until(lambda: text_of(page, "button") == "Enable sound")
        enable_sound(page, card)
        openings = []
        for pitch_hz in (400.0, 500.0):
            openings.append(card.frames)
            server.cue("first", tone(pitch_hz, 0.3))
            wait_over(card)
            warm = card.frames
            server.cue("second", tone(2.0 * pitch_hz, 0.3))
            wait_over(card)
            assert lead_in_seconds(card.samples(openings[-1])[: warm - openings[-1]])
            assert lead_in_seconds(card.samples(warm)) == 0.0
            page.evaluate("contexts[0].suspend()")
            until(lambda: text_of(page, "button") == "Enable sound")
            page.evaluate("contexts[0].resume()")
            until(lambda: text_of(page, "button") == "Mute")

    recorded = swallowed(card.samples(), openings)
    heard = listen(without_holes(recorded), SAMPLE_RATE)
    wanted = [row(hz, 0.3) for hz in (400.0, 800.0, 500.0, 1000.0)]
    check_notes(heard, wanted)


def test_the_volume_is_kept(browser: Browser, card: VirtualCard) -> None:
    """Half is 10 dB less, told in words, and the same when the page is opened again."""
    levels = []
    with Server() as server:
        page = open_page(browser, server.address)
        for keys in (0, 10, 0):
            begun = enable_sound(page, card)
            page.focus(".ks-volume")
            for _ in range(keys):
                page.keyboard.press("ArrowLeft")
            told = page.evaluate("document.activeElement.ariaValueText")
            server.cue("a tone", tone(500.0, 0.5))
            wait_over(card)
            (heard,) = heard_notes(card, begun)
            levels.append((told, heard.level_db))
            page.reload()
            until(lambda: text_of(page, "button") == "Enable sound")

    (full, loud), (half, soft), (again, same) = levels
    assert (full, half, again) == ("100 percent", "50 percent", "50 percent")
    assert soft - loud == pytest.approx(-10.0, abs=0.3)
    assert same == pytest.approx(soft, abs=0.3)
    assert browser.errors == []


def test_the_latest_cue_is_heard_again(browser: Browser, card: VirtualCard) -> None:
    """By its button or key, which also end the silence of a page that is muted."""
    with Server() as server:
        page = open_page(browser, server.address)
        page.keyboard.press("h")
        nothing = text_of(page, ".ks-now")
        begun = enable_sound(page, card)
        server.cue("a tone", tone(500.0, 0.3))
        wait_over(card)
        page.keyboard.press("m")
        muted = text_of(page, "button")
        page.click(".ks-again")
        wait_over(card)
        label, said = text_of(page, "button"), text_of(page, ".ks-now")
        heard = heard_notes(card, begun)

    check_notes(heard, 2 * [row(500.0, 0.3)])
    assert nothing == "There is nothing to hear again yet."
    assert (muted, label, said) == ("Unmute", "Mute", "a tone")
    assert browser.errors == []
