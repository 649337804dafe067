"""What a run's page plays first is heard from its beginning, whatever it is."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from ear import Sound
from first_second import lead_in_seconds, swallowed
from page_run import make_run, overfitting
from page_stage import Stage, sounding_stage, without_holes
from patience import with_patience

_FAINTEST = 0.002  # re full scale: what is heard is louder


@pytest.fixture(scope="module")
def stage(card_parts: None) -> Iterator[Stage]:  # noqa: ARG001 - must come first
    """The browser and the sound card of all tests below."""
    with sounding_stage() as opened:
        yield opened


def _tones(recorded: Sound) -> Sound:
    """Return what is heard of a recording, from its first tone to its last."""
    heard = without_holes(recorded.astype(np.float64))
    sounding = np.flatnonzero(np.abs(heard).max(axis=1) > _FAINTEST)
    return heard[sounding[0] : sounding[-1]]


@pytest.mark.parametrize("button", ["#play", "#next"])
def test_the_first_sound_is_not_swallowed(
    stage: Stage, tmp_path: Path, button: str
) -> None:
    """Without its first second it is what it is the next time, which is at once."""
    address = make_run(tmp_path, overfitting(8))
    page = stage.open(address)

    def press(what: str) -> Sound:
        begun = stage.ear.frames
        page.focus(what)
        page.keyboard.press("Enter")
        stage.ear.wait_sound()
        stage.ear.wait_quiet()
        recorded: Sound = stage.ear.samples(begun)
        return recorded

    def check() -> None:
        stage.turn(page, address)
        recorded = press(button)
        if button == "#next":
            press("#first")
        again = press(button)
        assert lead_in_seconds(recorded) > 0.9
        assert lead_in_seconds(again) == 0.0
        first, second = _tones(swallowed(recorded)), _tones(again)
        assert len(first) == pytest.approx(len(second), abs=100)
        count = min(len(first), len(second))
        assert np.abs(first[:count] - second[:count]).max() < _FAINTEST

    with_patience(stage.ear, check)
    page.context.close()
