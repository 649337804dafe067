"""A real network learns the digits, live on a sound card, and is listened to."""

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from ear import Heard, cents, listen
from programs import Program, run
from table import FINISHED, check_heard, read_table
from virtual_card import SAMPLE_RATE, VirtualCard

EPOCHS = 6
METRICS = ("loss", "val_loss", "accuracy", "val_accuracy")

TRAINING = f"""
import json
import keras
import numpy as np
import tensorflow as tf
from keras_sonify import SonifyCallback
from sklearn.datasets import load_digits

tf.config.experimental.enable_op_determinism()
images, labels = load_digits(return_X_y=True)
images = (images / 16).astype("float32")


def train(callbacks):
    keras.utils.set_random_seed(3)
    model = keras.Sequential([
        keras.Input((64,)),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(
        images[:1200],
        labels[:1200],
        validation_data=(images[1200:], labels[1200:]),
        epochs={EPOCHS},
        verbose=0,
        callbacks=callbacks,
    )
    return history.history, model.get_weights()


class Pace(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.player = sonify.sonifier._run.outputs[-1]
        sonify.sonifier.drain(10.0)


sonify, pace = SonifyCallback(directory="sound", words=False), Pace()
history, weights = train([sonify, pace])
pace.player.drain(10.0)
player = pace.player
print("counts", [player.played, player.dropped, player.underflows])
print("history", json.dumps(history))
silent_history, silent_weights = train([])
print("same_history", json.dumps(history == silent_history))
same = [np.array_equal(a, b) for a, b in zip(weights, silent_weights, strict=True)]
print("same_weights", json.dumps(same))
"""


@dataclass(frozen=True)
class Training:
    """What a training left behind: on the sound card, on disk, and printed."""

    program: Program
    directory: Path
    heard: list[Heard]
    history: dict[str, list[float]]


@pytest.fixture(scope="module")
def training(
    card_parts: None,  # noqa: ARG001 - must come first
    tmp_path_factory: pytest.TempPathFactory,
) -> Training:
    """The training of all tests below."""
    directory = tmp_path_factory.mktemp("digits")
    with VirtualCard() as card:
        program = run(TRAINING, directory, {**card.env, "TF_CPP_MIN_LOG_LEVEL": "3"})
        card.wait_quiet()
        heard = listen(card.samples(), SAMPLE_RATE)
    return Training(program, directory / "sound", heard, program.told("history"))


def test_training_ends_well(training: Training) -> None:
    """Nothing was dropped, the device never ran dry, and nothing was warned of."""
    assert training.program.status == 0
    assert training.program.told("counts") == [EPOCHS + 1, 0, 0]
    assert training.program.warnings == []


def test_every_note_is_heard(training: Training) -> None:
    """The loudspeakers play what the timing table lists: order, place and pitch."""
    rows = read_table(training.directory, "live")

    error_cents = check_heard(training.heard, rows + FINISHED)

    assert [row.metric for row in rows[:4]] == list(METRICS)
    assert len(rows) == 4 + 8 * (EPOCHS - 1)
    assert error_cents < 5.0


def test_table_holds_what_keras_measured(training: Training) -> None:
    """The tones stand for the values of Keras's own history, to the last bit."""
    rows = read_table(training.directory, "live")

    for metric, values in training.history.items():
        tones = [r for r in rows if r.metric == metric and r.kind == "tone"]
        assert [row.value for row in tones] == values


def test_interval_tells_better_from_worse(training: Training) -> None:
    """By ear alone: a tone lies above its reference as the value above the best."""
    notes = iter(training.heard[:-4])
    best = {metric: training.history[metric][0] for metric in METRICS}
    for _ in METRICS:
        next(notes)  # the first epoch has nothing to refer to

    for epoch in range(1, EPOCHS):
        for metric in METRICS:
            reference, tone = next(notes), next(notes)
            value = training.history[metric][epoch]
            interval = cents(tone.pitch_hz, reference.pitch_hz)
            heard = 0.0 if abs(interval) < 0.01 else interval
            assert np.sign(heard) == np.sign(value - best[metric])
            better = min if "loss" in metric else max
            best[metric] = better(best[metric], value)


@pytest.mark.parametrize("metric", METRICS)
def test_file_holds_the_whole_run(metric: str, training: Training) -> None:
    """A metric's file has a tone per epoch, as high as its value among all others."""
    with wave.open(str(training.directory / f"{metric}.wav")) as file:
        assert file.getframerate() == SAMPLE_RATE
        frames = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32_767

    heard = listen(frames, SAMPLE_RATE)

    check_heard(heard, read_table(training.directory, f"{metric}.wav"), live=False)
    pitches_hz = np.array([note.pitch_hz for note in heard])
    from_low_to_high = np.argsort(training.history[metric])
    assert len(heard) == EPOCHS
    assert np.diff(pitches_hz[from_low_to_high]).min() > -0.01


def test_training_is_the_same_without_sound(training: Training) -> None:
    """The callback changes no bit of what the network learns."""
    assert training.program.told("same_history") is True
    assert training.program.told("same_weights") == [True] * 4
