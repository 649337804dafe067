"""What a metric's name tells: family, side, direction, and its turn in a cue."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from keras_sonify.training.directions import Direction, infer_direction
from keras_sonify.training.names import NAMES, family_of, is_validation, split_words

# What is minimised is called so by those who give their losses names of their own.
_LOSSES = frozenset(["loss", "losses", "cost"])
_SPEEDS = frozenset(["fps", "throughput"])  # more is better, and yet no metric
_REWARDS = frozenset(["reward", "rew", "return", "returns"])
_SCATTER = frozenset(["std", "var"])
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


@lru_cache(maxsize=NAMES)
def is_reward(name: str) -> bool:
    """Whether this is what an agent is trained for: the loss beside it is no measure.

    >>> is_reward("rollout/ep_rew_mean"), is_reward("reward_loss"), is_reward("rew_std")
    (True, False, False)
    """
    words = set(split_words(family_of(name)))
    return bool(words & _REWARDS) and not (words & _SCATTER or is_any_loss(name))


def is_count(name: str) -> bool:
    """Whether this counts or clocks the training, or is its learning rate."""
    return is_setting(name) and (
        name == "learning_rate" or not _COUNTS.isdisjoint(split_words(name))
    )


@lru_cache(maxsize=NAMES)
def is_setting(name: str) -> bool:
    """Whether this is of the training, not of what it learns: a rate, a time."""
    words = split_words(name)
    if is_any_loss(name) or (infer_direction(name) and _SPEEDS.isdisjoint(words)):
        return False
    return not (_COUNTS | _SETTINGS).isdisjoint(words)


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
