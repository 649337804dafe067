"""A run's page without a mouse: every control by its keys, and what is told of it."""

import math
from collections.abc import Iterator

import pytest
from browser import spoken, until
from page_run import make_page
from page_stage import (
    Stage,
    audio,
    choose,
    line_at,
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
_SHORT = "Epoch 18: validation loss 6 percent worse than best"
_MOVES = ["Space or k", "Right arrow or l", "Left arrow or j"]


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
    for _ in range(18):
        page.keyboard.press("Tab")
        found.append(
            page.evaluate(
                "(a => a.id || a.role || a.textContent.split(':')[0].slice(0, 7))"
                "(document.activeElement)"
            )
        )

    steps = ["first", "previous", "again", "next", "last", "best", "next-event"]
    events = ["Epoch 3", "Epoch 8"]
    telling = ["tell", "events ", "menuitem"]
    before = ["play", "track", "speed", "step", *steps, *telling]
    assert found[:16] == [*before, *events]
    assert found[16] == "group"  # the table: its values can be scrolled
    assert found[17] not in found[1:17]


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
    until(lambda: said(page).startswith(f"Paused. Epoch {_step(page)}: "))
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


def test_the_slider_is_told_by_its_place(page: Page) -> None:
    """Its keys walk through the epochs: it says which, the voice what is heard."""
    tab_to(page, "#step")
    page.keyboard.press("End")
    until(lambda: _step(page) == _EPOCHS)
    assert line_at(page).startswith("Epoch 20 of 20: loss 0.29, best so far; ")
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    until(lambda: line_at(page) == _LINE)
    until_said(page, _SHORT)

    assert page.evaluate("document.activeElement.ariaValueText") == "Epoch 18"
    assert spoken(page) == [_SHORT]  # and nothing of what was passed by


def test_a_step_is_told_as_was_chosen(page: Page) -> None:
    """Short, in full, only where something happened, or not at all; that is kept."""
    for label, key, told in (
        ("each epoch, in full", "next", f"Epoch 2 of {_EPOCHS}: "),
        ("nothing", "next", ""),
        ("events only", "previous", ""),
        ("events only", "next", "Epoch 3: loss is NaN"),
    ):
        choose(page, "#speech select", label)
        before = len(spoken(page))
        page.keyboard.press("Tab")  # what acts on keys is no field
        page.click(f"#{key}")
        page.click("#again")
        if told:
            until(lambda before=before: len(spoken(page)) > before)  # type: ignore[misc]
        assert said(page).startswith(told) or len(spoken(page)) == before
        assert (len(spoken(page)) > before) == bool(told)
    page.reload()
    assert page.evaluate("document.querySelector('#speech select').value") == "events"
    page.select_option("#speech select", value="short")


def test_keys_do_what_buttons_do(page: Page) -> None:
    """All that the list names, where no field has the focus and no key is held."""
    page.keyboard.press("?")
    listed = page.locator("dialog dt").all_text_contents()
    page.keyboard.press("l")  # the list is open: nothing is done behind it
    page.keyboard.press("Escape")
    until(lambda: not page.locator("dialog").is_visible())
    assert listed == ["t", *_MOVES, "b", "e", "h", "?"]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("l")
    page.keyboard.press("j")
    assert _step(page) == 2
    page.keyboard.press("Control+l")
    page.focus("#track")
    page.keyboard.press("l")
    page.focus(".scroll")
    page.keyboard.press("ArrowRight")
    assert _step(page) == 2
    page.focus("[role=menuitem]")
    page.keyboard.press("ArrowLeft")
    assert _step(page) == 1
    page.keyboard.press("b")
    assert _step(page) == 11  # of the least validation loss
    assert page.text_content("[aria-current] th") == "11 best"
    page.keyboard.press("e")
    until_said(page, "No later event.")
    page.keyboard.press("t")
    until(lambda: said(page).startswith("Training finished after epoch 20; "))
    page.keyboard.press("k")
    until(lambda: page.text_content("#play") == "Pause")
    page.keyboard.press(" ")
    until(lambda: page.text_content("#play") == "Play")


def test_keys_can_be_switched_off(page: Page) -> None:
    """Whoever speaks to the computer does not press them by chance; that is kept."""
    page.keyboard.press("?")
    page.uncheck("dialog input")
    page.keyboard.press("Escape")
    until(lambda: not page.locator("dialog").is_visible())
    page.reload()
    page.keyboard.press("l")
    assert _step(page) == 1
    page.keyboard.press("?")
    page.check("dialog input")
    page.click("dialog button")
    page.keyboard.press("l")
    assert _step(page) == 2


def test_what_is_spoken_comes_after_the_tones(page: Page) -> None:
    """Not before they are over; twice the same is spoken twice."""
    _go_to(page, 17)
    told = []
    for name in ("next", "again"):
        before = len(spoken(page))
        page.click(f"#{name}")
        begun = page.evaluate("performance.now()")
        until(lambda before=before: len(spoken(page)) > before)  # type: ignore[misc]
        assert page.evaluate("performance.now()") - begun > 500  # 0.67 s of tones
        told.append(said(page))

    assert told == [_SHORT, f"{_SHORT}\u00a0"]
    assert line_at(page) == _LINE
    for name, last in (("next", "Last"), ("previous", "First")):
        page.click(f"#{last.lower()}")
        page.click(f"#{name}")
        until(lambda last=last: said(page).startswith(f"{last} epoch. Epoch "))  # type: ignore[misc]
    assert said(page) == "First epoch. Epoch 1: validation loss 1"


def test_events_are_buttons(page: Page) -> None:
    """Each leads to its epoch, whose line then tells what happened there."""
    tab_to(page, "#happened button")
    page.keyboard.press("Enter")
    until_said(page, "Epoch 3: loss is NaN")
    assert _step(page) == 3
    assert line_at(page) == "Epoch 3 of 20: loss is NaN; val_loss 0.9, best so far"

    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    until_said(page, "Epoch 8: learning rate lowered from 0.1 to 0.01")
    assert _step(page) == 8
    assert line_at(page).startswith("Epoch 8 of 20: loss 0.9566, best so far; ")
    assert line_at(page).endswith(". learning rate lowered from 0.1 to 0.01")


def test_values_can_be_scrolled(page: Page) -> None:
    """The table has the focus in its turn, and the arrow keys move it."""
    tab_to(page, ".scroll")
    for _ in range(5):
        page.keyboard.press("ArrowDown")

    until(lambda: page.evaluate("document.querySelector('.scroll').scrollTop") > 0)
    current = "document.querySelector('tr.current th').textContent"
    assert page.evaluate(current) == "1"
