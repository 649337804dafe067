"""Runs that have a page, and a hand on its controls, for tests of `index.html`."""

import itertools
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import numpy as np
import pytest
from blind_listener import Pitch, to_cents
from browser import Browser, chromium_path, until
from ear import Sound
from happenings import Column
from patience import holes
from playwright.sync_api import Page
from table import Row
from virtual_card import VirtualCard

from keras_sonify import Sonifier
from keras_sonify.page.curves import curves
from keras_sonify.page.report import RunPage
from keras_sonify.score.heard import replay
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.style import CLEAR, Style
from keras_sonify.training.events import Event
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.record import Snapshot

Columns = Mapping[str, Column]

_FAINTEST = 0.002  # re full scale: what is heard is louder, a lead-in is not

METRICS = ("loss", "val_loss", "accuracy", "val_accuracy")
HOSTILE = (
    "<img src=x onerror=\"document.title='pwned'\">",
    "</script><script>document.title='pwned'</script>",
    '"><b>bold',
    "x" * 300,
    "quotes ' \" and a back\\slash",
    "ünï⅝ 名前 😀",
    "new\nline",
    "turned \u202e round",
    "{title} &amp; __proto__",
)
"""What a metric may be called by somebody who means no good."""


def overfitting(epochs: int) -> dict[str, list[float]]:
    """Return a run that overfits: no two epochs of a metric sound the same."""
    shares = [k / max(epochs - 1, 1) for k in range(epochs)]
    return {
        "loss": [2.0 * 0.05**share for share in shares],
        "val_loss": [0.5 + 6.0 * (share - 0.51) ** 2 for share in shares],
        "accuracy": [0.2 + 0.79 * share for share in shares],
        "val_accuracy": [0.15 + 0.7 * math.sqrt(share) for share in shares],
    }


def rows_of(columns: Columns) -> Iterator[dict[str, float]]:
    """Yield what Keras would hand to a callback, epoch by epoch."""
    for values in zip(*columns.values(), strict=True):
        pairs = zip(columns, values, strict=True)
        yield {name: value for name, value in pairs if value is not None}


def snapshot_of(columns: Columns, happened: Sequence[tuple[int, str]] = ()) -> Snapshot:
    """Return a run that has finished.

    Args:
        columns: Its metrics.
        happened: Places of epochs, each with what happened there. Defaults to `()`.
    """
    history = History()
    for epoch, values in enumerate(rows_of(columns)):
        history.append(epoch, values)
    events = tuple(
        (place, Event(kind="plateau", epoch=place, text=text))
        for place, text in happened
    )
    metrics = tuple(Metric.named(name) for name in columns)
    return Snapshot(history, len(history), metrics, events, events, "finished")


def until_epoch(snapshot: Snapshot, count: int) -> Snapshot:
    """Return what was known of a run when it had so many epochs."""
    events = tuple(pair for pair in snapshot.sounded if pair[0] < count)
    return Snapshot(snapshot.history, count, snapshot.metrics, events, events)


def page_of(
    snapshot: Snapshot, page: RunPage | None = None, style: Style = CLEAR
) -> str:
    """Return the page of a run: anew, or by one that has made it before."""
    hearing = Hearing(style=style)
    return (page or RunPage(hearing)).html(replay(snapshot, hearing))


def drawn(snapshot: Snapshot, style: Style = CLEAR) -> Element:
    """Return the picture of a run, which must be well-formed XML."""
    heard = replay(snapshot, Hearing(style=style))
    return fromstring(curves(heard))  # noqa: S314 - our own picture


def classed(picture: Element, name: str) -> list[Element]:
    """Return the parts of a picture that are of a class."""
    return [part for part in picture.iter() if name in part.get("class", "").split()]


def make_run(directory: Path, columns: Columns, **settings: Any) -> str:  # noqa: ANN401
    """Write the files of a run, and return the address of its page."""
    sonifier = Sonifier(directory=directory, player=None, **settings)
    for epoch, values in enumerate(rows_of(columns)):
        sonifier.epoch(epoch, values)
    sonifier.end()
    assert sonifier.file_trouble is None
    return (directory / "index.html").as_uri()


def make_page(path: Path, columns: Columns, **settings: Any) -> str:  # noqa: ANN401
    """Write the page of a run without its WAV files, and return its address."""
    sonifier = Sonifier(directory=None, player=None, **settings)
    for epoch, values in enumerate(rows_of(columns)):
        sonifier.epoch(epoch, values)
    sonifier.end()
    path.write_text(sonifier.page().html, encoding="utf-8")
    return path.as_uri()


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
    begun = stage.ear.frames
    act()
    stage.ear.wait_sound()
    stage.ear.wait_quiet(0.25)
    heard = without_holes(stage.ear.samples(begun).astype(np.float64))
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


def pitch_error(heard: Sequence[Pitch], rows: Sequence[Row]) -> float:
    """Return the largest error in cents; infinite if it is not these tones at all."""
    if len(heard) != len(rows):
        return math.inf
    meant = [to_cents(row.frequency_hz) for row in rows]
    return max(
        math.inf if pitch is None or math.isnan(pitch) else abs(pitch - truth)
        for pitch, truth in zip(heard, meant, strict=True)
    )


def gaps(values: Sequence[float]) -> list[float]:
    """Return how far values are apart."""
    return [after - before for before, after in itertools.pairwise(values)]
