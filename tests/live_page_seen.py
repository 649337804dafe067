"""What a live page shows in a browser, and what is heard of it."""

import json
import math
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

from browser import Browser, evaluate_quietly, spoken, until
from ear import Heard, cents, listen
from playwright.sync_api import Page
from table import Row
from virtual_card import SAMPLE_RATE, VirtualCard

# Seconds; see `check_notes`.
_LEAST, _LEAST_IN_ALL = 0.6, 0.93  # of a note, and of all; fades hide 0.03 of them
_TOO_MUCH = 0.004  # that the edges of pieces may add to a note
_SHORTEST = 0.04  # of a piece that has a pitch


def heard_notes(card: VirtualCard, start: int = 0) -> list[Heard]:
    """Return what was played on a card from a frame on; see `check_notes`."""
    return listen(card.samples(start), SAMPLE_RATE)


def check_notes(heard: Sequence[Heard], rows: Sequence[Row]) -> None:
    """Assert that exactly these notes were heard, in this order and place.

    A browser that is short of time on a busy machine leaves holes of some
    milliseconds in what it plays, and may swallow as much. The pieces of a note count
    as one note.
    """
    pieces = deque(heard)
    for row in rows:
        seconds = 0.0
        while pieces and _is_part(pieces[0], row, seconds):
            seconds += pieces.popleft().duration
        assert seconds > _LEAST * row.duration, f"not {row}, but {list(pieces)[:2]}"
    assert not pieces, f"more was heard than that: {pieces}"
    total = sum(row.duration for row in rows)
    assert sum(piece.duration for piece in heard) > _LEAST_IN_ALL * total


def _is_part(piece: Heard, row: Row, before: float) -> bool:
    """Whether a piece can be of a note of which so many seconds have been heard."""
    if before + piece.duration > row.duration + _TOO_MUCH:
        return False
    if piece.duration < _SHORTEST:
        return True
    is_there = abs(piece.pan - row.pan) < 0.05
    if math.isnan(row.frequency_hz):  # a word
        return is_there
    return is_there and abs(cents(piece.pitch_hz, row.frequency_hz)) < 5.0


def wait_over(card: VirtualCard) -> None:
    """Wait until all has been heard, also what a page was sent but just now."""
    card.wait_quiet(0.8)


def card_clock(card: VirtualCard) -> float:
    """Return when a card's first frame was played, by `time.monotonic`."""
    beginnings = []
    for _ in range(50):  # frames arrive in blocks: the least delayed tells
        beginnings.append(time.monotonic() - card.frames / SAMPLE_RATE)
        time.sleep(0.01)
    return min(beginnings)


def open_page(browser: Browser, address: str, **options: Any) -> Page:  # noqa: ANN401
    """Open a live page and wait until it listens; options are those of `open`."""
    page = browser.open(address, **options)
    until(lambda: connection(page) == "Connected.")
    return page


def connection(page: Page) -> str:
    """Return what a page says of its connection, without a user's gesture."""
    return text_of(page, ".ks-connection")


def text_of(page: Page, selector: str) -> str:
    """Return the text of a part of a page, without a user's gesture."""
    place = f"document.querySelector({json.dumps(selector)})"
    return str(evaluate_quietly(page, f"{place}.textContent"))


def rows_shown(page: Page) -> list[str]:
    """Return the points that a page lists, without a user's gesture."""
    rows = "[...document.querySelectorAll('.ks-latest tbody th')]"
    shown: list[str] = evaluate_quietly(page, f"{rows}.map((row) => row.textContent)")
    return shown


def epochs_shown(page: Page) -> int:
    """Return how many epochs the curves of a page hold, without a user's gesture."""
    drawn = "document.querySelector('svg')?.dataset.length"
    return int(evaluate_quietly(page, f"{drawn} ?? 0"))


def wait_epochs(page: Page, epochs: int) -> None:
    """Wait until the curves of a page hold so many epochs."""
    until(lambda: epochs_shown(page) == epochs)


def enable_sound(page: Page, card: VirtualCard) -> int:
    """Click on the button that lets a page sound; see `wait_enabled`."""
    assert text_of(page, "button") == "Enable sound"
    page.click("button")
    return wait_enabled(page, card)


def wait_enabled(page: Page, card: VirtualCard) -> int:
    """Wait until a page's greeting has been heard and told.

    Returns:
        The frame from which on there is nothing but cues.
    """
    until(lambda: text_of(page, "button") == "Mute")
    until(lambda: any(line.startswith("Sound is on.") for line in spoken(page)))
    card.wait_quiet()
    return card.frames
