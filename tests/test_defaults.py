"""What sounds by default, whatever a training calls its metrics."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_sonify.training.defaults import MOST, rank_default
from keras_sonify.training.metrics import is_any_loss
from keras_sonify.training.names import is_validation
from keras_sonify.training.selection import ALL, Selection

_MANY = 40


def _selection(*epochs: str) -> Selection:
    selection = Selection(None)
    for names in epochs:
        selection.update(names.split())
    return selection


def _sounding(*epochs: str) -> list[str]:
    return [metric.name for metric in _selection(*epochs).metrics]


@pytest.mark.parametrize(
    ("names", "cue"),
    [
        ("loss val_loss accuracy val_accuracy", "loss val_loss accuracy val_accuracy"),
        ("d_loss g_loss val_loss", "d_loss g_loss val_loss"),
        ("d_loss g_loss d_accuracy", "d_loss g_loss d_accuracy"),
        ("critic_loss generator_loss val_loss", "critic_loss generator_loss val_loss"),
        ("total_loss rpn_score_loss accuracy", "total_loss rpn_score_loss accuracy"),
        ("train_loss val_loss train_acc", "train_loss val_loss train_acc"),
        ("training_loss validation_loss", "training_loss validation_loss"),
        ("lossD lossG val_loss", "lossD lossG val_loss"),
        ("loss/g/total loss/d/total lr", "loss/d/total loss/g/total"),
        ("loss_cls loss_box total_loss", "total_loss loss_box loss_cls"),
        ("cost accuracy", "cost accuracy"),
        ("nll val_nll accuracy", "accuracy nll val_nll"),
        ("elbo val_loss", "val_loss elbo"),
        ("elbo accuracy", "accuracy elbo"),
        ("elbo recon beta learning_rate", "elbo recon"),
        ("ep_rew_mean loss entropy_loss", "loss ep_rew_mean"),
        ("reward_loss reward_std lr", "reward_loss"),
        ("mystery val_mystery time", "mystery val_mystery"),
        ("auc grad_norm", "auc"),
        ("fps auc throughput", "auc"),
        ("grad_norm lr", "grad_norm"),
        ("loss mae val_loss val_mae", "loss val_loss"),
        ("val_loss val_auc", "val_loss"),
        ("train_loss test_loss test_acc", "train_loss test_loss test_acc"),
        ("train_loss val_loss test_loss", "train_loss val_loss"),
        ("loss_step loss_epoch", "loss_epoch"),
        ("train_loss train_loss_step train_loss_epoch", "train_loss_epoch"),
        ("loss loss_step", "loss"),
        ("loss_step", "loss_step"),
        ("learning_rate lr epoch step time", ""),
    ],
)
def test_what_sounds_is_what_tells(names: str, cue: str) -> None:
    """Losses and accuracies; what may be a loss where there is none; never a clock."""
    for order in itertools.permutations(names.split()):
        sounding = _sounding(" ".join(order))
        assert sorted(sounding) == sorted(cue.split())
    assert _sounding(names) == cue.split()


@pytest.mark.parametrize(
    "late", ["val_loss", "accuracy val_accuracy", "val_loss accuracy", "loss"]
)
@pytest.mark.parametrize(
    "early", ["d_loss g_loss", "total_loss a_loss", "elbo recon", "train_nll"]
)
def test_what_has_been_heard_is_heard_on(early: str, late: str) -> None:
    """Whatever comes late takes a place, and none from what is there."""
    sounding = _sounding(early, early, f"{early} {late}", early)

    assert {*early.split(), late.split(maxsplit=1)[0]} <= set(sounding)


def test_a_model_of_several_outputs_sounds_its_accuracies() -> None:
    """The losses of its outputs, which the loss is the sum of, are named instead."""
    names = "cls_accuracy cls_loss loss par_accuracy par_loss".split()  # noqa: SIM905

    selection = _selection(" ".join([*names, *(f"val_{name}" for name in names)]))

    assert [metric.name for metric in selection.metrics] == [
        "loss",
        "val_loss",
        "cls_accuracy",
        "val_cls_accuracy",
        "par_accuracy",
        "val_par_accuracy",
    ]
    assert set(selection.left_out) == {
        "cls_loss",
        "par_loss",
        "val_cls_loss",
        "val_par_loss",
    }


def test_six_sound_at_most_the_most_telling_first() -> None:
    """The loss and the overall accuracy stay, the others are named."""
    heads = [f"{v}class_{i}_accuracy" for i in range(_MANY) for v in ("", "val_")]
    names = [*heads, "accuracy", "val_accuracy", "val_loss", "loss"]

    selection = _selection(" ".join(names))

    sounding = [metric.name for metric in selection.metrics]
    assert sounding[:4] == ["loss", "val_loss", "accuracy", "val_accuracy"]
    assert len(sounding) == MOST
    assert {*sounding, *selection.left_out} == set(names)


def test_training_losses_come_before_validation_where_there_are_many() -> None:
    """Of four parts with their twins, all four are heard on the training data."""
    parts = ["box", "seg", "cls", "dfl"]

    sounding = _sounding(
        " ".join(f"{side}/{part}_loss" for side in ("val", "train") for part in parts)
    )

    assert {f"train/{part}_loss" for part in parts} < set(sounding)
    assert len(sounding) == MOST


def test_a_total_has_its_place_among_many() -> None:
    """Wherever it stands, it tells more than any part."""
    parts = " ".join(f"part{place}_loss" for place in range(_MANY))

    assert _sounding(f"{parts} total_loss")[0] == "total_loss"


def test_what_may_be_a_loss_is_named_beside_accuracies() -> None:
    """It does not sound, since it may as well be a number of layers."""
    selection = _selection("accuracy layers auc lr")

    assert [metric.name for metric in selection.metrics] == ["accuracy"]
    assert selection.left_out == ("layers",)


def test_twins_find_room_when_they_come_late() -> None:
    """With `validation_freq` they come after the others have been chosen."""
    heads = " ".join(f"class_{i}_accuracy" for i in range(_MANY))
    early = f"{heads} accuracy loss"

    sounding = _sounding(early, f"{early} val_loss val_accuracy")

    assert sounding[:4] == ["loss", "val_loss", "accuracy", "val_accuracy"]
    assert len(sounding) == MOST


def test_no_accuracy_takes_the_last_place_without_its_twin() -> None:
    """Half a pair would leave no gap to be heard."""
    sounding = _sounding("a_loss b_loss c_loss d_loss e_loss acc val_acc")

    assert sounding == ["a_loss", "b_loss", "c_loss", "d_loss", "e_loss"]


def test_a_test_at_the_end_has_no_place_beside_the_others() -> None:
    """It is made once, of the trained model."""
    assert _sounding("train_loss val_acc", "test_loss") == ["train_loss", "val_acc"]
    assert _sounding("test_loss test_acc") == ["test_loss", "test_acc"]


def test_what_was_no_number_at_first_sounds_once_it_is() -> None:
    """A text among the values is no metric, and `None` may become one."""
    selection = Selection(None)

    selection.update(["elbo"], ["note", "recon"])
    selection.update(["elbo", "recon"], ["note"])

    assert [metric.name for metric in selection.metrics] == ["elbo", "recon"]


def test_all_means_all_but_the_learning_rate() -> None:
    """Every metric that comes sounds, however many, and none is missing."""
    names = [f"x{i}" for i in range(_MANY)]
    selection = Selection(ALL)

    selection.update([*names, "learning_rate"], ["note"])
    selection.update(["late", *names])

    assert {metric.name for metric in selection.metrics} == {"late", *names}
    assert selection.missing(at_end=True) == []
    assert selection.left_out == ()


def test_a_metric_may_be_asked_for_as_keras_calls_it() -> None:
    """Its own name and Keras's name are both understood."""
    selection = Selection(["loss", "val_loss", "valid_auc", "nope"])

    selection.update(["training_loss", "Validation Loss", "val_auc"])

    assert [metric.name for metric in selection.metrics] == [
        "training_loss",
        "Validation Loss",
        "val_auc",
    ]
    assert selection.missing(at_end=True) == ["nope"]


_NAMES = st.lists(
    st.sampled_from(
        """
        loss val_loss train_loss valid_loss test_loss d_loss g_loss total_loss
        val_d_loss loss_step loss_epoch accuracy val_accuracy a_acc val_a_acc auc
        val_auc mae elbo recon lr time grad_norm
        """.split()  # noqa: SIM905
    ),
    unique=True,
    max_size=12,
)


@given(st.lists(_NAMES, max_size=5))
def test_a_selection_grows_up_to_six(epochs: list[list[str]]) -> None:
    """Of names that have come, and each once."""
    selection = Selection(None)
    heard: list[str] = []
    for names in epochs:
        selection.update(names)
        now = [metric.name for metric in selection.metrics]
        assert set(heard) <= set(now)
        assert len(now) == len(set(now)) <= MOST
        heard = now
    assert set(heard) <= set(itertools.chain(*epochs))
    assert not set(heard) & set(selection.left_out)


@given(_NAMES)
def test_training_losses_come_first(names: list[str]) -> None:
    """None is pushed out by a validation loss, an accuracy or anything else."""
    ranked = rank_default(names)

    losses = [n for n in ranked if is_any_loss(n) and not is_validation(n)]
    assert ranked[: len(losses)] == losses
    assert losses or not any(is_any_loss(n) and not is_validation(n) for n in names)


@given(_NAMES)
def test_something_sounds_where_there_is_something_to_hear(names: list[str]) -> None:
    """But for clocks and rates, nobody is left in silence without a word."""
    selection = Selection(None)

    selection.update(names)

    assert selection.metrics or set(names) <= {"lr", "time"}
