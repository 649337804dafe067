"""Epoch after epoch: a step in a run's page sounds that epoch, as it did live."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from browser import until
from ear import listen
from live_page_seen import check_notes
from page_run import METRICS, make_run, overfitting
from page_stage import (
    Stage,
    audio,
    choose,
    go_to,
    hear,
    line_at,
    play,
    said,
    sounding_stage,
)
from patience import with_patience
from playwright.sync_api import Page
from table import Row, read_table
from virtual_card import SAMPLE_RATE

_EPOCHS = 20
_X = "document.querySelector('.playhead').x1.baseVal.value"


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a run that overfits, and is told so in its last epochs."""
    folder = tmp_path_factory.mktemp("run")
    make_run(folder, overfitting(_EPOCHS))
    return folder


@pytest.fixture(scope="module")
def stage(card_parts: None) -> Iterator[Stage]:  # noqa: ARG001 - must come first
    """The browser and the sound card of all tests below."""
    with sounding_stage() as opened:
        yield opened


@pytest.fixture(scope="module")
def opened(stage: Stage) -> Page:
    """The window of all tests below."""
    return stage.open("about:blank")


@pytest.fixture
def page(stage: Stage, opened: Page, directory: Path) -> Iterator[Page]:
    """The run's page, just opened."""
    stage.turn(opened, (directory / "index.html").as_uri())
    yield opened
    assert stage.complaints == []


def _step(page: Page) -> int:
    """Return which epoch the slider is at, from 1."""
    return int(page.evaluate("Number(document.getElementById('step').value)")) + 1


def _draw(page: Page, frames: int) -> None:
    """Let so many frames of the picture go by, in each of which the line may move."""
    page.evaluate(
        """async frames => {
            for (let k = 0; k < frames; k++) await new Promise(requestAnimationFrame);
        }""",
        frames,
    )


@pytest.mark.parametrize(
    ("label", "metrics"),
    [
        ("Whole run", (*METRICS, "")),
        ("Training only", ("loss", "accuracy")),
        ("Validation only", ("val_loss", "val_accuracy")),
        ("val_accuracy", ("val_accuracy",)),
    ],
)
def test_a_step_sounds_its_epoch(
    stage: Stage, page: Page, directory: Path, label: str, metrics: Sequence[str]
) -> None:
    """It plays what was heard live, or what of it was chosen, and no more."""
    live = read_table(directory, "live")
    (event,) = {row.epoch for row in live if row.kind == "overfitting"}
    choose(page, "#track", label)

    for epoch in (0, event) if label == "Whole run" else (event,):
        rows = [row for row in live if row.epoch == epoch and row.metric in metrics]
        with_patience(stage.ear, partial(_check_step, stage, page, epoch, rows))
        assert {row.metric for row in rows} | {""} == {*metrics, ""}


def _check_step(stage: Stage, page: Page, epoch: int, rows: Sequence[Row]) -> None:
    sound = hear(stage, partial(go_to, page, epoch))
    check_notes(listen(sound, SAMPLE_RATE), rows)


def test_a_newer_step_ends_the_one_before(
    stage: Stage, page: Page, directory: Path
) -> None:
    """Of steps in quick succession the last one sounds whole, the others give way."""
    rows = [row for row in read_table(directory, "live") if row.epoch == 9]

    def hurry() -> None:
        go_to(page, 7)
        stage.ear.wait_sound()
        go_to(page, 8)
        go_to(page, 9)

    def check() -> None:
        heard = listen(hear(stage, hurry), SAMPLE_RATE)
        check_notes(heard[-len(rows) :], rows)
        assert len(heard) < len(rows) + 3

    with_patience(stage.ear, check)


@pytest.mark.parametrize(
    ("selector", "key", "epoch"),
    [
        ("#first", "Enter", 1),
        ("#happened button", "Space", 14),  # where it is told to overfit
        ("#step", "End", 20),
    ],
)
def test_a_step_ends_what_plays(
    page: Page, selector: str, key: str, epoch: int
) -> None:
    """While the run plays, a step stops it and stays where it was asked to go."""
    play(page)
    until(lambda: audio(page, "currentTime") > 0.3)

    page.focus(selector)
    page.keyboard.press(key)
    _draw(page, 20)

    assert audio(page, "paused")
    assert page.text_content("#play") == "Play"
    assert _step(page) == epoch
    assert line_at(page).startswith(f"Epoch {epoch} of 20: ")


def test_a_hurried_player_is_no_trouble(page: Page) -> None:
    """Play, other sounds and steps in quick succession: the last one counts."""
    page.focus("#play")
    for _ in range(3):
        page.keyboard.press("Enter")
        page.evaluate(
            """() => {
                const track = document.getElementById("track");
                track.selectedIndex = 3;
                track.dispatchEvent(new Event("change"));
                for (const name of ["play", "last", "previous"]) {
                    document.getElementById(name).click();
                }
            }"""
        )
    until(lambda: _step(page) == _EPOCHS - 1)
    _draw(page, 20)

    assert audio(page, "paused")
    until(lambda: said(page).startswith("Epoch 19: "))
    assert _step(page) == _EPOCHS - 1


def test_the_line_stands_in_the_middle_of_the_epoch(page: Page) -> None:
    """There it stays, also when another sound is chosen."""
    go_to(page, 3)
    until(lambda: page.evaluate(_X) > 0)
    choose(page, "#track", "val_loss")

    left, width = page.evaluate(
        "(box => [box.x.baseVal.value, box.width.baseVal.value])"
        "(document.querySelector('.panel'))"
    )
    assert (page.evaluate(_X) - left) / width * _EPOCHS == pytest.approx(3.5)
