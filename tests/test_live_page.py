"""A training in one process, and its live page in Chromium: what the page plays."""

from pathlib import Path
from statistics import median

from browser import Browser, until
from live_page import Training, page_env
from live_page_seen import (
    card_clock,
    check_notes,
    connection,
    enable_sound,
    epochs_shown,
    heard_notes,
    open_page,
    rows_shown,
    text_of,
    wait_enabled,
    wait_epochs,
    wait_over,
)
from table import FINISHED, read_table
from virtual_card import SAMPLE_RATE, VirtualCard

ALL = ("loss", "val_loss", "accuracy", "val_accuracy")


def test_every_epoch_is_heard(
    browser: Browser, card: VirtualCard, tmp_path: Path
) -> None:
    """After one key press each epoch is heard, once and soon, and then the end."""
    with Training(tmp_path, page_env(card.env), 4, metrics=ALL[:2]) as training:
        page = open_page(browser, training.address)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        begun = wait_enabled(page, card)
        training.step(4)
        clock = card_clock(card)
        training.end()
        wait_over(card)
        until(lambda: connection(page).startswith("The training's"))

    rows = read_table(tmp_path / "sound", "live")
    heard = heard_notes(card, begun)
    check_notes(heard, rows + FINISHED)
    firsts = [[row.epoch for row in rows].index(epoch) for epoch in range(4)]
    delays = [
        clock + begun / SAMPLE_RATE + heard[first].onset - ended
        for first, ended in zip(firsts, training.begun, strict=True)
    ]
    told = f"epoch to sound: median {median(delays):.3f}, most {max(delays):.3f} s"
    print(told)  # noqa: T201 - shown by `pytest -s`
    assert min(delays) > 0.0
    assert max(delays) < 1.5
    assert epochs_shown(page) == 4
    assert browser.errors == []


def test_sound_waits_for_the_click(
    browser: Browser, card: VirtualCard, tmp_path: Path
) -> None:
    """Until then a page shows and says all but is silent, and plays nothing later."""
    with Training(tmp_path, page_env(card.env), 3) as training:
        page = open_page(browser, training.address)
        training.step(2)
        wait_epochs(page, 2)
        said = text_of(page, ".ks-now")
        label = text_of(page, "button")
        begun = enable_sound(page, card)
        wait_over(card)
        silent = heard_notes(card, begun)
        training.step()
        wait_over(card)
        heard = heard_notes(card, begun)
        training.end()

    rows = read_table(tmp_path / "sound", "live")
    assert label == "Enable sound"
    assert said.startswith("Epoch 2 of 3: loss 1.4, best so far")
    assert silent == []
    check_notes(heard, [row for row in rows if row.epoch == 2])


def test_mute(browser: Browser, card: VirtualCard, tmp_path: Path) -> None:
    """A muted page is silent at once, even within a cue, until it is unmuted."""
    env = page_env(card.env)
    with Training(tmp_path, env, 4, at_once=1, metrics=ALL) as training:
        page = open_page(browser, training.address)
        begun = enable_sound(page, card)
        training.go_on()
        card.wait_sound()  # of the second epoch
        page.click("button")
        muted = text_of(page, "button")
        card.wait_quiet(0.2)
        cut = heard_notes(card, begun)
        training.read_until("played 1")
        training.step()
        wait_over(card)
        silent = heard_notes(card, begun)[len(cut) :]
        page.click("button")
        unmuted = text_of(page, "button")
        training.step()
        wait_over(card)
        heard = heard_notes(card, begun)[len(cut) :]
        training.end()

    rows = read_table(tmp_path / "sound", "live")
    whole = sum(row.duration for row in rows if row.epoch == 1)
    assert (muted, unmuted) == ("Unmute", "Mute")
    assert 0.0 < sum(note.duration for note in cut) < 0.9 * whole
    assert silent == []
    check_notes(heard, [row for row in rows if row.epoch == 3])


def test_late_comers_and_many(
    browser: Browser, card: VirtualCard, tmp_path: Path
) -> None:
    """Pages opened after ten epochs show them all, without a sound, and go on."""
    with Training(tmp_path, page_env(card.env), 13, at_once=10) as training:
        pages = [open_page(browser, training.address) for _ in range(3)]
        for page in pages:
            wait_epochs(page, 10)
            assert rows_shown(page) == [str(epoch) for epoch in range(10, 0, -1)]
            assert text_of(page, ".ks-now").startswith("Epoch 10 of 13: ")
        heard = []
        for page in pages:  # one sounds at a time, lest they cover each other
            begun = enable_sound(page, card)
            training.step()
            wait_over(card)
            heard += heard_notes(card, begun)
            page.click("button")
        for page in pages:
            wait_epochs(page, 13)
            assert text_of(page, ".ks-now").startswith("Epoch 13 of 13")
        training.end()

    rows = read_table(tmp_path / "sound", "live")
    check_notes(heard, [row for row in rows if row.epoch >= 10])
