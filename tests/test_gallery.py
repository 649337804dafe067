"""`docs/gallery/`: what `scripts/gallery` makes of the package as it is now."""

import re
import runpy
from html import escape, unescape
from pathlib import Path
from typing import Any

import markdown
import pytest
import soundfile
from browser import Browser, until, violations

GALLERY = markdown.ROOT / "docs" / "gallery"
AGAIN = "run scripts/gallery again"
SCRIPT = runpy.run_path(str(markdown.ROOT / "scripts" / "gallery"))
EXAMPLES: list[Any] = list(SCRIPT["EXAMPLES"])


def structure(page: str) -> list[str]:
    """Return what a page is made of: its elements, and what one presses."""
    page = re.sub(r"<(style|script|svg).*?</\1>", "", page, flags=re.DOTALL)
    return re.findall(r'<button[^>]*>[^<]*|<[a-z]+\d?(?: id="[^"]*")?', page)


def test_all_are_there_and_small_enough_to_be_cloned() -> None:
    """A page and a sound for each, one page that leads to them: four megabytes."""
    names = [
        f"{example.name}.{kind}" for example in EXAMPLES for kind in ("html", "mp3")
    ]

    assert sorted(path.name for path in GALLERY.iterdir()) == sorted(
        [*names, "index.html"]
    )
    assert sum(path.stat().st_size for path in GALLERY.iterdir()) <= 4_000_000


def test_the_first_page_is_current() -> None:
    """It leads to all others, and says what they say."""
    text = (GALLERY / "index.html").read_text(encoding="utf-8")

    assert text == SCRIPT["index"](EXAMPLES), AGAIN
    assert text.count("<h2") == len(EXAMPLES) == 6


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_each_page_tells_its_verdict(example: Any) -> None:  # noqa: ANN401
    """As it is told now, of as many epochs; its sound is as long as a summary."""
    page = (GALLERY / f"{example.name}.html").read_text(encoding="utf-8")

    assert escape(SCRIPT["verdict"](example)) in page, AGAIN
    assert f"{example.epochs} epochs" in unescape(page), AGAIN
    assert 2.9 < soundfile.info(GALLERY / f"{example.name}.mp3").duration < 8.1


def test_the_pages_are_made_as_now(tmp_path: Path) -> None:
    """One that is rendered now has the same elements, and the same buttons."""
    example = min(EXAMPLES, key=lambda each: each.epochs)

    made = SCRIPT["rendered"](example, tmp_path) / "index.html"
    kept = GALLERY / f"{example.name}.html"

    now, then = (structure(path.read_text(encoding="utf-8")) for path in (made, kept))
    assert now == then, AGAIN
    assert len(now) > 100


def test_the_first_page_opens() -> None:
    """On a phone, in both colour schemes, axe-core finds no fault; each sound loads."""
    address = (GALLERY / "index.html").as_uri()
    with Browser() as browser:
        page = browser.open(address, viewport={"width": 320, "height": 600})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert violations(page) == []
        width = "document.documentElement.scrollWidth"
        assert page.evaluate(width) == 320
        sounds = "[...document.querySelectorAll('audio')]"
        page.evaluate(f"{sounds}.forEach(each => {{ each.preload = 'auto'; }})")
        until(lambda: page.evaluate(f"{sounds}.every(each => each.duration > 2.9)"))
        page.click("text=The page of this run: overfitting")
        assert page.inner_text("h1")
        assert browser.errors == []
