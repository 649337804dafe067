"""What is at the live page's address when the training's program has ended."""

import signal
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

import pytest
from browser import Browser, until, violations
from live_page import Training, address_of, free_port, page_env, server_of
from live_page_listener import Listener
from live_page_seen import connection, open_page, rows_shown, text_of
from programs import Program, sonify, wait_end

_RUN = sonify(
    """
    sonifier.begin(3)
    sonifier.epoch(0, logs(0))
    sonifier.epoch(1, logs(1))
    sonifier.drain(10.0)
    input()
    sonifier.end("stopped_early")
    """,
    "browser",
)


def run_page(address: str) -> str:
    """Return the run's page as it is at a live page's address."""
    with urllib.request.urlopen(address.replace("/?", "/run?")) as answer:
        page: str = answer.read().decode()
    return page


def test_the_run_s_page_outlives_its_program(tmp_path: Path) -> None:
    """It is there for whoever comes, until the next training takes its port."""
    port = free_port()
    env = page_env(port=port, stay=60.0)
    with Program(_RUN, tmp_path, env) as program:
        address = address_of(program)
        server = server_of(program.pid)
        with Listener(address) as listener:
            program.go_on()
            program.finish()
            until(lambda: "over" in listener.kinds)
        page = run_page(address)
    env = page_env(port=port)
    with Listener(address) as late, Program(_RUN, tmp_path, env) as again:
        assert address_of(again) == address
        assert wait_end(server, 5.0)
        until(lambda: late.is_over)
        with Listener(address) as next_one:
            assert "over" not in next_one.kinds

    assert program.exit_seconds < 2.0
    assert "Training stopped early after epoch 2 of 3" in page
    assert 'id="cue-1"' in page
    assert late.kinds[:3] == ["state", "greeting", "over"]
    assert late.kinds[-1] == "bye"


def test_the_page_of_a_training_that_died(tmp_path: Path) -> None:
    """It says so, and is there as any other; when its time is over, nothing is left."""
    with Program(_RUN, tmp_path, page_env(stay=4.0)) as program:
        address = address_of(program)
        server = server_of(program.pid)
        with Listener(address) as listener:
            until(lambda: listener.epochs == 2)
            program.signal(signal.SIGKILL)
            until(lambda: "over" in listener.kinds)
            page = run_page(address)

    assert "died" in listener.kinds
    assert "Training crashed after epoch 2 of 3" in page
    assert wait_end(server, 10.0)


def test_without_a_value_there_is_no_page(tmp_path: Path) -> None:
    """Neither while nothing has come, nor afterwards: then the server ends at once."""
    script = sonify("sonifier.begin(3)\ninput()", "browser")
    with Program(script, tmp_path, page_env(stay=60.0)) as program:
        address = address_of(program)
        server = server_of(program.pid)
        with pytest.raises(HTTPError, match="404"):
            run_page(address)
        program.go_on()
        program.finish()

    assert wait_end(server, 5.0)


def test_a_live_page_becomes_the_run_s_page(browser: Browser, tmp_path: Path) -> None:
    """At its address, to be kept, with nothing in the way; then the next one's."""
    (tmp_path / "next").mkdir()
    port = free_port()
    with Program(_RUN, tmp_path, page_env(port=port, stay=60.0)) as program:
        page = open_page(browser, address_of(program))
        before = page.locator("#run, #save").evaluate_all(
            "all => all.map(x => x.hidden)"
        )
        program.go_on()
        program.finish()
        page.locator("#run").wait_for()
        frame = page.frame_locator("#run")
        frame.locator("#play").wait_for()
        told = frame.locator("main").inner_text()
        found = violations(page)
        until(lambda: page.locator("#run").evaluate("run => run.offsetHeight") > 1000)
        with page.expect_download() as saved:
            page.click("#save a")
        kept = saved.value.path().read_text()
        said = connection(page)
        listed = page.locator(".ks-latest").is_visible()
        titles = [page.title()]
    with Training(tmp_path / "next", page_env(port=port), 1) as again:
        until(lambda: text_of(page, ".ks-now") == "Waiting for the first epoch")
        titles.append(page.title())
        again.step()
        until(lambda: rows_shown(page) == ["1"])
        titles.append(page.title())
        after = page.locator("#run, #save").evaluate_all(
            "all => all.map(x => x.hidden)"
        )
        again.end()

    assert before == after == [True, True]
    assert "Training stopped early after epoch 2 of 3" in told
    assert found == []
    assert 'id="cue-1"' in kept
    assert said == "The training's program has ended. Waiting for the next one."
    assert not listed
    assert [title.split(":")[0] for title in titles] == [
        "Training stopped early",
        "Waiting for a training",
        "Training",
    ]
    assert browser.errors == []
