"""A training in a real JupyterLab is heard in the browser while its cell runs."""

import json
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from browser import Browser, spoken, until, violations
from ear import Heard, cents, listen
from first_second import swallowed
from lab import Lab, run_cell
from page_stage import without_holes
from playwright.sync_api import Page
from table import FINISHED, Row, read_table
from virtual_card import SAMPLE_RATE, VirtualCard

EPOCHS = 6

_TRAINING = f"""\
import time
import keras
from sklearn.datasets import load_digits
from keras_sonify import SonifyCallback

keras.utils.set_random_seed(3)
images, labels = load_digits(return_X_y=True)
model = keras.Sequential(
    [keras.Input((64,)), keras.layers.Dense(10, activation="softmax")]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
sonify = SonifyCallback(directory="sound", words=False)


class Pace(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        time.sleep(3.0)  # as a first epoch may take: by then the page is ready

    def on_epoch_end(self, epoch, logs=None):
        sonify.sonifier.drain(10.0)


history = model.fit(
    images / 16,
    labels,
    validation_split=0.3,
    epochs={EPOCHS},
    verbose=0,
    callbacks=[sonify, Pace()],
)
"""


@pytest.fixture(scope="module")
def heard(card_parts: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:  # noqa: ARG001 - must come first
    """What the training of all tests below left: in the browser, heard and saved."""
    folder = tmp_path_factory.mktemp("lab")
    found: dict[str, Any] = {"folder": folder}
    with (
        VirtualCard() as card,
        Browser(card.env) as browser,
        Lab(folder, {"TF_CPP_MIN_LOG_LEVEL": "3"}) as lab,
    ):
        notebook = lab.write("run.ipynb", [_TRAINING, "sonify.page()"])
        page = browser.open(lab.address("run.ipynb"))
        page.wait_for_selector(".jp-CodeCell", timeout=60_000)
        run_cell(page, "import keras")
        page.wait_for_selector(".ks-board", timeout=60_000)
        begun = _enable_sound(page, card)
        found["volume"] = page.locator(".ks-volume").get_attribute("aria-valuetext")
        card.wait_sound(30.0)
        prompt = page.locator(".jp-InputPrompt").first
        found["prompt_at_first_sound"] = prompt.inner_text().strip()
        until(lambda: "Epoch 3 of" in page.locator(".ks-now").inner_text())
        found["late"] = page.locator(".ks-late").all_text_contents()
        found["is_late"] = page.locator(".ks-late").first.is_visible()
        found["curves"] = page.locator(".ks-board svg path.line").count()
        # The rest is JupyterLab's, and would keep its page for seconds from any sound.
        found["violations"] = violations(page, ".ks-board")
        page.wait_for_selector("figure audio", timeout=60_000)
        card.wait_quiet(1.0, 20.0)
        found["notes"] = _listen(swallowed(card.samples())[begun:])
        until(lambda: any("finished" in line for line in spoken(page)))
        found["spoken"] = spoken(page)
        run_cell(page, "sonify.page()")
        frame = page.frame_locator("iframe[title='Player of the run']")
        frame.locator("#play").wait_for(timeout=30_000)
        begun = card.frames
        frame.locator("#next").click()
        card.wait_sound()
        card.wait_quiet(1.0)
        found["step"] = _listen(swallowed(card.samples(begun)))
        found["now"] = frame.locator("#now").inner_text()
        page.locator(".jp-InputPrompt").first.click()  # out of the frame
        page.keyboard.press("Control+s")
        until(lambda: "iframe" in notebook.read_text())
        page.close()
        _end_kernels(lab)
        page = browser.open(lab.address("run.ipynb"))
        sound = page.locator("figure audio").first
        sound.wait_for(timeout=60_000)
        until(lambda: sound.evaluate("audio => audio.readyState") == 4)
        begun = card.frames
        sound.evaluate("audio => audio.play()")
        card.wait_sound()
        card.wait_quiet(1.0, 20.0)
        found["again"] = _listen(swallowed(card.samples(begun)))
        found["saved"] = notebook.read_text()
        found["errors"] = browser.errors
    return found


def _enable_sound(page: Page, card: VirtualCard) -> int:
    """Let the widget sound; return from which frame on there is nothing but cues."""
    button = page.locator(".ks-sound")
    begun = 0
    # The key that ran the cell may have been gesture enough.
    if button.inner_text() == "Enable sound":
        button.click()
        until(lambda: any(line.startswith("Sound is on.") for line in spoken(page)))
        begun = card.frames
    until(lambda: button.inner_text() == "Mute")
    return begun


def _end_kernels(lab: Lab) -> None:
    """End what a browser that has closed leaves running."""
    with urllib.request.urlopen(lab.api("sessions")) as answer:
        sessions = json.load(answer)
    for session in sessions:
        request = urllib.request.Request(
            lab.api(f"sessions/{session['id']}"), method="DELETE"
        )
        with urllib.request.urlopen(request):
            pass


def test_tones_arrive_while_the_cell_runs(heard: dict[str, Any]) -> None:
    """At the first sound the cell is still under way, and its picture grows."""
    assert heard["prompt_at_first_sound"] == "[*]:"
    assert heard["curves"] == 4
    assert heard["late"][0].startswith("No live sound here yet.")
    assert not heard["is_late"]
    assert heard["errors"] == []


def _listen(recorded: npt.NDArray[np.float32]) -> list[Heard]:
    """Return what is heard: not the holes that Chromium leaves beside a training."""
    return listen(without_holes(recorded.astype(np.float64)), SAMPLE_RATE)


def _check_tones(notes: list[Heard], rows: list[Row]) -> None:
    """Assert that every tone was heard, in this order, with its pitch and its place.

    Beside JupyterLab and a training, on two cores, Chromium now and then leaves a hole
    of a millisecond or two, which the ear takes for the end of a note and a noise.
    """
    left = iter(notes)
    for row in rows:
        assert any(
            abs(cents(note.pitch_hz, row.frequency_hz)) < 5.0
            and abs(note.pan - row.pan) < 0.01
            for note in left
            if not note.is_noise
        ), row
    assert len(notes) <= len(rows) + 4


def test_every_epoch_is_heard_with_its_pitches(heard: dict[str, Any]) -> None:
    """The browser plays what the timing table lists, from the first to the end.

    Also where what comes first is swallowed; and so for what is played below.
    """
    rows = read_table(heard["folder"] / "sound", "live")

    _check_tones(heard["notes"], rows + FINISHED)

    assert {row.epoch for row in rows} == set(range(EPOCHS))


def test_the_widget_is_accessible(heard: dict[str, Any]) -> None:
    """No violation is found in it; events are spoken, each once, the end the last."""
    assert heard["violations"] == []
    assert heard["volume"] == "100 percent"
    told = [line for line in heard["spoken"] if not line.startswith("Sound is on.")]
    assert told == [f"Training finished after epoch {EPOCHS} of 6"]


def test_the_page_s_player_steps_through_epochs(heard: dict[str, Any]) -> None:
    """`callback.page()` shows the run's page, which plays an epoch's cue again."""
    rows = read_table(heard["folder"] / "sound", "live")

    _check_tones(heard["step"], [row for row in rows if row.epoch == 1])

    assert heard["now"].startswith(f"Epoch 2 of {EPOCHS}: loss ")


def test_a_saved_notebook_is_a_plain_player(heard: dict[str, Any]) -> None:
    """Opened again without a kernel it plays the run, and it has not grown big."""
    rows = read_table(heard["folder"] / "sound", "training.wav")

    _check_tones(heard["again"], rows)

    assert "widget-view" not in heard["saved"]
    assert "No live sound" not in heard["saved"]
    assert "it is sound/index.html, too." in heard["saved"]
    assert len(heard["saved"]) < 1_000_000


def test_the_notebook_lies_where_it_was(heard: dict[str, Any]) -> None:
    """The files of the run are in the notebook's folder, the page among them."""
    directory: Path = heard["folder"] / "sound"

    assert (directory / "index.html").stat().st_size > 100_000
