"""A run's page in Chromium: one file, without complaint, and open to everybody."""

import math
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

import pytest
from browser import until, violations
from page_run import HOSTILE, make_page, overfitting
from page_stage import Stage, audio, silent_stage

from keras_sonify import Sonifier

RUNS = ("ordinary", "one epoch", "nan", "long", "hostile", "compared")

# Labels that leave the picture, and those that lie over others, in CSS pixels; letters
# and controls that are too small for a phone.
_LABELS = """() => {
    const svg = document.querySelector("#curves").getBoundingClientRect();
    const texts = [...document.querySelectorAll("svg.ks-curves text")].filter((text) =>
        text.checkVisibility());
    const all = texts.map((text) => {
        const { left, right, top, bottom } = text.getBoundingClientRect();
        return { left, right, top, bottom, name: text.textContent };
    });
    const outside = all.filter((it) => it.left < svg.left || it.right > svg.right
        || it.top < svg.top - 1 || it.bottom > svg.bottom);
    const over = all.filter((it, k) => all.slice(0, k).some((other) =>
        other.left < it.right && it.left < other.right
        && other.top + 3 < it.bottom && it.top + 3 < other.bottom));
    const controls = [...document.querySelectorAll("button, select, input")];
    const small = [
        ...texts.filter((text) => parseFloat(getComputedStyle(text).fontSize) < 12),
        ...controls.filter((one) => {
            const { width, height } = one.getBoundingClientRect();
            return one.checkVisibility() && Math.min(width, height) < 24;
        }),
    ];
    return {
        outside: outside.map((it) => it.name),
        over: over.map((it) => it.name),
        small: small.map((it) => it.id || it.textContent),
    };
}"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The addresses of the pages of some runs."""
    folder = tmp_path_factory.mktemp("pages")
    went_wrong = overfitting(12)
    went_wrong["loss"][4:6] = [math.nan, math.inf]
    long_name = "sparse_top_k_categorical_accuracy"
    extreme = {
        long_name: [-1.2345e300, -1.2344e300],
        f"val_{long_name}": [-1.2346e300, -1.2347e300],
        "tiny_loss": [1.2345e-305, 1.2346e-305],
        "flat": [0.69310, 0.69315],
    }
    hostile = {name: [2.0, 1.5, math.nan, 1.0] for name in HOSTILE}
    return {
        "ordinary": make_page(folder / "ordinary.html", overfitting(50)),
        "one epoch": make_page(folder / "one.html", overfitting(1)),
        "nan": make_page(folder / "nan.html", went_wrong),
        "long": make_page(folder / "long.html", overfitting(10_000)),
        "extreme": make_page(folder / "e.html", extreme, metrics=list(extreme)),
        "hostile": make_page(folder / "h.html", hostile, metrics=list(HOSTILE)),
        "compared": _compared(folder / "compared.html"),
    }


def _compared(path: Path) -> str:
    """Write the page of four runs, one of them with a hostile name."""
    losses = {
        HOSTILE[0]: [3.0, 2.0, math.nan, 1.0],
        "good": [3.0 * 0.9**k for k in range(30)],
        "better": [2.0, *(4.0 * 0.88**k for k in range(25))],
        "short": [1.5, 1.4],
    }
    runs = {name: {"loss": values} for name, values in losses.items()}
    path.write_text(Sonifier.compare([runs]).html, encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """The browser of all tests below."""
    with silent_stage() as opened:
        yield opened


@pytest.mark.parametrize("name", RUNS)
def test_a_page_opens(stage: Stage, pages: Mapping[str, str], name: str) -> None:
    """It asks for nothing but itself and breaks no rule, of its own or of axe-core."""
    page = stage.open(pages[name], color_scheme="light")
    until(lambda: audio(page, "readyState") == 4)

    assert violations(page) == []
    page.click("#next")  # from here on an epoch is shown
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 844})
    assert violations(page) == []
    page.emulate_media(color_scheme="light", forced_colors="active")
    page.set_viewport_size({"width": 320, "height": 700})
    assert violations(page) == []
    asked = [url for url in stage.requests if not url.startswith("data:")]
    assert asked == [pages[name]]
    assert stage.complaints == []
    page.context.close()


def test_its_own_policy_holds(stage: Stage, pages: Mapping[str, str]) -> None:
    """What would run or be loaded from elsewhere is refused, whatever lets it in."""
    page = stage.open(pages["ordinary"])

    page.evaluate(
        """() => {
            const add = (tag, what) =>
                document.body.append(Object.assign(document.createElement(tag), what));
            add('script', { text: 'document.title = "script"' });
            add('img', { src: 'x.png', onerror: () => {} });
            document.body.insertAdjacentHTML('beforeend',
                '<p onclick="document.title = 1" style="color: red">x</p>');
            document.body.lastChild.click();
        }"""
    )

    until(lambda: len(stage.complaints) >= 4)
    assert all("Content Security Policy" in line for line in stage.complaints)
    assert page.title() == "It overfits: best at epoch 26, validation loss 0.5."
    page.context.close()


@pytest.mark.parametrize("name", ["ordinary", "long"])
def test_a_page_is_soon_there(
    stage: Stage, pages: Mapping[str, str], name: str
) -> None:
    """It can be read, and played, well before anybody has found the button."""
    page = stage.open("about:blank")
    read, ready = [], []
    for _ in range(5):
        page.goto("about:blank")
        begun = time.monotonic()
        page.goto(pages[name], wait_until="domcontentloaded")
        read.append(time.monotonic() - begun)
        until(lambda: audio(page, "readyState") == 4)
        ready.append(time.monotonic() - begun)

    assert median(read) < 3.0
    assert median(ready) < 3.0
    page.context.close()


def test_without_a_script_all_is_there(stage: Stage, pages: Mapping[str, str]) -> None:
    """Words, curves, events and values can be read; no control does nothing."""
    page = stage.open(pages["ordinary"], java_script_enabled=False)

    for selector in (".told p", "svg.ks-curves", "#happened li", "table", "audio"):
        assert page.locator(selector).first.is_visible()
    assert page.locator("audio").get_attribute("controls") is not None
    for selector in ("button", "select", "input"):
        assert not any(part.is_visible() for part in page.locator(selector).all())
    page.context.close()


@pytest.mark.parametrize("name", [*RUNS, "extreme"])
def test_a_page_fits_any_window(
    stage: Stage, pages: Mapping[str, str], name: str
) -> None:
    """Only the table is wider than it; no label is cut, covered, or too small."""
    page = stage.open(pages[name])

    for width in (320, 390, 1000):
        page.set_viewport_size({"width": width, "height": 740})
        edges = page.locator("main *:not(.scroll *, svg *, option, .ks-unseen)")
        rights = edges.evaluate_all(
            "all => all.map(x => x.getBoundingClientRect().right)"
        )
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert max(rights) <= width
        assert page.evaluate(_LABELS) == {"outside": [], "over": [], "small": []}
    page.context.close()


def test_print_shows_the_whole_table(stage: Stage, pages: Mapping[str, str]) -> None:
    """On paper there are no controls, no playhead, and all rows, dark on white."""
    page = stage.open(pages["ordinary"], color_scheme="dark")
    page.click("#next")

    page.emulate_media(media="print")

    for selector in ("#controls", "audio", ".playhead", "#listen"):
        assert not page.locator(selector).is_visible()
    rows = page.locator("tbody tr").all()
    bottom = page.evaluate(
        "document.querySelector('.scroll').getBoundingClientRect().bottom"
    )
    boxes = [row.bounding_box() for row in rows]
    current = "getComputedStyle(document.querySelector('tr.current th'))"
    assert page.evaluate(f"{current}.boxShadow") == "none"
    assert len(rows) == 50
    assert all(box and box["y"] + box["height"] <= bottom + 1 for box in boxes)
    colours = "getComputedStyle(document.body)"
    assert page.evaluate(f"{colours}.backgroundColor") == "rgb(255, 255, 255)"
    page.context.close()
