"""A window of any browser that speaks WebDriver, and what tests ask of it."""

from typing import Any, Protocol
from urllib.parse import urljoin

from browser import AXE, NOTE_SPOKEN, broken_rules, until

ESCAPE, RIGHT = "\ue00c", "\ue014"  # as WebDriver knows them

_FRAME = """
const frame = document.createElement("iframe");
frame.src = arguments[0];
frame.style = "border: 0; width: 320px; height: 700px";
document.body.replaceChildren(frame);
"""


class Window(Protocol):
    """The one window of a browser whose sound goes to a virtual card.

    Attributes:
        version: Of which browser it is, and of which version.
    """

    version: str

    def open(self, address: str) -> None:
        """Open an address and wait until it is there."""

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401
        """Run a function's body in the page, and return what it returns."""

    def click(self, selector: str) -> None:
        """Click on a part of the page, which is a user's gesture."""

    def press(self, keys: str) -> None:
        """Press keys, one after the other, which is a user's gesture."""

    def enter(self, selector: str) -> None:
        """Go on in a frame of the page; `open` leaves it."""


def open_page(window: Window, address: str) -> None:
    """Open a page of ours, and note from then on what is given to be spoken."""
    window.open(address)
    window.run(NOTE_SPOKEN)


def open_narrow(window: Window, address: str, beside: str) -> None:
    """Open a page as wide as on a small phone: browsers' own windows are wider.

    Args:
        window: The browser's.
        address: Of the page.
        beside: What is asked for, from where it lies, to find a page that may hold it.
    """
    window.open(urljoin(address, beside))
    window.run(_FRAME, address)
    window.enter("iframe")
    until(lambda: window.run("return document.readyState") == "complete")
    assert window.run("return innerWidth") == 320


def text_of(window: Window, selector: str) -> str:
    """Return the text of a part of the page; nothing if it is not there."""
    script = "return document.querySelector(arguments[0])?.textContent ?? ''"
    return str(window.run(script, selector))


def spoken(window: Window) -> list[str]:
    """Return all that the page has given to a screen reader since it was opened."""
    return list(window.run("return spoken"))


def violations(window: Window) -> list[str]:
    """Return what axe-core finds wrong with the accessibility of the page."""
    script = f"{AXE.read_text()}; return axe.run(arguments[0])"
    return broken_rules(window.run(script, "html"))
