"""Fixtures that several tests share."""

import os
from collections.abc import Iterator

import pytest
from virtual_card import VirtualCard, missing_packages


@pytest.fixture(scope="session")
def card_parts() -> None:
    """See to it that the virtual sound card can run; where it must, fail without it."""
    if missing := missing_packages():
        message = f"The virtual sound card needs: apt-get install {' '.join(missing)}"
        required = os.environ.get("KERAS_SONIFY_REQUIRE_CARD") == "1"
        if required or os.environ.get("CI"):
            pytest.fail(message, pytrace=False)
        pytest.skip(message)


@pytest.fixture
def card(card_parts: None) -> Iterator[VirtualCard]:  # noqa: ARG001 - must come first
    """A sound card of the test's own, which records what is played on it."""
    with VirtualCard() as virtual_card:
        yield virtual_card
