"""Pages of runs in a browser: shown, driven by keys, and heard."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from browser import Browser, chromium_path, until
from ear import Sound
from patience import holes
from playwright.sync_api import Page
from virtual_card import VirtualCard

_FAINTEST = 0.002  # re full scale: what is heard is louder, a lead-in is not


@dataclass
class Stage:
    """A browser, for all tests of a file, and what went wrong in it.

    Attributes:
        browser: Chromium.
        card: The sound card on which it is heard; `None` if nobody listens.
        requests: What the page that was turned to last has asked for.
        complaints: What its console says.
    """

    browser: Browser
    card: VirtualCard | None
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str, **options: Any) -> Page:  # noqa: ANN401
        """Open a page and watch it from its first byte on."""
        page = self.browser.open("about:blank", **options)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.turn(page, address)
        return page

    def turn(self, page: Page, address: str) -> None:
        """Turn to another page, or to the same anew."""
        page.goto("about:blank")
        self.requests.clear()
        self.complaints.clear()
        page.goto(address)

    @property
    def ear(self) -> VirtualCard:
        """The sound card."""
        assert self.card is not None
        return self.card


@contextmanager
def silent_stage() -> Iterator[Stage]:
    """Start Chromium, for all tests of a file; nobody listens."""
    if chromium_path() is None:
        pytest.skip("The pages are opened in a browser: apt-get install chromium")
    with Browser() as browser:
        yield Stage(browser, None)


@contextmanager
def sounding_stage() -> Iterator[Stage]:
    """Start Chromium on a virtual sound card, for all tests of a file."""
    if chromium_path() is None:
        pytest.skip("The pages are opened in a browser: apt-get install chromium")
    with VirtualCard() as card, Browser(card.env) as browser:
        yield Stage(browser, card)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until a part of the page has the focus, as somebody without a mouse."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("what => document.activeElement.matches(what)", selector):
            return
    pytest.fail(f"the keyboard does not lead to {selector}")


def choose(page: Page, selector: str, label: str) -> None:
    """Choose an option by arrow keys."""
    tab_to(page, selector)
    page.keyboard.press("Home")
    for _ in range(40):
        if (
            page.evaluate(f"document.querySelector('{selector} :checked').text")
            == label
        ):
            return
        page.keyboard.press("ArrowDown")
    pytest.fail(f"the arrow keys do not lead to {label}")


def said(page: Page) -> str:
    """Return what a screen reader was given to speak last."""
    return str(page.evaluate("spoken.at(-1) ?? ''"))


def until_said(page: Page, text: str) -> None:
    """Wait until a screen reader is given this to speak."""
    until(lambda: said(page) == text)


def line_at(page: Page) -> str:
    """Return what the page shows of the epoch that it is at."""
    return str(page.text_content("#now"))


def audio(page: Page, attribute: str) -> Any:  # noqa: ANN401
    """Return the state of what plays the whole run."""
    return page.evaluate(f"document.getElementById('audio').{attribute}")


def page_clock(page: Page) -> float:
    """Return when the page's clock was at zero, by `time.monotonic`."""
    trips = []
    for _ in range(20):
        begun = time.monotonic()
        now = float(page.evaluate("performance.now()")) / 1000
        ended = time.monotonic()
        trips.append((ended - begun, (begun + ended) / 2 - now))
    return min(trips)[1]


def go_to(page: Page, place: int) -> None:
    """Let the slider jump to an epoch, from 0, which sounds."""
    page.evaluate(
        """place => {
            const slider = document.getElementById("step");
            slider.value = place;
            slider.dispatchEvent(new Event("input"));
        }""",
        place,
    )


def play(page: Page) -> None:
    """Press the button that plays."""
    page.focus("#play")
    page.keyboard.press("Enter")


def hear(stage: Stage, act: Callable[[], object]) -> Sound:
    """Return what is heard after something was done, from its first tone on."""
    return record(stage.ear, act)


def record(card: VirtualCard, act: Callable[[], object]) -> Sound:
    """Return what is heard on a card after something was done; see `hear`."""
    begun = card.frames
    act()
    card.wait_sound()
    card.wait_quiet(0.25)
    heard = without_holes(card.samples(begun).astype(np.float64))
    onset = np.flatnonzero(np.abs(heard).max(axis=1) > _FAINTEST)[0]
    # Digital silence has no spectrum; this one has, far below everything.
    noise = np.random.default_rng(0).normal(scale=1e-7, size=heard.shape)
    audible: Sound = (heard + noise)[onset:]
    return audible


def without_holes(heard: Sound) -> Sound:
    """Return what was heard without the holes that a browser short of time leaves."""
    kept = np.ones(len(heard), dtype=bool)
    for start, end in holes(heard):
        kept[start:end] = False
    whole: Sound = heard[kept]
    return whole
