"""The page of several runs: one chosen by key, both told of, their gap in the table."""

from pathlib import Path

import pytest
from browser import until
from page_stage import silent_stage

from keras_sonify import Sonifier

_FIRST = [4.0, 2.0, 1.5, 1.2, 1.0]
_SECOND = [5.0, 3.0, 1.2, 0.6]
_THIRD = [9.0, 8.0, 7.0, 6.0, 5.0, 4.5]


def _html() -> str:
    runs = {"base": _FIRST, "wide": _SECOND, "poor": _THIRD}
    return Sonifier.compare(
        [{name: {"loss": values} for name, values in runs.items()}]
    ).html


def test_what_has_no_course_has_no_page() -> None:
    """It is said so, with what can be said of it."""
    with pytest.raises(ValueError, match="more than one epoch to be shown"):
        Sonifier.compare([{"loss": [1.0]}, {"loss": [2.0]}])


def test_a_notebook_shows_it_in_a_frame() -> None:
    """As it shows a run's page."""
    frame = Sonifier.compare([{"loss": _FIRST}, {"loss": _SECOND}])

    assert frame._repr_html_().startswith("<iframe srcdoc=")


def test_runs_are_chosen_by_key_and_told_place_by_place(tmp_path: Path) -> None:
    """Also by the chooser; who listens hears how far the two best are apart."""
    path = tmp_path / "page.html"
    path.write_text(_html(), encoding="utf-8")
    with silent_stage() as stage:
        page = stage.open(path.as_uri())
        chosen = "() => document.querySelector('#track').selectedOptions[0].text"

        assert page.inner_text("h1").startswith("Run 2 is better: its best loss is 0.6")
        assert page.evaluate(chosen) == "Runs 1 and 2 in turn"
        for key, run in (("b", "Run 2"), ("a", "Run 1")):
            page.keyboard.press(key)
            assert page.evaluate(chosen) == run
        page.select_option("#track", label="Run 3")
        page.keyboard.press("ArrowRight")
        told = "run 1 2; run 2 3; run 3 8; run 2 50 percent above run 1"
        until(lambda: page.inner_text("#now") == f"Epoch 2: {told}")
        short = "Epoch 2: run 2 50 percent above run 1"
        until(lambda: short in page.evaluate("globalThis.spoken"))
        page.click("#tell")
        until(lambda: page.inner_text("#now").startswith("Run 2 is better"))
        head = page.locator("thead th").all_inner_texts()
        rows = page.locator("tbody tr").all_inner_texts()
        curves = page.locator("svg.ks-curves path.line").count()
        events = page.locator("#happened li").all_inner_texts()

    assert head == ["epoch", "run 1", "run 2", "run 3", "run 2 re run 1"]
    assert [row.split("\t")[-1].strip() for row in rows] == [
        *("+25.0%", "+50.0%", "-20.0%", "-50.0%", "", "")
    ]
    assert curves == 3
    assert events == ["Epoch 3: run 2 takes the lead"]
    assert stage.complaints == []
