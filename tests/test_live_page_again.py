"""The live page goes on when its server dies, and when the training starts anew."""

import os
import signal
from pathlib import Path

from browser import Browser, until
from live_page import Training, address_of, free_port, page_env, server_of
from live_page_listener import Listener
from live_page_seen import (
    check_notes,
    connection,
    enable_sound,
    heard_notes,
    open_page,
    rows_shown,
    text_of,
    wait_epochs,
    wait_over,
)
from programs import WATCHED, Program, sonify, wait_end
from table import FINISHED, read_table
from virtual_card import VirtualCard

ENDED = "The training's program has ended. Waiting for the next one."


def test_a_killed_server_comes_back(
    browser: Browser, card: VirtualCard, tmp_path: Path
) -> None:
    """Between two epochs a new server takes its place, and no epoch is missed."""
    with Training(tmp_path, page_env(card.env), 4) as training:
        page = open_page(browser, training.address)
        begun = enable_sound(page, card)
        training.step(2)
        first = server_of(training.pid)
        os.kill(first, signal.SIGKILL)
        assert wait_end(first, 5.0)
        until(lambda: connection(page) == "Connection lost. Connecting again.")
        until(lambda: connection(page) == "Connected.")
        second = server_of(training.pid)
        with Listener(training.address) as late_comer:
            assert late_comer.epochs == 2
        training.step(2)
        wait_epochs(page, 4)
        training.end()
        wait_over(card)

    rows = read_table(tmp_path / "sound", "live")
    check_notes(heard_notes(card, begun), rows + FINISHED)
    assert second != first
    assert training.output.count("Hear this training at") == 1
    assert training.warnings == []


def test_a_new_training_takes_the_page(
    browser: Browser, card: VirtualCard, tmp_path: Path
) -> None:
    """One that is started at the same address at once is shown and heard there."""
    env = page_env(card.env, free_port())
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()

    with Training(tmp_path / "first", env, 3, at_once=2) as training:
        page = open_page(browser, training.address)
        begun = enable_sound(page, card)
        training.step()
        training.end()
        until(lambda: connection(page) == ENDED)
        page.clock.install()
        with page.expect_event("requestfailed"):
            page.clock.fast_forward(3000)  # it tries again, in vain
        assert connection(page) == ENDED
        assert rows_shown(page) == ["3", "2", "1"]
    rows = read_table(tmp_path / "first" / "sound", "live")
    first = [row for row in rows if row.epoch == 2] + FINISHED
    with Training(tmp_path / "second", env, 2) as again:
        page.clock.fast_forward(3000)
        until(lambda: connection(page) == "Connected.")
        wait_epochs(page, 0)
        again.step(2)
        wait_epochs(page, 2)
        assert rows_shown(page) == ["2", "1"]
        again.end()
        wait_over(card)

    second = read_table(tmp_path / "second" / "sound", "live") + FINISHED
    check_notes(heard_notes(card, begun), first + second)
    assert training.address == again.address
    assert browser.errors == []


INTERRUPTED = f"""{WATCHED}    sonifier.begin()
    input()
    sonifier.epoch(0, {{"loss": 1.0}})
    time.sleep(60)
"""


def test_ctrl_c_is_told(browser: Browser, card: VirtualCard, tmp_path: Path) -> None:
    """After Ctrl-C, within a cue, the page says and sounds that it came to this."""
    script = sonify(INTERRUPTED, "browser")

    with Program(script, tmp_path, page_env(card.env)) as program:
        page = open_page(browser, address_of(program))
        begun = enable_sound(page, card)
        program.go_on()
        card.wait_sound()
        program.press_ctrl_c()
        program.finish()
        wait_over(card)
        until(lambda: connection(page) == ENDED)

    rows = read_table(tmp_path / "sound", "live")
    check_notes(heard_notes(card, begun), rows + FINISHED)
    assert text_of(page, ".ks-now") == "Training was interrupted after epoch 1"
    assert "KeyboardInterrupt" in program.lines
