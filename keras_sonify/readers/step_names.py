"""What people call the step of a row, and what they call the values of an epoch."""

from collections.abc import Sequence
from functools import lru_cache

from keras_sonify.readers.header import EPOCHS
from keras_sonify.training.names import is_validation

_STEPS = (
    "global_step",  # the training's own count, rather than that of who keeps the log
    "step",
    "iteration",
    "iter",
    "iterations",
    "itr",
    "num_updates",  # fairseq
    "batch",
    "batch_idx",
    "_step",  # how often W&B was given something
)
"""In lower case, the better ones first."""

_FOLDERS = ("", "train/", "trainer/")  # before them, as W&B has it
_WANDB = frozenset(["_runtime", "_timestamp"])
_SUMMARY = "train_runtime"  # of a Hugging Face trainer
_EPOCH, _STEP = "_epoch", "_step"
_KEPT = 256  # answers: the same names stand in each line


@lru_cache(maxsize=_KEPT)
def find_step(names: tuple[str, ...]) -> str | None:
    """Return which name is that of the step; `None` if none is.

    >>> find_step(("loss", "_step", "train/global_step")), find_step(("loss",))
    ('train/global_step', None)
    """
    known = {name.lower(): name for name in reversed(names)}
    ways = (f"{folder}{step}" for step in _STEPS for folder in _FOLDERS)
    return next((known[way] for way in ways if way in known), None)


@lru_cache(maxsize=_KEPT)
def find_epoch(names: tuple[str, ...]) -> str | None:
    """Return which name is that of the epoch, where steps are told, too."""
    known = {name.lower(): name for name in names}
    ways = (f"{folder}{epoch}" for folder in _FOLDERS for epoch in sorted(EPOCHS))
    return next((known[way] for way in ways if way in known), None)


@lru_cache(maxsize=_KEPT)
def is_place(name: str) -> bool:
    """Whether a name is that of a place or a time, in a log that tells steps."""
    lower = name.lower()
    bare = lower.removeprefix("trainer/").removeprefix("train/")
    return bare in _STEPS or bare in EPOCHS or lower in _WANDB


def is_summary(name: str) -> bool:
    """Whether what has this is of a training as a whole, and no point of it.

    >>> is_summary("train/train_runtime"), is_summary("eval_runtime")
    (True, False)
    """
    return name.rpartition("/")[2] == _SUMMARY


def base_names(names: Sequence[str]) -> list[str | None]:
    """Return the names without `_step` and `_epoch`; `None` for what is no metric.

    Lightning logs `train_loss_step`, and its mean as `train_loss_epoch`. The steps of a
    validation are no steps of the training.

    >>> base_names(["a_step", "a_epoch", "b", "val_a_step", "val_a_epoch"])
    ['a', 'a', 'b', None, 'val_a']
    """
    bases: list[str | None] = []
    for name in names:
        if is_place(name):
            bases.append(None)
            continue
        base = name.removesuffix(_EPOCH)
        if base == name and name.endswith(_STEP) and name != _STEP:
            base = name.removesuffix(_STEP)
            is_second = base in names or is_validation(base)
            if is_second and (base in names or f"{base}{_EPOCH}" in names):
                bases.append(None)
                continue
        bases.append(base)
    return bases


def base_name(name: str) -> str:
    """Return a name without `_step` or `_epoch`.

    >>> base_name("train_loss_step"), base_name("val_loss")
    ('train_loss', 'val_loss')
    """
    return name.removesuffix(_EPOCH).removesuffix(_STEP)


def is_of_epoch(name: str) -> bool:
    """Whether a name says that its value is of a whole epoch.

    >>> is_of_epoch("train_loss_epoch"), is_of_epoch("train_loss")
    (True, False)
    """
    return name.endswith(_EPOCH)
