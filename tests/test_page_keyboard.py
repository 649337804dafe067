"""A run's page without a mouse: every control by its keys, and what is told of it."""

import math
from collections.abc import Iterator

import pytest
from browser import until
from page_run import (
    Stage,
    audio,
    choose,
    line_at,
    make_page,
    said,
    silent_stage,
    tab_to,
    until_said,
)
from playwright.sync_api import Page

_EPOCHS = 20
_LINE = (
    "Epoch 18 of 20: loss 0.31, best so far; val_loss 0.44, 6 percent worse than best"
)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """The browser of all tests below."""
    with silent_stage() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a run in which two things happened."""
    loss = [2.0 * 0.9**k for k in range(16)] + [0.32, 0.31, 0.30, 0.29]
    val_loss = [1.0 - 0.05 * k for k in range(10)]
    val_loss += [0.415, 0.42, 0.425, 0.43, 0.435, 0.436, 0.437, 0.44, 0.442, 0.444]
    loss[2] = math.nan
    learning_rate = [0.1] * 7 + [0.01] * 13
    path = tmp_path_factory.mktemp("page") / "page.html"
    run = {"loss": loss, "val_loss": val_loss, "learning_rate": learning_rate}
    return make_page(path, run)


@pytest.fixture(scope="module")
def opened(stage: Stage) -> Page:
    """The window of all tests below."""
    return stage.open("about:blank", viewport={"width": 900, "height": 700})


@pytest.fixture
def page(stage: Stage, opened: Page, address: str) -> Iterator[Page]:
    """The page, just opened."""
    stage.turn(opened, address)
    yield opened
    assert stage.complaints == []


def _step(page: Page) -> int:
    """Return which epoch the slider is at, from 1."""
    return int(page.evaluate("Number(document.getElementById('step').value)")) + 1


def _go_to(page: Page, epoch: int) -> None:
    """Walk to an epoch by the slider's keys."""
    tab_to(page, "#step")
    page.keyboard.press("Home")
    for _ in range(epoch - 1):
        page.keyboard.press("ArrowRight")
    until(lambda: _step(page) == epoch)


def test_tab_leads_through_all_controls(page: Page) -> None:
    """In the order in which they are read, each once, and to the values at the end."""
    found = []
    for _ in range(13):
        page.keyboard.press("Tab")
        found.append(
            page.evaluate(
                "(a => a.id || a.textContent.split(':')[0].slice(0, 7))"
                "(document.activeElement)"
            )
        )

    steps = ["first", "previous", "again", "next", "last"]
    events = ["Epoch 3", "Epoch 8"]
    assert found[:11] == ["play", "track", "speed", "step", *steps, *events]
    assert found[11] == "epochlo"  # the table: its values can be scrolled
    assert found[12] not in found[1:12]


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_play_and_pause(page: Page, key: str) -> None:
    """One button does both: it says what it will do next, and where it paused."""
    tab_to(page, "#play")
    assert page.text_content("#play") == "Play"

    page.keyboard.press(key)
    until(lambda: audio(page, "currentTime") > 0.5)
    assert page.text_content("#play") == "Pause"
    page.keyboard.press(key)

    until(lambda: page.text_content("#play") == "Play")
    assert audio(page, "paused")
    assert said(page) == f"Paused. {line_at(page)}"
    assert _step(page) > 1


def test_the_end_is_told(page: Page) -> None:
    """What was played to its end says so, and Play begins anew."""
    tab_to(page, "#speed")
    page.keyboard.press("End")
    page.focus("#play")
    page.keyboard.press("Enter")

    until(lambda: said(page) == "Played to the end.")
    assert page.text_content("#play") == "Play"
    assert _step(page) == _EPOCHS
    page.keyboard.press("Enter")
    until(lambda: 0 < audio(page, "currentTime") < 1.0)


def test_what_to_hear(page: Page) -> None:
    """Arrow keys choose the run, a side or a metric; each choice is told."""
    labels = page.locator("#track option").all_text_contents()
    tab_to(page, "#track")
    told = []
    for label in labels[1:]:
        page.keyboard.press("ArrowDown")
        until_said(page, f"Now hearing: {label}.")
        told.append(page.evaluate("document.querySelectorAll('.other').length"))

    assert labels == [
        "Whole run",
        "Training only",
        "Validation only",
        "loss",
        "val_loss",
    ]
    assert all(count > 0 for count in told)  # what is not heard steps back
    page.keyboard.press("Home")
    until(lambda: said(page) == "Now hearing: Whole run.")
    assert page.evaluate("document.querySelectorAll('.other').length") == 0


def test_speed(page: Page) -> None:
    """From half to double, also for the next sound, and never at another pitch."""
    rates = []
    for label in ("Half", "Three quarters", "Normal", "One and a half", "Double"):
        choose(page, "#speed", label)
        rates.append(audio(page, "playbackRate"))
    assert rates == [0.5, 0.75, 1.0, 1.5, 2.0]

    choose(page, "#track", "loss")
    until(lambda: audio(page, "readyState") == 4)
    assert audio(page, "playbackRate") == 2.0
    assert audio(page, "preservesPitch")


def test_the_slider_speaks_for_itself(page: Page) -> None:
    """Its keys walk through the epochs; it holds the words, and nothing else speaks."""
    tab_to(page, "#step")
    page.keyboard.press("End")
    until(lambda: _step(page) == _EPOCHS)
    assert line_at(page).startswith("Epoch 20 of 20: loss 0.29, best so far; ")
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    until(lambda: line_at(page) == _LINE)
    page.keyboard.press("Home")
    until(lambda: line_at(page) == "Epoch 1 of 20: loss 2; val_loss 1")

    assert page.text_content("#now") == line_at(page)
    assert said(page) == ""


def test_buttons_are_answered(page: Page) -> None:
    """Each says the line of its epoch, also where it leads no further."""
    _go_to(page, 17)
    told = {}
    for name in ("next", "again", "last", "previous", "first"):
        tab_to(page, f"#{name}")
        page.keyboard.press("Enter")
        until(lambda: said(page).strip("\u00a0") == line_at(page))
        told[name] = (_step(page), said(page))

    assert told["next"] == (18, _LINE)
    assert told["again"] == (18, f"{_LINE}\u00a0")  # the same would not be spoken
    assert [told[name][0] for name in ("last", "previous", "first")] == [20, 19, 1]
    for name in ("previous", "first"):
        page.focus(f"#{name}")
        page.keyboard.press("Space")
        assert said(page).startswith("Epoch 1 of 20: ")
    assert page.text_content("#now") == line_at(page)


def test_events_are_buttons(page: Page) -> None:
    """Each leads to its epoch, whose line then tells what happened there."""
    tab_to(page, "#happened button")
    page.keyboard.press("Enter")
    until(lambda: _step(page) == 3)
    assert said(page).startswith("Epoch 3 of 20: loss is NaN; val_loss 0.9")
    assert said(page).endswith(". loss is NaN")

    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    until(lambda: _step(page) == 8)
    assert said(page).startswith("Epoch 8 of 20: loss 0.9566, best so far; ")
    assert said(page).endswith(". learning rate lowered from 0.1 to 0.01")


def test_values_can_be_scrolled(page: Page) -> None:
    """The table has the focus in its turn, and the arrow keys move it."""
    tab_to(page, ".scroll")
    for _ in range(5):
        page.keyboard.press("ArrowDown")

    until(lambda: page.evaluate("document.querySelector('.scroll').scrollTop") > 0)
    current = "document.querySelector('tr.current th').textContent"
    assert page.evaluate(current) == "1"
