"""What a metric's name tells: family, side, direction, and its turn in a cue."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Direction = Literal["min", "max"]

_VALIDATION = "val_"
_NAMES = 1024  # remembered: they are asked for at every epoch's end

# Which way a metric improves, by the words of its name. Keras knows it only for its
# own metric objects (their private `_direction`), and raises for every other name.
_FALLING = frozenset(
    """
    loss error err mse mae mape msle rmse rmsle crossentropy hinge cosh logcosh nll
    perplexity ppl wer cer kl kld divergence poisson deviance brier eer distance
    hausdorff fpr fnr false penalty
    """.split(),  # noqa: SIM905 - forty words read better than forty strings
)
_RISING = frozenset(
    """
    acc accuracy auc auroc auprc prc precision recall sensitivity specificity f1 fbeta
    fscore score iou miou jaccard dice dsc r2 similarity correlation pearson
    concordance kappa mcc psnr ssim bleu rouge map ap ndcg mrr tpr tnr true topk reward
    """.split(),  # noqa: SIM905
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric of a run, as far as its name and Keras tell.

    Attributes:
        name: Key in `logs`.
        family: The name without `val_`. A family shares one range, so that the gap
            between training and validation is a pitch interval.
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
            validation=name != family,
            direction=direction,
        )


def family_of(name: str) -> str:
    """Return the name without its `val_`.

    >>> family_of("val_loss"), family_of("loss"), family_of("val_")
    ('loss', 'loss', 'val_')
    """
    return name.removeprefix(_VALIDATION) or name


@lru_cache(maxsize=_NAMES)
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
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", family_of(name))
    # Keras writes the class MeanIoU as mean_io_u.
    spaced = re.sub(r"io_?u(?![a-z])", "_iou_", spaced, flags=re.IGNORECASE)
    words = {word for word in re.split(r"[^a-zA-Z0-9]+", spaced.lower()) if word}
    return words | {word.rstrip("0123456789") for word in words}


def is_loss(name: str) -> bool:
    """Whether this is the loss that Keras minimises, on either side."""
    return family_of(name) == "loss"


@lru_cache(maxsize=_NAMES)
def is_accuracy(name: str) -> bool:
    """Whether this is an accuracy, however it was compiled.

    The key depends on how the metric was asked for: `acc`, `accuracy`,
    `binary_accuracy`, `sparse_categorical_accuracy`, or with the suffix that Keras
    gives to a metric made a second time in a process: `accuracy_1`.
    """
    family = re.sub(r"_\d+$", "", family_of(name)).lower()
    return family in {"acc", "accuracy"} or family.endswith(("_acc", "_accuracy"))


def select_default(names: Iterable[str]) -> list[str]:
    """Choose what sounds when the user named no metrics: losses and accuracies.

    What belongs to one output of a model with several (`out_a_loss`,
    `out_a_accuracy`) is left out: it sounds when asked for by name. Where there is
    neither a loss nor an accuracy, the losses of parts (`d_loss`, `g_loss`) sound, or
    all metrics of which it is known which way they improve.

    >>> select_default(["val_loss", "loss", "out_a_loss", "out_a_acc", "auc", "acc"])
    ['val_loss', 'loss', 'acc']
    """
    known = list(names)
    if not any(is_loss(name) or is_accuracy(name) for name in known):
        # A GAN, say: the losses of its parts, else all that can get better.
        parts = [name for name in known if name.endswith("_loss")]
        return parts or [name for name in known if infer_direction(name)]
    outputs = tuple(
        family_of(name).removesuffix("loss")
        for name in known
        if family_of(name).endswith("_loss")
    )
    return [
        name
        for name in known
        if is_loss(name)
        or (is_accuracy(name) and not (outputs and family_of(name).startswith(outputs)))
    ]


def in_cue_order(names: Iterable[str], asked: Sequence[str] = ()) -> list[str]:
    """Sort names as a cue plays them: loss, accuracy, others; training first.

    Args:
        names: The metrics to sort.
        asked: The user's list. Metrics that are neither the loss nor an accuracy
            keep its order. Defaults to `()`.

    >>> in_cue_order(["auc", "val_accuracy", "accuracy", "val_loss", "loss"])
    ['loss', 'val_loss', 'accuracy', 'val_accuracy', 'auc']
    """
    families = [family_of(name) for name in asked]

    def turn(name: str) -> tuple[int, int, str, bool]:
        family = family_of(name)
        group = 0 if is_loss(name) else 1 if is_accuracy(name) else 2
        place = families.index(family) if family in families else len(families)
        return group, place, family, name != family

    return sorted(names, key=turn)
