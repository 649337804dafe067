"""Rules and ranges know a loss, and its twin, whatever they are called."""

import csv
import math
from pathlib import Path

import pytest
from table import read_table

from keras_sonify import Sonifier
from keras_sonify.testing import RecordingOutput


@pytest.mark.parametrize(
    ("train", "val"),
    [
        ("train_loss", "validation_loss"),
        ("loss/train", "loss/val"),
        ("Loss", "Val_Loss"),
    ],
)
def test_twins_sound_on_two_sides_of_one_range(
    train: str, val: str, tmp_path: Path
) -> None:
    """As `loss` and `val_loss` do, under the names that the user gave."""
    for names, directory in (((train, val), "theirs"), (("loss", "val_loss"), "keras")):
        sonifier = Sonifier(directory=tmp_path / directory, player=None)
        for epoch, loss in enumerate([1.0, 0.5, 0.25]):
            values = dict(zip(names, (loss, 1.0 + loss), strict=True))
            sonifier.epoch(epoch, values)
        sonifier.end()

    theirs = read_table(tmp_path / "theirs", "live")
    keras = read_table(tmp_path / "keras", "live")
    assert [(r.frequency_hz, r.pan) for r in theirs] == [
        (r.frequency_hz, r.pan) for r in keras
    ]
    assert {row.metric for row in theirs} == {train, val}
    header = (tmp_path / "theirs" / "log.csv").read_text().splitlines()[0]
    assert next(csv.reader([header])) == ["epoch", train, val]


def test_rules_know_the_loss_by_any_name() -> None:
    """NaN and the best are told of `train_loss` and `validation_loss`, too."""
    output = RecordingOutput()
    sonifier = Sonifier(directory=None, player=output)
    for epoch, loss in enumerate([1.0, 0.5, math.nan]):
        sonifier.epoch(epoch, {"train_loss": loss, "validation_loss": 2.0 - epoch})

    assert [event.text for event in output.happened] == ["train_loss is NaN"]
    assert sonifier.end() == ["Best validation_loss: 0 at epoch 3, the last"]


def test_rules_know_which_loss_has_gone() -> None:
    """Of a GAN each is told of once; after the training's, no other is news."""
    output = RecordingOutput()
    for run in (
        [{"d_loss": 1.0, "val_loss": 1.0}, {"d_loss": math.nan, "val_loss": 1.0}],
        [
            {"train_loss": math.nan, "valid_loss": 1.0},
            {"train_loss": 1, "valid_loss": math.nan},
        ],
    ):
        sonifier = Sonifier(directory=None, player=output, earcons=False)
        for epoch, values in enumerate(run):
            sonifier.epoch(epoch, values)

    assert [(event.kind, event.text) for event in output.happened] == [
        ("nan_loss", "d_loss is NaN"),
        ("nan_loss", "train_loss is NaN"),
    ]


def test_a_new_best_is_told_under_its_own_name() -> None:
    """As the monitored metric is called in this run."""
    output = RecordingOutput()
    sonifier = Sonifier(directory=None, player=output)
    for epoch in range(12):
        sonifier.epoch(epoch, {"train_loss": 1.0, "valid_loss": 0.9**epoch})

    told = [event.text for event in output.happened if event.kind == "best"]
    assert told
    assert all(text.startswith("valid_loss ") for text in told)


def test_swings_are_those_of_the_training() -> None:
    """A validation accuracy swings on small data, whatever it is called."""
    output = RecordingOutput()
    sonifier = Sonifier(directory=None, player=output)
    for epoch in range(40):
        values = {"accVal": 0.5 + 0.4 * (epoch % 2), "loss": 0.9**epoch}
        sonifier.epoch(epoch, values)

    assert "oscillation" not in {event.kind for event in output.happened}


def test_overfitting_is_told_of_any_names() -> None:
    """As of the same run under Keras's names."""
    kinds = []
    for names in (("loss", "val_loss"), ("trainLoss", "valLoss")):
        output = RecordingOutput()
        sonifier = Sonifier(directory=None, player=output)
        for epoch in range(30):
            values = (0.9**epoch, abs(epoch - 9) / 9 + 0.5)
            sonifier.epoch(epoch, dict(zip(names, values, strict=True)))
        sonifier.end()
        kinds.append([(event.kind, event.epoch) for event in output.happened])

    assert kinds[0] == kinds[1]
    assert "overfitting" in dict(kinds[0])
