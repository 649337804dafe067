"""Training and validation are told apart however people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_sonify.readers.rows import metric_names
from keras_sonify.training.metrics import Metric
from keras_sonify.training.names import (
    family_of,
    find_name,
    is_validation,
    keras_name,
    read_name,
)

# As they stand in logs that people keep, and in other frameworks' code.
_TWINS = """
loss | val_loss
accuracy | val_accuracy
train_loss | val_loss
training_loss | validation_loss
train_loss | valid_loss
train_loss | test_loss
train_loss | dev_loss
loss | eval_loss
loss_train | loss_val
acc_train | acc_valid
f1_train | f1_val
d_train | d_val
loss/train | loss/val
loss/train | loss/validation
Loss/train | Loss/test
train/loss | val/loss
Train/Loss | Val/Loss
train/box_loss | val/box_loss
loss/train/total | loss/val/total
train/loss/g/total | val/loss/g/total
metrics/train_loss | metrics/val_loss
main/loss | validation/main/loss
main/accuracy | val_main/accuracy
Loss | Val_Loss
Train_Loss | Valid_Loss
Train_Total_Loss | val_total_loss
TRAIN_LOSS | VAL_LOSS
Train Loss | Validation Loss
Training Loss | Validation Loss
train loss | valid loss
Loss (train) | Loss (val)
loss[train] | loss[val]
trainLoss | valLoss
TrainLoss | ValLoss
trainingLoss | validationLoss
lossTrain | lossVal
trainTotalLoss | valTotalLoss
trainAUC | valAUC
train-loss | val-loss
train.loss | val.loss
train:loss | val:loss
train_loss_epoch | val_loss_epoch
train_loss_epoch | val_loss
loss_epoch | val_loss
epoch_loss | epoch_val_loss
reg_loss | reg_val_loss
cls_accuracy | cls_val_accuracy
fine_tune_loss | fine_tune_val_loss
arc_train_mf | arc_val_mf
res50_train/loss | res50_valid/loss
train_loss | val_train_loss
损失 | val_损失
"""
_NO_SIDES = """
interval_loss p_val max_val min_val best_val key_val t_test chi_test testament
trainable validity evaluate devices contest loss auc_1 clean_on_test_images
val train validation val_ _val test
"""


@pytest.mark.parametrize("pair", _TWINS.strip().splitlines())
def test_twins_are_one_family_of_two_sides(pair: str) -> None:
    """However they are written, so that they share a range and sound on two sides."""
    train, val = (Metric.named(name.strip()) for name in pair.split("|"))

    assert train.family == val.family
    assert (train.validation, val.validation) == (False, True)
    assert train.direction == val.direction


@pytest.mark.parametrize("pair", _TWINS.strip().splitlines())
def test_logs_are_read_as_values_are_taken(pair: str) -> None:
    """A reader may find another name for a column, but never another meaning."""
    names = metric_names([name.strip() for name in pair.split("|")])

    for column, name in names.items():
        assert family_of(name) == family_of(column)
        assert is_validation(name) == is_validation(column)


@pytest.mark.parametrize("name", _NO_SIDES.split())
def test_a_word_that_only_looks_so_tells_no_side(name: str) -> None:
    """Names are not cut where letters, or `val` for a value, only happen to be."""
    assert read_name(name) == (None, name)


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("Validation Loss", "val_loss"),
        ("Train_Loss", "loss"),
        ("eval/loss", "val_loss"),
        ("train/box_loss", "box_loss"),
        ("train_loss_epoch", "loss"),
        ("Accuracy", "accuracy"),
        ("reg_val_loss", "reg_val_loss"),
        ("lossVal", "lossVal"),
        ("metrics/mAP50(B)", "metrics/mAP50(B)"),
        ("val_", "val_"),
    ],
)
def test_readers_name_what_begins_with_its_side(column: str, name: str) -> None:
    """All other names stay their writer's own."""
    assert keras_name(column) == name


@pytest.mark.parametrize(
    ("name", "names", "found"),
    [
        ("val_loss", ["loss", "val_loss", "valid_loss"], "val_loss"),
        ("val_loss", ["Loss", "Validation Loss"], "Validation Loss"),
        ("val_loss", ["train_loss", "test_loss"], "test_loss"),
        ("val_loss", ["train_loss", "test_loss", "dev_loss"], "dev_loss"),
        ("val_loss", ["test_loss"], None),
        ("test_loss", ["Test Loss"], "Test Loss"),
        ("loss", ["val_loss", "training_loss"], "training_loss"),
        ("loss", ["val_loss", "d_loss"], None),
        ("train_loss", ["loss"], "loss"),
        ("loss", ["main/accuracy", "main/loss"], "main/loss"),
        ("val_loss", ["metrics/val_loss"], "metrics/val_loss"),
        ("auc", [], None),
    ],
)
def test_a_metric_is_found_by_another_name(
    name: str, names: list[str], found: str | None
) -> None:
    """Its own name counts first; a test is validation only beside a training."""
    assert find_name(name, names) == found


def test_a_name_of_hundreds_of_words_is_taken_as_it_is() -> None:
    """Nobody wrote it to be heard; to look at each of its words would take seconds."""
    name = "val_" * 100

    assert read_name(name) == (None, name)


@given(st.text(max_size=300))
def test_any_text_is_a_name(name: str) -> None:
    """What is left of it says nothing more of sides, and it is found by itself."""
    family = family_of(name)

    assert read_name(family).family == family
    assert find_name(name, ["loss", name]) == name


_WORDS = st.sampled_from("loss g d total box cls acc f1 reg main top5".split())  # noqa: SIM905


@given(
    words=st.lists(_WORDS, min_size=1, max_size=4),
    between=st.sampled_from(["_", "/", ".", "-"]),
    side=st.sampled_from(["val", "valid", "validation", "eval", "dev"]),
)
def test_a_side_may_lead_any_name(words: list[str], between: str, side: str) -> None:
    """Before it, and after its last word, a side means the same."""
    name = between.join(words)

    for twin in (f"{side}_{name}", f"{name}/{side}"):
        assert family_of(twin) == family_of(name)
        assert is_validation(twin)
    assert not is_validation(name)
