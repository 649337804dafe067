"""The live page in Firefox and in WebKitGTK: it sounds there, to the end."""

from functools import partial
from pathlib import Path

from browser import until
from ear import cents, listen
from live_page import Training, page_env
from live_page_seen import check_notes, heard_notes, wait_over
from page_stage import record
from patience import DamagedError, with_patience
from table import FINISHED, read_table
from virtual_card import SAMPLE_RATE, VirtualCard
from window import Window, open_narrow, open_page, spoken, text_of, violations

from keras_sonify.score.first_sight import first_sight
from keras_sonify.score.style import CLEAR

_EPOCHS = 4
_METRICS = ("loss", "val_loss")
# The latest epochs, and the run's page.
_SHOWN = """
return [".ks-latest", "#run"].map((name) =>
    document.querySelector(name).checkVisibility());
"""


def test_a_training_is_heard_to_its_end(
    window: Window, ear: VirtualCard, tmp_path: Path
) -> None:
    """Enable sound answers, epochs sound; then it is the run's page, which sounds."""

    def check() -> None:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        _check_training(window, ear, folder)

    with_patience(ear, check)


def _check_training(window: Window, ear: VirtualCard, folder: Path) -> None:
    env = page_env(ear.env, stay=120.0)
    with Training(folder, env, _EPOCHS, metrics=_METRICS) as training:
        open_page(window, training.address)
        until(lambda: text_of(window, ".ks-connection") == "Connected.")
        opened = ear.frames
        window.click(".ks-sound")
        until(lambda: any(line.startswith("Sound is on.") for line in spoken(window)))
        label = text_of(window, ".ks-sound")
        wait_over(ear)
        begun = ear.frames
        for _ in range(_EPOCHS):
            training.step()
            wait_over(ear)
        window.press("t")
        until(lambda: spoken(window)[-1].startswith("Epoch 4 of 4: "))
        training.end()
        wait_over(ear)
        heard = heard_notes(ear, begun)
        until(lambda: not window.run("return document.getElementById('run').hidden"))
        window.enter("#run")
        until(lambda: text_of(window, "#play") == "Play")
        again = record(ear, partial(window.click, "#first"))

    rows = read_table(folder / "sound", "live")
    answer = listen(ear.samples(opened)[: begun - opened], SAMPLE_RATE)
    pitches = [note.frequency_hz for note in first_sight(CLEAR) if not note.word]
    assert abs(cents(answer[-1].pitch_hz, pitches[-1])) < 5.0
    assert label == "Mute"
    try:
        check_notes(heard, rows + FINISHED)
        check_notes(listen(again, SAMPLE_RATE), [row for row in rows if row.epoch == 0])
    except AssertionError as error:
        # On a busy machine WebKitGTK swallowed the first 0.2 s of a cue.
        raise DamagedError(error) from error


def test_axe_finds_nothing(window: Window, ear: VirtualCard, tmp_path: Path) -> None:
    """In the light, wide and as narrow as a small phone, under way and at the end."""
    env = page_env(ear.env, stay=120.0)
    found: list[str] = []

    def look(*shown: bool) -> None:
        for open_ in (open_page, partial(open_narrow, beside="nothing")):
            open_(window, training.address)
            until(lambda: tuple(window.run(_SHOWN)) == shown)
            found.extend(violations(window))

    with Training(tmp_path, env, 2, at_once=2, metrics=_METRICS) as training:
        look(True, False)  # noqa: FBT003 - as `_SHOWN` has them
        training.end()
        look(False, True)  # noqa: FBT003

    assert found == []
