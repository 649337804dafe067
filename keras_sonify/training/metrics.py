"""What a metric's name tells: family, side, direction, and its turn in a cue."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from keras_sonify.training.names import NAMES, family_of, is_validation, split_words

Direction = Literal["min", "max"]

# Which way a metric improves, by the words of its name. Keras knows it only for its
# own metric objects (their private `_direction`), and raises for every other name.
_FALLING = frozenset(
    """
    loss error err mse mae mape msle rmse rmsle crossentropy hinge cosh logcosh nll
    perplexity ppl wer cer kl kld divergence poisson deviance brier eer distance
    hausdorff fpr fnr false penalty cost
    """.split(),  # noqa: SIM905 - forty words read better than forty strings
)
_RISING = frozenset(
    """
    acc accuracy auc auroc auprc prc precision recall sensitivity specificity f1 fbeta
    fscore score iou miou jaccard dice dsc r2 similarity correlation pearson
    concordance kappa mcc psnr ssim bleu rouge map ap ndcg mrr tpr tnr true topk reward
    """.split(),  # noqa: SIM905
)
# What is minimised is called so by those who give their losses names of their own.
_LOSSES = frozenset(["loss", "losses", "cost"])
_TOTAL = frozenset(["total", "overall", "sum"])
# A name with such a word counts or clocks: it is of the training, not what it learns.
_COUNTS = frozenset(
    """
    lr epoch epochs step steps iter iters iteration iterations time timestamp seconds
    duration elapsed runtime eta fps index ep id epoche epoca hp hparam hparams
    """.split(),  # noqa: SIM905
)
_SETTINGS = frozenset(
    """
    rate speed throughput memory mem gpu cpu samples batch size momentum decay scale
    weight coefficient norm seed
    """.split(),  # noqa: SIM905
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric of a run, as far as its name and Keras tell.

    Attributes:
        name: Key in `logs`.
        family: The name without its side; see `names.read_name`. A family shares one
            range, so that the gap between training and validation is an interval.
        validation: Whether it was measured on the validation data.
        direction: `"min"` if lower is better, `"max"` if higher is better, `None`
            if that is not known.
    """

    name: str
    family: str
    validation: bool
    direction: Direction | None

    @classmethod
    def named(
        cls, name: str, directions: Mapping[str, Direction] | None = None
    ) -> "Metric":
        """Return what is known of the metric `name`.

        Args:
            name: Key in `logs`.
            directions: Dictionary from family to direction, where someone knows
                better than the name. Defaults to `None`.
        """
        family = family_of(name)
        direction = (directions or {}).get(family) or infer_direction(name)
        return cls(
            name=name,
            family=family,
            validation=is_validation(name),
            direction=direction,
        )


@lru_cache(maxsize=NAMES)
def infer_direction(name: str) -> Direction | None:
    """Guess from its name which way a metric improves; `None` where that is unclear.

    Falling words win over rising ones: a `dice_loss` is a loss.

    >>> infer_direction("val_out_a_loss"), infer_direction("AUC_1")
    ('min', 'max')
    >>> infer_direction("cosine_similarity"), infer_direction("learning_rate")
    ('max', None)
    """
    words = _words(name)
    if words & _FALLING:
        return "min"
    return "max" if words & _RISING else None


def _words(name: str) -> set[str]:
    """Split a name into its words in lower case, with and without their digits."""
    # Keras writes the class MeanIoU as mean_io_u.
    spaced = re.sub(r"io_?u(?![a-z])", "_iou_", family_of(name))
    words = {word for word in re.split(r"[^a-z0-9]+", spaced) if word}
    return words | {word.rstrip("0123456789") for word in words}


def is_loss(name: str) -> bool:
    """Whether this is the loss that is minimised as a whole, on either side."""
    return family_of(name) == "loss"


@lru_cache(maxsize=NAMES)
def is_any_loss(name: str) -> bool:
    """Whether this is a loss by a word of its name, whole or of a part: `d_loss`."""
    words = split_words(family_of(name))
    if not _LOSSES.intersection(words):
        return False
    return words[-1] in _LOSSES or not (_COUNTS | _SETTINGS).intersection(words)


@lru_cache(maxsize=NAMES)
def is_total(name: str) -> bool:
    """Whether this is called the sum of several losses."""
    return is_any_loss(name) and not _TOTAL.isdisjoint(split_words(name))


def is_count(name: str) -> bool:
    """Whether this counts or clocks the training, or is its learning rate."""
    return is_setting(name) and (
        name == "learning_rate" or not _COUNTS.isdisjoint(split_words(name))
    )


@lru_cache(maxsize=NAMES)
def is_setting(name: str) -> bool:
    """Whether this is of the training, not of what it learns: a rate, a time."""
    if is_any_loss(name) or infer_direction(name):
        return False
    return not (_COUNTS | _SETTINGS).isdisjoint(split_words(name))


@lru_cache(maxsize=NAMES)
def is_accuracy(name: str) -> bool:
    """Whether this is an accuracy, however it was compiled.

    The key depends on how the metric was asked for: `acc`, `accuracy`,
    `binary_accuracy`, `sparse_categorical_accuracy`, or with the suffix that Keras
    gives to a metric made a second time in a process: `accuracy_1`.
    """
    family = re.sub(r"_\d+$", "", family_of(name))
    return family in {"acc", "accuracy"} or family.endswith(("_acc", "_accuracy"))


def in_cue_order(names: Iterable[str], asked: Sequence[str] = ()) -> list[str]:
    """Sort names as a cue plays them: losses, accuracies, others; training first.

    Args:
        names: The metrics to sort.
        asked: The user's list. Metrics that are neither the loss nor an accuracy
            keep its order, after these. Defaults to `()`.

    >>> in_cue_order(["auc", "val_accuracy", "accuracy", "val_loss", "loss"])
    ['loss', 'val_loss', 'accuracy', 'val_accuracy', 'auc']
    """
    known = list(names)
    families = [family_of(name) for name in asked]
    is_whole = bool(asked) or any(
        is_loss(name) and not is_validation(name) for name in known
    )

    def turn(name: str) -> tuple[int, int, str, bool]:
        family = family_of(name)
        if is_whole and is_loss(name):
            group = 0
        elif not asked and is_any_loss(name):
            # A validation loss that is not of any of them comes after them.
            group = 1 if is_total(name) else 3 if is_loss(name) else 2
        else:
            group = 4 if is_accuracy(name) else 5
        place = families.index(family) if family in families else len(families)
        return group, place, family, is_validation(name)

    return sorted(known, key=turn)
