"""A real Chromium for tests, whose sound goes to the virtual sound card.

Nearly every call to Playwright counts as the user's gesture, after which a page may
sound; `evaluate_quietly` does not.
"""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import axe_playwright_python
from playwright.sync_api import Page, sync_playwright

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
_ARGUMENTS = [
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NOTE_SPOKEN = """
globalThis.spoken = [];
new MutationObserver((changes) => {
    for (const { target } of changes) {
        if (target.matches?.(".ks-unseen[role]") && target.textContent) {
            spoken.push(target.textContent);
        }
    }
}).observe(document, { childList: true, subtree: true });
"""
"""Notes what a page of ours gives to a screen reader, in the order of time."""


def chromium_path() -> str | None:
    """Return where the system's Chromium is."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Browser:
    """Chromium without a window.

    Args:
        env: Its environment variables: those of a virtual card to be heard there.
            Defaults to the test's own.
    """

    def __init__(self, env: dict[str, str] | None = None) -> None:
        self._env = env or dict(os.environ)
        self.errors: list[str] = []

    def __enter__(self) -> Self:
        self._playwright = sync_playwright().start()
        self._chromium = self._playwright.chromium.launch(
            executable_path=chromium_path(),
            env={**self._env},
            args=_ARGUMENTS,
            ignore_default_args=["--mute-audio"],
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._chromium.close()
        self._playwright.stop()

    def open(self, address: str, **options: Any) -> Page:  # noqa: ANN401
        """Open an address in a page that shares nothing with others.

        Args:
            address: What to open.
            **options: Those of Playwright's `new_context`, such as `color_scheme`.
        """
        context = self._chromium.new_context(**options)
        context.add_init_script(NOTE_SPOKEN)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(address)
        return page


def violations(page: Page, inside: str = "html") -> list[str]:
    """Return what axe-core finds wrong with the accessibility of a page.

    Args:
        page: The page.
        inside: A selector of what is looked at. Defaults to all.
    """
    page.evaluate(AXE.read_text())  # a page's policy would refuse a script element
    return broken_rules(page.evaluate("inside => axe.run(inside)", inside))


def broken_rules(found: Any) -> list[str]:  # noqa: ANN401 - what axe-core returns
    """Return what axe-core has found, in words."""
    assert len(found["passes"]) > 10, "axe-core has not looked at the page"
    return [
        f"{wrong['id']}: {wrong['help']}: {[node['html'] for node in wrong['nodes']]}"
        for wrong in found["violations"]
    ]


def evaluate_quietly(page: Page, expression: str) -> Any:  # noqa: ANN401
    """Return the value of an expression in the page, without a user's gesture."""
    session = page.context.new_cdp_session(page)
    answer = session.send(
        "Runtime.evaluate", {"expression": expression, "returnByValue": True}
    )
    session.detach()
    return answer["result"].get("value")


def spoken(page: Page) -> list[str]:
    """Return all that a page has given to a screen reader, without a gesture."""
    return list(evaluate_quietly(page, "spoken"))


def until(check: Callable[[], object], timeout: float = 15.0) -> None:
    """Wait for something to become true; `wait_for_function` breaks under a policy."""
    deadline = time.monotonic() + timeout
    while not check():
        assert time.monotonic() < deadline, "it did not become true in time"
        time.sleep(0.05)
