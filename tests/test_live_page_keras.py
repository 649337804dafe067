"""A real `fit`, and its live page."""

from pathlib import Path

from browser import Browser, until
from live_page import address_of, page_env
from live_page_seen import (
    check_notes,
    connection,
    enable_sound,
    heard_notes,
    open_page,
    text_of,
    wait_epochs,
    wait_over,
)
from programs import Program
from table import FINISHED, read_table
from virtual_card import VirtualCard

EPOCHS = 4

FIT = f"""
import keras
import numpy as np
from keras_sonify import SonifyCallback

class Pace(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        input()

    def on_epoch_end(self, epoch, logs=None):
        sonify.sonifier.drain(10.0)

keras.utils.set_random_seed(1)
inputs = np.random.default_rng(1).normal(size=(64, 4)).astype("float32")
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
sonify = SonifyCallback(directory="sound", player="browser", words=False)
model.fit(
    inputs,
    inputs[:, 0],
    validation_split=0.25,
    epochs={EPOCHS},
    verbose=0,
    callbacks=[sonify, Pace()],
)
"""


def test_fit_is_heard(browser: Browser, card: VirtualCard, tmp_path: Path) -> None:
    """`player="browser"` is all it takes: each epoch is seen, read and heard."""
    env = {**page_env(card.env), "TF_CPP_MIN_LOG_LEVEL": "3"}

    with Program(FIT, tmp_path, env) as program:
        page = open_page(browser, address_of(program))
        begun = enable_sound(page, card)
        program.go_on()
        program.finish()
        wait_epochs(page, EPOCHS)
        until(lambda: connection(page).startswith("The training's program has ended"))
        wait_over(card)

    rows = read_table(tmp_path / "sound", "live")
    check_notes(heard_notes(card, begun), rows + FINISHED)
    assert [row.metric for row in rows[:2]] == ["loss", "val_loss"]
    assert {row.epoch for row in rows} == set(range(EPOCHS))
    assert text_of(page, ".ks-now") == "Training finished after epoch 4 of 4"
    assert program.status == 0
    assert program.warnings == []
