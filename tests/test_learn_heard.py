"""`keras-sonify learn` on a loudspeaker, without one, and as a page."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from browser import until, violations
from command import keras_sonify
from earcon_ear import name_figures
from page_stage import Stage, silent_stage
from playwright.sync_api import Page
from virtual_card import SAMPLE_RATE, VirtualCard

from keras_sonify.learn.quiz import quiz


def test_it_plays_what_it_tells(card: VirtualCard, tmp_path: Path) -> None:
    """The first example is heard to its end before the next one is told."""
    done = subprocess.run(
        [sys.executable, "-m", "keras_sonify", "learn"],
        cwd=tmp_path,
        env={**os.environ, **card.env},
        input="\nq\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert "\nExample 2 of " in done.stdout
    assert name_figures(card.samples(), SAMPLE_RATE) == ["alarm"]


def test_without_a_loudspeaker_it_names_the_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In words, with status 1: the sounds can be written, and played elsewhere."""
    monkeypatch.setenv("KERAS_SONIFY_DEVICE", "there is no such device")

    done = keras_sonify("learn", directory=tmp_path, given="\n")

    assert done.status == 1
    assert "`keras-sonify learn --directory sounds` writes all sounds" in done.err
    assert "Traceback" not in done.err


_PHONE = {"width": 320, "height": 700}  # CSS pixels


def _begins_with(page: Page, words: str) -> bool:
    return page.inner_text("#told").startswith(words)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """A browser that need not be heard."""
    with silent_stage() as opened:
        yield opened


def test_the_page_teaches_and_asks(stage: Stage, tmp_path: Path) -> None:
    """By keyboard alone, without a network, open to everybody; its answers are kept."""
    path = tmp_path / "learn.html"
    told = keras_sonify("learn", "--page", path, "--seed", "3", directory=tmp_path)
    page = stage.open(path.as_uri(), color_scheme="light", viewport=_PHONE)

    assert told.status == 0
    assert violations(page) == []
    page.get_by_role("button", name="Hear example 2", exact=True).press("Enter")
    page.get_by_role("button", name="Answer").press("Enter")
    until(lambda: page.inner_text("#told") == "Hear it first.")
    questions = quiz(3)
    for number, question in enumerate(questions, start=1):
        assert f"Question {number} of {len(questions)}: " in page.inner_text("#asked")
        page.keyboard.press("Enter") if number > 1 else page.press("#hear", "Enter")
        choice = question.choices[question.right - (number == 1)]  # the first is wrong
        page.get_by_label(choice, exact=True).press("Space")
        page.keyboard.press("Enter")
        right = f"No: {question.answer}." if number == 1 else "Right."
        until(partial(_begins_with, page, right))
    assert "11 of 12 right. By guessing it would be about 3." in page.inner_text(
        "#told"
    )
    assert violations(page) == []
    with page.expect_download() as download:
        page.keyboard.press("Enter")  # the link has the focus
    result = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert (result["score"], result["answered"], result["seed"]) == (11, 12, 3)
    assert re.fullmatch(r"\d+\.\d+.*", result["keras_sonify"])
    assert not page.evaluate("document.body.scrollWidth > window.innerWidth")
    asked = [url for url in stage.requests if not url.startswith(("data:", "blob:"))]
    assert asked == [path.as_uri()]
    assert stage.complaints == []
