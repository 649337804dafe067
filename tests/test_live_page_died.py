"""A page tells that its training has died, which is not "connection lost"."""

import os
import signal
from pathlib import Path

from alarm import find_alarm
from browser import Browser, until
from live_page import Training, address_of, page_env, server_of
from live_page_listener import Listener, is_served
from live_page_seen import connection, enable_sound, heard_notes, open_page
from programs import Program, children, hasten, sonify, wait_end
from virtual_card import VirtualCard

DIED = "Training died after epoch 1 of 3: its program is gone."


def test_a_page_tells_that_the_training_has_died(
    browser: Browser, card: VirtualCard, tmp_path: Path
) -> None:
    """By the alarm and in words, and goes on waiting for the next one."""
    with Training(tmp_path, page_env(card.env), 3) as training:
        server = server_of(training.pid)
        page = open_page(browser, training.address)
        enable_sound(page, card)
        training.step()
        card.wait_quiet()
        begun = card.frames
        training.signal(signal.SIGKILL)
        until(lambda: connection(page) == f"{DIED} Waiting for the next one.")
        gone = wait_end(server, 2.0)
        card.wait_quiet()

    alarm = find_alarm(heard_notes(card, begun))
    assert page.title() == DIED
    assert alarm is not None
    assert alarm < 2.0
    assert gone
    assert connection(page) == f"{DIED} Waiting for the next one."
    assert browser.errors == []


def test_an_end_is_no_death(tmp_path: Path) -> None:
    """Neither one that is told nor the exception of a script."""
    for last in ("sonifier.end()", "sonifier.close()", "raise RuntimeError('mine')"):
        script = sonify("sonifier.begin(3)\nsonifier.epoch(0, logs(0))\n", "browser")
        script += f"input()\n{last}"
        with Program(script, tmp_path, page_env()) as program:
            with Listener(address_of(program)) as listener:
                program.go_on()
                until(lambda: listener.is_over)
            program.finish()

        assert "bye" in listener.kinds
        assert "died" not in listener.kinds


def test_workers_do_not_keep_the_page(tmp_path: Path) -> None:
    """Forked workers hold the server's pipe: pages are told, and its port is free."""
    script = sonify(
        """
        import os
        sonifier.begin(3)
        sonifier.epoch(0, logs(0))
        sonifier.drain(10.0)
        worker = os.fork()
        if not worker:
            os.close(1), os.close(2)
            time.sleep(60)
        print("worker", worker)
        input()
        """,
        "browser",
    )
    with Program(script, tmp_path, page_env()) as program:
        address = address_of(program)
        program.read_until("worker")
        worker = program.told("worker")
        (server,) = [pid for pid in children(program.pid) if pid != worker]
        with Listener(address) as listener:
            program.signal(signal.SIGKILL)
            program.wait()
            gone = wait_end(server, 2.0)
            until(lambda: listener.is_over)
        os.kill(worker, signal.SIGKILL)

    assert gone
    assert listener.kinds[-2:] == ["died", "bye"]
    assert listener.said[-1] == DIED
    assert not is_served(address)


def test_a_hang_is_told_on_the_page(tmp_path: Path) -> None:
    """Once, also of a program that is stopped as a whole; and that it goes on."""
    script = sonify(
        """
        sonifier.begin(9)
        input()
        for epoch in range(3):
            sonifier.epoch(epoch, logs(epoch))
            time.sleep(0.3)
        print("ready")
        input()
        sonifier.epoch(3, logs(3))
        sonifier.end()
        """,
        "browser",
    )
    env = {**page_env(), **hasten(tmp_path, "keras_sonify.live.server", 20)}

    with Program(script, tmp_path, env) as program:
        with Listener(address_of(program)) as listener:
            program.go_on()
            program.read_until("ready")
            program.signal(signal.SIGSTOP)
            until(lambda: listener.said[-1].endswith("stalled?"))
            program.signal(signal.SIGCONT)
            program.go_on()
            until(lambda: listener.is_over)
        program.finish()

    assert sum(said.endswith("stalled?") for said in listener.said) == 1
    assert listener.said.count("Training goes on.") == 1
