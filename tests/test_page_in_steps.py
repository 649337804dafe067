"""The page of a run in steps in Chromium: open to everybody, and by its events."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import spoken, until, violations
from live_page import Server
from live_page_seen import open_page, text_of
from page_run import page_of
from page_stage import Stage, audio, line_at, said, silent_stage
from playwright.sync_api import Page
from step_run import in_steps, snapshot_in_steps

_LATEST = ".ks-lists h2"
_RUN = "JSON.parse(document.getElementById('run').textContent)"
_END = f"{_RUN}.tracks[0].parts.at(-1)[1]"  # seconds
_X = "document.querySelector('.playhead').x1.baseVal.value"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """The browser of all tests below."""
    with silent_stage() as opened:
        yield opened


@pytest.fixture
def page(stage: Stage, tmp_path: Path) -> Iterator[Page]:
    """The page of 3000 steps with two spikes, which are told."""
    spikes = {1234: 7.3, 2200: 5.1}
    validation = {500 * k: 1.9 + 0.8 / k for k in range(1, 7)}
    history = in_steps(3000, spikes=spikes, validation=validation)
    told = {step - 1: f"loss {value} stands far out" for step, value in spikes.items()}
    path = tmp_path / "index.html"
    path.write_text(page_of(snapshot_in_steps(history, told)))
    opened = stage.open(path.as_uri())
    until(lambda: audio(opened, "readyState") == 4)
    yield opened
    assert stage.complaints == []
    opened.context.close()


def test_nothing_is_in_the_way(page: Page) -> None:
    """By day and night there is no known barrier; nothing is wider than a phone."""
    found = [violations(page)]
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 320, "height": 800})
    found.append(violations(page))

    assert found == [[], []]
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_it_goes_from_event_to_event(page: Page) -> None:
    """Each is said with its step; after the last one, that there is no more."""
    lines: list[str] = []
    places = []
    for _ in range(2):
        page.click("#next-event")
        until(lambda: len(spoken(page)) > len(lines))
        lines.append(said(page))
        places.append(float(page.evaluate(_X)))
    page.click("#next-event")

    assert said(page) == "No later event."
    assert lines == [
        "Step 1245: loss 7.3 stands far out",
        "Step 2205: loss 5.1 stands far out",
    ]
    assert line_at(page).endswith(", spike 5.1. loss 5.1 stands far out")
    diamonds = page.locator(".spike").evaluate_all(
        """all => all.map((each) => {
            const { left, width } = each.getBoundingClientRect();
            const { left: first } = each.closest(".ks-curves").getBoundingClientRect();
            return left + width / 2 - first;
        })"""
    )
    # The playhead is in the middle of a window of 15 steps, 4 pixels wide.
    assert places == pytest.approx(sorted(diamonds), abs=3.0)


def test_the_playhead_is_where_the_sound_is(page: Page) -> None:
    """Windows sound equally long, and end where they end along the steps.

    After the last one a word may be said.
    """
    shares = []
    for step in ("#first", "#last"):
        page.click(step)
        shares.append(audio(page, "currentTime") / float(page.evaluate(_END)))

    assert shares[0] < 0.01
    assert 0.9 < shares[1] < 1.0


def test_a_live_page_speaks_of_what_is_counted(stage: Stage) -> None:
    """Epochs until something is known, then whatever the run counts."""
    with Server() as server:
        page = open_page(stage.browser, server.address)
        option = "document.querySelector('select option[value=short]').textContent"
        before = [page.evaluate(option), text_of(page, _LATEST)]
        server.show(3000, unit="step")
        until(lambda: page.evaluate(option) == "each step, short")
        after = text_of(page, _LATEST)
        page.context.close()

    assert before == ["each epoch, short", "Latest epochs"]
    assert after == "Latest steps"
