"""What the names of metrics tell, for the names that Keras really gives."""

import itertools

import pytest

from keras_sonify.training.defaults import rank_default
from keras_sonify.training.directions import infer_direction
from keras_sonify.training.metrics import (
    Metric,
    in_cue_order,
    is_accuracy,
    is_loss,
)
from keras_sonify.training.names import family_of

# Names as Keras and its users give them.
_FALLING = """
loss val_loss loss_1 out_a_loss val_out_a_loss dice_loss mean_squared_error mse MAE
mean_absolute_percentage_error root_mean_squared_error binary_crossentropy
sparse_categorical_crossentropy categorical_hinge log_cosh logcosh kl_divergence
poisson false_positives val_false_negatives_2 perplexity char_error_rate fnr
MeanSquaredError_1 customLoss
"""
_RISING = """
accuracy acc val_accuracy accuracy_1 binary_accuracy TopKCategoricalAccuracy_1
top_k_categorical_accuracy auc AUC auc_1 val_auc_2 prc precision recall_3 f1_score
fbeta_score r2_score R2Score cosine_similarity true_positives true_negatives
sensitivity_at_specificity precision_at_recall pearson_correlation
concordance_correlation binary_io_u io_u mean_io_u one_hot_mean_io_u mean_iou acc5
"""


@pytest.mark.parametrize(
    ("name", "family", "validation"),
    [
        ("loss", "loss", False),
        ("val_loss", "loss", True),
        ("val_out_a_loss", "out_a_loss", True),
        ("validity", "validity", False),
        ("interval_loss", "interval_loss", False),
        ("val_", "val_", False),
        ("", "", False),
    ],
)
def test_a_family_is_the_name_without_val(
    name: str,
    family: str,
    validation: bool,
) -> None:
    """A leading `val_`, and only that, marks the validation side of a family."""
    metric = Metric.named(name)

    assert (metric.name, metric.family) == (name, family)
    assert metric.validation is validation
    assert family_of(name) == family


@pytest.mark.parametrize(
    "name",
    _FALLING.split(),
)
def test_falling_metrics_are_known(name: str) -> None:
    """Losses, errors and false counts improve as they fall."""
    assert infer_direction(name) == "min"


@pytest.mark.parametrize(
    "name",
    _RISING.split(),
)
def test_rising_metrics_are_known(name: str) -> None:
    """Accuracies, scores and true counts improve as they rise."""
    assert infer_direction(name) == "max"


@pytest.mark.parametrize(
    "name",
    ["learning_rate", "lr", "mean", "sum", "grad_norm", "glossary", "", "123", "µ"],
)
def test_unclear_names_have_no_direction(name: str) -> None:
    """Words are matched whole: where none is known, no direction is claimed."""
    assert infer_direction(name) is None


def test_who_knows_better_than_the_name_is_believed() -> None:
    """A given direction holds for both sides of the family and for no other."""
    directions = {"my_loss": "max", "gain": "min"}

    described = [
        Metric.named(name, {"my_loss": "max", "gain": "min"}).direction
        for name in ("my_loss", "val_my_loss", "gain", "val_gain", "loss")
    ]

    assert described == ["max", "max", "min", "min", "min"]
    assert directions == {"my_loss": "max", "gain": "min"}


def test_loss_and_accuracy_are_recognised() -> None:
    """The loss is one name; accuracies come under several, with suffixes."""
    names = ["loss", "val_loss", "out_a_loss", "acc", "val_binary_accuracy_3", "auc"]

    assert [name for name in names if is_loss(name)] == ["loss", "val_loss"]
    assert [name for name in names if is_accuracy(name)] == [
        "acc",
        "val_binary_accuracy_3",
    ]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param(
            ["accuracy", "loss", "val_accuracy", "val_loss", "learning_rate"],
            ["loss", "val_loss", "accuracy", "val_accuracy"],
            id="usual",
        ),
        pytest.param(["loss", "mae", "val_mae"], ["loss"], id="regression"),
        pytest.param(
            ["loss", "a_loss", "b_loss", "a_accuracy", "b_acc", "val_a_accuracy"],
            ["loss", "a_accuracy", "val_a_accuracy", "b_acc"],
            id="several outputs",
        ),
        pytest.param(
            ["loss", "sparse_categorical_accuracy", "accuracy_1"],
            ["loss", "sparse_categorical_accuracy", "accuracy_1"],
            id="other accuracies",
        ),
        pytest.param(["auc", "grad_norm"], ["auc"], id="neither"),
        pytest.param(["d_loss", "gp", "g_loss"], ["d_loss", "g_loss"], id="gan"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_default_is_losses_and_accuracies(
    names: list[str],
    expected: list[str],
) -> None:
    """Without a choice of the user, the loss and the accuracies sound."""
    assert rank_default(names) == expected


def test_cue_order_does_not_depend_on_the_order_of_logs() -> None:
    """Loss, accuracy, others; training before validation, however `logs` come."""
    order = ["loss", "val_loss", "accuracy", "val_accuracy", "auc"]

    for shuffled in itertools.permutations(order):
        assert in_cue_order(shuffled) == order


def test_others_keep_the_order_of_the_user() -> None:
    """Metrics beside loss and accuracy sound as they were asked for."""
    asked = ["recall", "val_auc", "loss", "auc", "precision"]

    ordered = in_cue_order(asked, asked)

    assert ordered == ["loss", "recall", "auc", "val_auc", "precision"]
    assert in_cue_order(["a_loss", "auc"], ["auc", "a_loss"]) == ["auc", "a_loss"]
