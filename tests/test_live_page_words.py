"""What the live page tells those who do not look at it, and by keyboard alone."""

from pathlib import Path

from browser import Browser, spoken, until, violations
from live_page import Server, Training, address_of, page_env
from live_page_seen import connection, epochs_shown, open_page, text_of, wait_epochs
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
    """Tab leads to sound, which keeps the focus, volume, what tells, keys, then out."""
    with Server() as server:
        page = open_page(browser, server.address)
        server.show(3)
        until(lambda: text_of(page, ".ks-now") == "Training so far: epoch 3")
        page.keyboard.press("Tab")
        labels = []
        for key in ("Space", "Enter", "Space"):
            labels.append(focus(page))
            page.keyboard.press(key)
            until(lambda label=labels[-1]: focus(page) != label)  # type: ignore[misc]
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowLeft")
        volume = page.evaluate("document.activeElement.ariaValueText")
        asks = []
        for _ in range(2):
            page.keyboard.press("Tab")
            asks.append(focus(page))
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("End")
        chosen = page.evaluate("document.activeElement.value")
        page.keyboard.press("Tab")
        in_keys = page.evaluate("document.activeElement.role")
        page.keyboard.press("t")
        told = spoken(page)
        page.keyboard.press("Tab")
        left = page.evaluate("document.activeElement === document.body")

    assert labels == ["Enable sound", "Mute", "Unmute"]
    assert volume == "95 percent"
    assert asks == ["Hear again", "Tell me"]
    assert chosen == "none"
    assert in_keys == "menuitem"
    assert told[-2:] == ["Training so far: epoch 3.", "Training so far: epoch 3.\u00a0"]
    assert left


def test_time_is_told_calmly(browser: Browser) -> None:
    """In round words that seldom change, and that nobody is read aloud."""
    with Server() as server:
        page = browser.open("about:blank")
        page.clock.install(time=0)
        page.goto(server.address)
        until(lambda: connection(page) == "Connected.")
        server.show(9, so_far=3000.0, since=5.0, each=300.0, left=6990.0)
        until(lambda: text_of(page, ".ks-clock"))
        told = [text_of(page, ".ks-clock")]
        for _ in range(20):
            page.clock.run_for(1000)
            told.append(text_of(page, ".ks-clock"))
        is_live = page.evaluate(
            "document.querySelector('.ks-clock').closest('[aria-live], [role]')"
        )

    rest = " ago. Running for 50 minutes. 5 minutes an epoch. About 116 minutes left."
    assert told[0] == f"Latest epoch a few seconds{rest}"
    assert told[-1] in (f"Latest epoch {tens} seconds{rest}" for tens in (20, 30))
    assert len(set(told)) <= 4
    assert is_live is None
    assert browser.errors == []


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
            """document.querySelectorAll(
                ".ks-board :is(img, script, [onload], svg svg:not(.dot, [viewBox]))"
            ).length"""
        )

    for name in HOSTILE[:3]:
        assert name in shown
        assert name[:20] in curves  # there is no room for all of it
    assert planted == 0
    assert "gotcha" not in page.title()
    assert browser.errors == []
