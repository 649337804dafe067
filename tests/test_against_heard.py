"""A real training, twice, and the second is heard against the first by ear alone."""

from pathlib import Path

import numpy as np
from ear import cents, listen
from programs import run
from virtual_card import SAMPLE_RATE, VirtualCard

METRICS = ("loss", "val_loss", "accuracy", "val_accuracy")

TRAINING = """
import json
import keras
from keras_sonify import SonifyCallback
from sklearn.datasets import load_digits

images, labels = load_digits(return_X_y=True)
images = (images / 16).astype("float32")


def train(rate, epochs, callback):
    keras.utils.set_random_seed(3)
    model = keras.Sequential([
        keras.Input((64,)),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    loss = "sparse_categorical_crossentropy"
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    history = model.fit(
        images[:600], labels[:600], validation_data=(images[600:900], labels[600:900]),
        epochs=epochs, verbose=0, callbacks=[callback, *pace],
    )
    return history.history


class Pace(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        sonify.sonifier.drain(10.0)


pace = []
first = train(0.001, 3, SonifyCallback(directory="sound", player=None))
pace = [Pace()]
sonify = SonifyCallback(
    directory="sound", player="speaker", against="last", earcons=False, verbose=1
)
second = train(0.003, 5, sonify)
print("histories", json.dumps([first, second]))
"""


def test_the_interval_of_every_epoch_is_right(
    card: VirtualCard, tmp_path: Path
) -> None:
    """Its tone lies above its reference as its value above the one of last time."""
    program = run(TRAINING, tmp_path, {**card.env, "TF_CPP_MIN_LOG_LEVEL": "3"})
    card.wait_quiet()
    notes = iter(listen(card.samples(), SAMPLE_RATE))
    first, second = program.told("histories")

    assert program.status == 0
    for epoch in range(5):
        for metric in METRICS:
            reference, tone = next(notes), next(notes)
            assert reference.duration < 0.1 < tone.duration
            value, there = second[metric][epoch], first[metric][min(epoch, 2)]
            interval = cents(tone.pitch_hz, reference.pitch_hz)
            heard = 0.0 if abs(interval) < 0.01 else interval
            assert np.sign(heard) == np.sign(value - there), (epoch, metric)
    assert next(notes, None) is None

    beginning = "Held against last time, which has 3 epochs: the reference before each"
    over = "Last time ended with epoch 3: from here on"
    for sentence, following in ((beginning, "Epoch 1 "), (over, "Epoch 4 ")):
        (place,) = [k for k, line in enumerate(program.lines) if sentence in line]
        assert program.lines[place + 1].startswith(following)
    assert any(line.startswith("Beside last time: ") for line in program.lines)
