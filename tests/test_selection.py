"""Which metrics sound, when their names come early, late or never."""

import pytest

from keras_sonify.training.selection import Selection


def _sounding(selection: Selection) -> list[str]:
    return [metric.name for metric in selection.metrics]


def test_default_sounds_losses_and_accuracies_in_cue_order() -> None:
    """Without a choice, four of the usual six metrics sound, the loss first."""
    selection = Selection(None, {})

    selection.update(["val_accuracy", "auc", "accuracy", "lr", "val_loss", "loss"])

    assert _sounding(selection) == ["loss", "val_loss", "accuracy", "val_accuracy"]
    assert selection.missing(at_end=True) == []


def test_late_names_take_their_turn() -> None:
    """What `validation_freq` leaves out at first is sorted in when it comes."""
    selection = Selection(None, {})

    selection.update(["accuracy", "loss"])
    early = _sounding(selection)
    selection.update(["accuracy", "loss", "val_accuracy", "val_loss"])

    assert early == ["loss", "accuracy"]
    assert _sounding(selection) == ["loss", "val_loss", "accuracy", "val_accuracy"]


def test_names_that_stay_away_are_kept() -> None:
    """A metric that has sounded once stays in the selection."""
    selection = Selection(None, {})

    selection.update(["loss", "val_loss"])
    selection.update(["loss"])

    assert _sounding(selection) == ["loss", "val_loss"]
    assert selection.available() == ["loss", "val_loss"]


def test_only_what_was_asked_for_sounds() -> None:
    """With a choice, nothing else sounds, not even the loss."""
    selection = Selection(["val_auc", "auc"], {})

    selection.update(["loss", "auc", "accuracy", "val_auc"])

    assert _sounding(selection) == ["auc", "val_auc"]


def test_an_empty_choice_is_silent() -> None:
    """An empty list is a choice too: of nothing."""
    selection = Selection([], {})

    selection.update(["loss"])

    assert selection.metrics == ()


@pytest.mark.parametrize(
    ("at_end", "expected"),
    [
        pytest.param(False, ["f9_score"], id="under way"),
        pytest.param(True, ["f9_score", "val_loss"], id="at the end"),
    ],
)
def test_missing_tells_what_was_asked_for_in_vain(
    at_end: bool,
    expected: list[str],
) -> None:
    """A typo is missed at once, a `val_` metric not before the end."""
    selection = Selection(["f9_score", "loss", "val_loss"], {})

    selection.update(["loss", "accuracy"])

    assert selection.missing(at_end=at_end) == expected


def test_directions_reach_the_metrics() -> None:
    """A direction given for a family is that of both its metrics."""
    selection = Selection(["gain", "val_gain", "loss"], {"gain": "min"})

    selection.update(["gain", "val_gain", "loss"])

    assert [(m.name, m.direction) for m in selection.metrics] == [
        ("loss", "min"),
        ("gain", "min"),
        ("val_gain", "min"),
    ]


def test_names_that_come_again_sound_once() -> None:
    """Meeting the same names again adds nothing."""
    selection = Selection(None, {})

    for _ in range(3):
        selection.update(["loss", "loss", "accuracy"])

    assert _sounding(selection) == ["loss", "accuracy"]


def test_a_selection_only_grows() -> None:
    """The losses of parts stay when a whole loss comes: they have sounded already."""
    selection = Selection(None)

    selection.update(["d_loss", "g_loss"])
    selection.update(["d_loss", "g_loss", "loss"])

    assert _sounding(selection) == ["loss", "d_loss", "g_loss"]
