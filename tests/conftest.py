"""Fixtures that several tests share."""

import os
from collections.abc import Iterator
from typing import NoReturn

import pytest
from browser import Browser, chromium_path
from patience import played_again
from virtual_card import VirtualCard, missing_packages


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what was played again, which hides how often it goes wrong."""
    if played_again:
        terminalreporter.section("recordings that were damaged and played again")
        terminalreporter.write_line("\n".join(played_again))


def _lack(message: str) -> NoReturn:
    """Skip a test for what this machine lacks; fail it where it must not lack it."""
    if os.environ.get("KERAS_SONIFY_REQUIRE_CARD") == "1" or os.environ.get("CI"):
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


@pytest.fixture(scope="session")
def card_parts() -> None:
    """See to it that the virtual sound card can run; where it must, fail without it."""
    if missing := missing_packages():
        _lack(f"The virtual sound card needs: apt-get install {' '.join(missing)}")


@pytest.fixture
def card(card_parts: None) -> Iterator[VirtualCard]:  # noqa: ARG001 - must come first
    """A sound card of the test's own, which records what is played on it."""
    with VirtualCard() as virtual_card:
        yield virtual_card


@pytest.fixture
def browser(card: VirtualCard) -> Iterator[Browser]:
    """Chromium, heard on the test's own sound card."""
    if chromium_path() is None:
        _lack("The pages are opened in a browser: apt-get install chromium")
    with Browser(card.env) as chromium:
        yield chromium
