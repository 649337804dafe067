"""A run's page in Firefox and in WebKitGTK: it sounds and acts there as in Chromium."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from blind_listener import decode_summary
from browser import until
from ear import Sound, listen
from live_page_seen import check_notes
from page_run import make_run, overfitting, pitch_error
from page_stage import record, without_holes
from patience import with_patience
from table import read_table
from virtual_card import SAMPLE_RATE, VirtualCard
from window import (
    ESCAPE,
    RIGHT,
    Window,
    open_narrow,
    open_page,
    spoken,
    text_of,
    violations,
)

_EPOCHS = 20
_FEW_CENTS = 40.0  # a torn tone was off by 17; epochs are 150 and more apart
_FAINTEST = 0.002  # re full scale: what is heard is louder, a lead-in is not
_LONGEST_PAUSE = 0.3  # seconds, in the whole run
_STEP = "return Number(document.getElementById('step').value)"


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a run that overfits, and is told so in its last epochs."""
    folder = tmp_path_factory.mktemp("run")
    make_run(folder, overfitting(_EPOCHS))
    (folder / "empty.html").write_text("<!DOCTYPE html><body></body>")
    return folder


def _open(window: Window, directory: Path) -> None:
    """Open the run's page, which is at its beginning then."""
    open_page(window, (directory / "index.html").as_uri())
    ready = "return document.getElementById('audio').readyState"
    until(lambda: window.run(ready) == 4)


def _without_waits(heard: Sound) -> Sound:
    """Return what was heard without silence before it, and in it.

    What an audio element plays first WebKitGTK begins, breaks off, and goes on with
    after as long as the element had been ready: any element, also without our script.
    """
    silent = np.abs(heard).max(axis=1) < _FAINTEST
    edges = np.flatnonzero(np.diff(np.concatenate([[0], silent, [0]])))
    kept = np.ones(len(heard), dtype=bool)
    for start, end in edges.reshape(-1, 2):
        kept[start:end] = end - start < _LONGEST_PAUSE * SAMPLE_RATE
    return without_holes(heard[kept].astype(np.float64))


def test_play_sounds_the_whole_run(
    window: Window, ear: VirtualCard, directory: Path
) -> None:
    """What is heard decodes to the pitches of `training.wav`; the playhead moves."""
    rows = read_table(directory, "training.wav")
    sides = [[r for r in rows if r.metric == name] for name in ("loss", "val_loss")]

    def play() -> None:
        window.click("#play")
        until(lambda: text_of(window, "#play") == "Pause")
        until(lambda: text_of(window, "#play") == "Play")

    def check() -> None:
        _open(window, directory)
        begun = ear.frames
        play()
        ear.wait_quiet()
        sound = _without_waits(ear.samples(begun))[: round(3.0 * SAMPLE_RATE)]
        heard = decode_summary(sound, SAMPLE_RATE)
        assert pitch_error(heard.train, sides[0]) < _FEW_CENTS
        assert pitch_error(heard.validation, sides[1]) < _FEW_CENTS

    with_patience(ear, check)
    assert window.run(_STEP) == _EPOCHS - 1


@pytest.mark.parametrize(
    ("place", "act"),
    [
        (1, lambda window: window.click("#next")),
        (_EPOCHS - 1, lambda window: window.click("#last")),
        (1, lambda window: window.press(RIGHT)),
        (10, lambda window: window.press("b")),
    ],
    ids=["Next epoch", "Last epoch", "Right arrow", "b"],
)
def test_a_step_sounds_its_epoch(
    window: Window,
    ear: VirtualCard,
    directory: Path,
    place: int,
    act: Callable[[Window], None],
) -> None:
    """By button or key: it plays what was heard live, and says it when that is over."""
    rows = [row for row in read_table(directory, "live") if row.epoch == place]

    def check() -> None:
        _open(window, directory)
        sound = record(ear, partial(act, window))
        check_notes(listen(sound, SAMPLE_RATE), rows)

    with_patience(ear, check)
    assert window.run(_STEP) == place
    until(lambda: any(f"Epoch {place + 1}" in line for line in spoken(window)))


def test_keys_answer(window: Window, directory: Path) -> None:
    """`?` lists them, Escape closes the list, t tells how the run went."""
    _open(window, directory)
    window.press("?")
    until(lambda: window.run("return document.querySelector('dialog').open"))
    window.press(ESCAPE)
    # Until the dialog has no focus any more the next key is meant for what is in it.
    until(lambda: not window.run("return !!document.activeElement.closest('dialog')"))
    window.press("t")

    until(lambda: spoken(window))
    assert "overfits" in spoken(window)[-1]


def test_axe_finds_nothing(window: Window, directory: Path) -> None:
    """In the light, wide and as narrow as a small phone, before and after a step."""
    _open(window, directory)
    before = violations(window)
    window.click("#next")
    after = violations(window)
    open_narrow(window, (directory / "index.html").as_uri(), "empty.html")
    window.click("#next")

    assert before == after == violations(window) == []
    assert window.run("return document.documentElement.scrollWidth") <= 320
