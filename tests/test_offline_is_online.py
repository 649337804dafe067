"""One training, heard live, from its log and from its history: the same to the byte."""

import math
from collections.abc import Mapping
from pathlib import Path

import pytest
from command import keras_sonify
from digests import digests
from programs import Program, run
from table import read_table

from keras_sonify import Sonifier, read_log

TRAININGS = """
import json
import keras
import numpy as np
from keras_sonify import Sonifier, SonifyCallback

inputs = np.random.default_rng(1).normal(size=(96, 4)).astype("float32")
labels = (inputs.sum(axis=1) > 0).astype("float32")


class Accident(keras.callbacks.Callback):
    "Lets the fourth epoch, and no other, end in NaN."

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 3:
            self.kept = self.model.get_weights()
            self.model.set_weights([w * np.nan for w in self.kept])
        if epoch == 4:
            self.model.set_weights(self.kept)


def train(name, *callbacks, **arguments):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, "sigmoid")])
    model.compile(
        "sgd",
        "binary_crossentropy",
        metrics=["accuracy"],
        run_eagerly=True,  # nothing to compile: faster for so few batches
    )
    history = model.fit(
        inputs[:64],
        labels[:64],
        validation_data=(inputs[64:], labels[64:]),
        verbose=0,
        callbacks=[
            *callbacks,
            keras.callbacks.CSVLogger(f"{name}.csv"),
            SonifyCallback(directory=f"{name}/live", player=None),
        ],
        **arguments,
    )
    Sonifier.from_history(history, directory=f"{name}/history")
    Sonifier.from_history(history.history, directory=f"{name}/dictionary")
    return history.history


print("plain", json.dumps(train("plain", epochs=12)))
print("rough", json.dumps(train("rough", Accident(), epochs=6, validation_freq=2)))
resumed = train("resumed", epochs=9, initial_epoch=5)
"""

EPOCHS = {"plain": 12, "rough": 6, "resumed": 4}


class Table:
    """What a pandas DataFrame is to us: columns that `to_dict` gives out."""

    def __init__(self, columns: Mapping[str, list[float]]) -> None:
        self._columns = columns

    def to_dict(self, orient: str) -> dict[str, list[float]]:
        """Return a dictionary from column to values."""
        assert orient == "list"
        return dict(self._columns)


@pytest.fixture(scope="module")
def trainings(tmp_path_factory: pytest.TempPathFactory) -> tuple[Program, Path]:
    """Three trainings, each heard by the callback and noted by `CSVLogger`."""
    directory = tmp_path_factory.mktemp("trainings")
    program = run(TRAININGS, directory)
    assert program.status == 0, program.output
    return program, directory


def files(directory: Path) -> dict[str, str]:
    """Return the digests of the sounds and the timing table of a directory."""
    return digests(directory, "*.wav", "score.csv")


@pytest.mark.parametrize("name", EPOCHS)
def test_the_log_sounds_as_the_training_did(
    name: str,
    trainings: tuple[Program, Path],
) -> None:
    """Also where validation came every other epoch, and where a loss was NaN."""
    _, directory = trainings

    done = keras_sonify("render", f"{name}.csv", "-o", "log", directory=directory)

    live = files(directory / name / "live")
    assert (done.status, done.err) == (0, "")
    assert files(directory / "log") == live
    assert len(live) == 6
    rows = read_table(directory / name / "live", "loss.wav")
    assert len(rows) == EPOCHS[name]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        *((name, "history") for name in EPOCHS),
        ("plain", "dictionary"),
        ("rough", "dictionary"),
    ],
)
def test_the_history_sounds_as_the_training_did(
    name: str,
    source: str,
    trainings: tuple[Program, Path],
) -> None:
    """What `fit` returned is enough; its dictionary does not tell of a resumption."""
    _, directory = trainings

    assert files(directory / name / source) == files(directory / name / "live")


def test_a_table_sounds_as_the_training_did(
    trainings: tuple[Program, Path],
    tmp_path: Path,
) -> None:
    """A DataFrame of the history, or of the log with its column of epochs."""
    program, directory = trainings
    columns = program.told("plain")
    with_epochs = {"epoch": list(range(len(columns["loss"]))), **columns}

    for place, table in enumerate([columns, with_epochs]):
        Sonifier.from_history(Table(table), directory=tmp_path / str(place))

    live = files(directory / "plain" / "live")
    assert files(tmp_path / "0") == files(tmp_path / "1") == live


def test_a_list_of_epochs_sounds_as_the_training_did(
    trainings: tuple[Program, Path],
    tmp_path: Path,
) -> None:
    """A dictionary each, with or without its number."""
    _, directory = trainings
    rows = list(read_log(directory / "rough.csv"))
    bare = [values for _, values in rows]
    numbered = [{"epoch": epoch, **values} for epoch, values in rows]

    Sonifier.from_history(bare, directory=tmp_path / "bare")
    Sonifier.from_history(numbered, directory=tmp_path / "numbered")

    live = files(directory / "rough" / "live")
    assert files(tmp_path / "bare") == files(tmp_path / "numbered") == live


def test_the_log_holds_what_happened(trainings: tuple[Program, Path]) -> None:
    """The comparison above is of real trainings: with NaN, with epochs left out."""
    program, directory = trainings
    rows = dict(read_log(directory / "rough.csv"))

    assert math.isnan(rows[3]["loss"])
    assert [epoch for epoch, values in rows.items() if "val_loss" in values] == [
        1,
        3,
        5,
    ]
    assert [values["loss"] for _, values in read_log(directory / "plain.csv")] == (
        program.told("plain")["loss"]
    )
    assert list(dict(read_log(directory / "resumed.csv"))) == [5, 6, 7, 8]


@pytest.mark.parametrize("nothing", [{}, [], {"loss": []}, None, 3, "log.csv"])
def test_what_holds_no_epoch_is_refused(nothing: object) -> None:
    """The message says what it must be, and what it was."""
    message = r"^`history` must be what `fit` returned.* Received: <class '"

    with pytest.raises(ValueError, match=message):
        Sonifier.from_history(nothing)
