"""What the live page tells those who do not look at it, and by keyboard alone."""

from pathlib import Path

from browser import Browser, until, violations
from live_page import (
    Server,
    Training,
    address_of,
    epochs_shown,
    note_speech,
    open_page,
    page_env,
    text_of,
    wait_epochs,
)
from playwright.sync_api import Page
from programs import Program, sonify


def test_nothing_is_in_the_way(browser: Browser, tmp_path: Path) -> None:
    """Neither before nor during a run, by day or by night, is there a known barrier."""
    with Training(tmp_path, page_env(), 3) as training:
        pages = [
            open_page(browser, training.address, color_scheme=scheme)
            for scheme in ("light", "dark")
        ]
        found = [violations(page) for page in pages]
        training.step(3)
        for page in pages:
            wait_epochs(page, 3)
            found.append(violations(page))
        page.set_viewport_size({"width": 320, "height": 800})  # as at 400 % zoom
        width = page.evaluate("document.documentElement.scrollWidth")

    assert found == [[], [], [], []]
    assert width == 320


def focus(page: Page) -> str:
    """Return the text of what has the focus."""
    return str(page.evaluate("document.activeElement.textContent"))


def test_all_by_keyboard(browser: Browser) -> None:
    """Tab leads to the button, which keeps the focus, volume and select, then out."""
    with Server() as server:
        page = open_page(browser, server.address)
        page.keyboard.press("Tab")
        labels = []
        for key in ("Space", "Enter", "Space"):
            labels.append(focus(page))
            page.keyboard.press(key)
            until(lambda label=labels[-1]: focus(page) != label)  # type: ignore[misc]
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowLeft")
        volume = page.evaluate("document.activeElement.ariaValueText")
        page.keyboard.press("Tab")
        page.keyboard.press("End")
        chosen = page.evaluate("document.activeElement.value")
        page.keyboard.press("Tab")
        left = page.evaluate("document.activeElement === document.body")

    assert labels == ["Enable sound", "Mute", "Unmute"]
    assert volume == "95 percent"
    assert chosen == "none"
    assert left


def watch(page: Page) -> None:
    """Note from now on what changes in the page's live region; stop its clock."""
    page.clock.install(time=0)
    page.clock.pause_at(10_000)
    note_speech(page)


def hear(page: Page, server: Server, epoch: int, *, event: bool = False) -> list[str]:
    """Let the page tell of an epoch; return what a screen reader was given so far."""
    server.cue(f"Epoch {epoch}", event=event)
    until(lambda: text_of(page, ".ks-now") == f"Epoch {epoch}")
    spoken: list[str] = page.evaluate("spoken")
    return spoken


def test_a_screen_reader_is_not_flooded(browser: Browser) -> None:
    """Epochs are spoken 4 s apart at least, the newest of them; events are at once."""
    with Server() as server:
        page = open_page(browser, server.address)
        watch(page)
        assert hear(page, server, 1) == ["Epoch 1"]
        for epoch in (2, 3, 4):
            page.clock.run_for(1200)
            assert hear(page, server, epoch) == ["Epoch 1"]
        page.clock.run_for(500)
        assert hear(page, server, 5) == ["Epoch 1", "Epoch 4"]
        assert hear(page, server, 6, event=True)[2:] == ["Epoch 6"]
        assert hear(page, server, 7)[2:] == ["Epoch 6"]
        page.clock.run_for(3900)
        assert hear(page, server, 8)[2:] == ["Epoch 6"]
        page.clock.run_for(200)
        assert hear(page, server, 9)[2:] == ["Epoch 6", "Epoch 8"]


def test_what_is_spoken_can_be_chosen(browser: Browser) -> None:
    """Events only, or nothing at all: what was waiting to be spoken is not either."""
    with Server() as server:
        page = open_page(browser, server.address)
        watch(page)
        hear(page, server, 1)
        hear(page, server, 2)  # waits
        page.select_option("select", label="events only")
        page.clock.run_for(5000)
        hear(page, server, 3)
        assert hear(page, server, 4, event=True) == ["Epoch 1", "Epoch 4"]
        page.select_option("select", label="nothing")
        page.clock.run_for(5000)
        hear(page, server, 5)
        assert hear(page, server, 6, event=True) == ["Epoch 1", "Epoch 4"]
        page.clock.run_for(5000)
        page.select_option("select", label="epochs and events")
        assert hear(page, server, 7) == ["Epoch 1", "Epoch 4", "Epoch 7"]


HOSTILE = [
    "<img src=x onerror=document.title='gotcha'>",
    "</script><script>document.title='gotcha'</script>",
    "\"'&amp;]]><svg/onload=document.title='gotcha'>",
    "\x00\x07\x1b\ud800\uffff",
    "\u202eevil\u2066",
]


def test_names_are_text(browser: Browser, tmp_path: Path) -> None:
    """Whatever metrics are called, a page shows it as text and its curves beside."""
    script = sonify(
        f"""
        sonifier = Sonifier({HOSTILE!r}, None, player="browser")
        for epoch in range(2):
            sonifier.epoch(epoch, dict.fromkeys({HOSTILE!r}, 1.0 + epoch))
        input()
        """
    )

    with Program(script, tmp_path, page_env()) as program:
        page = open_page(browser, address_of(program))
        until(lambda: epochs_shown(page) == 2)
        shown = page.evaluate("document.querySelector('.ks-lists').textContent")
        curves = page.evaluate("document.querySelector('svg').textContent")
        planted = page.evaluate(
            "document.querySelectorAll('.ks-board :is(img, script, svg svg)').length"
        )

    for name in HOSTILE[:3]:
        assert name in shown
        assert name[:20] in curves  # there is no room for all of it
    assert planted == 0
    assert "gotcha" not in page.title()
    assert browser.errors == []
