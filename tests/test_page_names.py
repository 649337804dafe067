"""Metrics of any name in a run's page: nothing but text, wherever they appear."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import until
from page_run import HOSTILE, make_page
from page_stage import Stage, line_at, said, silent_stage, until_said
from playwright.sync_api import Page

from keras_sonify.training.foreign import shown

_PROPERTIES = ("__proto__", "constructor", "toString")  # of every JavaScript object
_NAMES = [shown(name) for name in HOSTILE]


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """The browser of all tests below."""
    with silent_stage() as opened:
        yield opened


@pytest.fixture
def page(stage: Stage, tmp_path: Path) -> Iterator[Page]:
    """The page of a run whose metrics have such names; the first one went wrong."""
    run = {name: [3.0, 2.0, 1.5, 1.0] for name in HOSTILE}
    run[HOSTILE[0]] = [3.0, 2.0, math.nan, 1.0]
    opened = stage.open(
        make_page(tmp_path / "page.html", run, metrics=list(HOSTILE)),
    )
    yield opened
    assert opened.title() == "Training finished after epoch 4"
    assert opened.locator("img, b, [onerror]").count() == 0
    assert opened.locator("script:not([type*='/'])").count() == 1
    assert stage.complaints == []
    opened.context.close()


def test_names_are_text(page: Page) -> None:
    """In sentences, choices, curves, the table and events they are what they are."""

    def texts(selector: str) -> list[str]:
        return list(page.locator(selector).all_text_contents())

    for name in _NAMES:
        brief = name if len(name) <= 25 else f"{name[:24]}…"
        assert f"{name} began at 3 and ended at 1." in texts(".told p")
        assert f"{brief} (solid)" in texts("svg .name")
        assert name in texts("#track option")
        assert name in texts("thead th")
    assert texts("h1") == ["Training finished after epoch 4"]  # none to judge it by
    assert texts("#happened li") == [f"Epoch 3: {_NAMES[0]} is NaN"]


def test_names_are_spoken(page: Page) -> None:
    """Each can be chosen, is told, and its curve alone stays in front."""
    options = page.locator("#track option").all_text_contents()
    page.focus("#track")
    for _ in options[1:]:
        page.keyboard.press("ArrowDown")
        name = page.evaluate("document.querySelector('#track :checked').textContent")
        until_said(page, f"Now hearing: {name}.")
        in_front = "[data-metric]:not(.other)"
        curves = page.locator(in_front).evaluate_all("all => all.map(c => c.dataset)")
        assert {curve["metric"] for curve in curves} == {name}

    page.focus("#next")
    page.keyboard.press("Enter")
    until(lambda: said(page).startswith("Epoch 2: "))
    assert said(page).endswith(" 2")
    assert line_at(page) == "Epoch 2 of 4: " + "; ".join(f"{n} 2" for n in _NAMES)


def test_names_of_properties_are_metrics(stage: Stage, tmp_path: Path) -> None:
    """What every object has is no metric of an epoch in which it was not measured."""
    run = {name: [None, 2.0, None, 1.0] for name in _PROPERTIES}
    page = stage.open(
        make_page(
            tmp_path / "page.html",
            {"loss": [2.0, 1.5, 1.2, 1.0], **run},
            metrics=["loss", *_PROPERTIES],
        ),
    )
    for name in _PROPERTIES:
        page.select_option("#track", label=name)
        for _ in range(3):
            page.click("#next")
        until(lambda: said(page).startswith("Epoch 4: "))
        page.click("#first")
        until(lambda: said(page) == "Epoch 1: training loss 2")

    assert stage.complaints == []
    page.context.close()
