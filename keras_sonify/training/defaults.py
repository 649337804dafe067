"""What sounds when the user named no metrics."""

import re
from collections.abc import Collection, Iterable, Sequence

from keras_sonify.training.directions import infer_direction
from keras_sonify.training.metrics import (
    is_accuracy,
    is_any_loss,
    is_count,
    is_loss,
    is_reward,
    is_setting,
    is_total,
)
from keras_sonify.training.names import (
    family_of,
    is_validation,
    read_name,
    split_words,
)

MOST = 6  # tones in a cue: who knows a training by heart follows no more

# What is trained for, where there is no loss beside an accuracy.
_OBJECTIVES = frozenset(["elbo", "objective", "likelihood", "energy", "reward"])
_ACCURACY = frozenset(["accuracy", "acc"])
_OF_EPOCH = re.compile(r"[_/]epoch$|^epoch[_/]", re.IGNORECASE)
_OF_STEP = re.compile(r"(.+)[_/]step|step[_/](.+)", re.IGNORECASE)


def rank_default(names: Collection[str]) -> list[str]:
    """Return what may sound when the user named no metrics, the most telling first.

    What an agent is rewarded with; the loss with its twin, then the accuracies. What a
    part of the loss is (of an output, `out_a_loss`) is left out where the loss is there
    as a whole. Where it is not, the losses of parts come first, on the training data
    before any other, be they `d_loss` and `g_loss`, `total_loss`, or what falls without
    being called so. Where there is neither loss nor accuracy, all sound, but for rates,
    times and their like.

    >>> rank_default(["val_loss", "loss", "out_a_loss", "out_a_acc", "auc", "acc"])
    ['loss', 'val_loss', 'acc', 'out_a_acc']
    >>> rank_default(["val_loss", "accuracy", "d_loss", "g_loss", "gp"])
    ['d_loss', 'g_loss', 'val_loss', 'accuracy']
    """
    known = _without_second_twins(_without_doubles(names))
    is_whole = any(is_loss(name) and not is_validation(name) for name in known)
    losses = [n for n in known if is_loss(n) or (not is_whole and is_any_loss(n))]
    if not _of_training(losses):
        losses += _with_twins(filter(_is_objective, known), known)
    found = _by_family([n for n in known if is_reward(n)])
    found += _by_side(losses) + _by_family([n for n in known if is_accuracy(n)])
    if not _of_training(losses):
        found += _others(known, found)
    return list(dict.fromkeys(found))


def left_out(names: Collection[str], chosen: Collection[str]) -> list[str]:
    """Return the losses and accuracies that do not sound, and what may be a loss."""
    might = rank_default(names)
    known = _without_doubles(names)
    has_loss = any(is_any_loss(name) for name in _of_training(known))
    might += [
        name
        for name in known
        if is_any_loss(name)
        or is_accuracy(name)
        or not (has_loss or infer_direction(name) or is_setting(name))
    ]
    return [name for name in dict.fromkeys(might) if name not in chosen]


def has_twin_to_come(name: str, names: Collection[str]) -> bool:
    """Whether a twin of a leading metric may come late, as with `validation_freq`."""
    leads = is_loss(name) or family_of(name) in _ACCURACY
    return leads and not any(is_validation(other) for other in names)


def _is_objective(name: str) -> bool:
    """Whether it may be what is trained for, though nobody calls it a loss."""
    words = split_words(name)
    return infer_direction(name) == "min" or not _OBJECTIVES.isdisjoint(words)


def _of_training(names: Iterable[str]) -> list[str]:
    return [name for name in names if not is_validation(name)]


def _with_twins(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return those of the training side, each followed by its twins."""
    families = dict.fromkeys(family_of(name) for name in _of_training(names))
    return _by_family([name for name in known if family_of(name) in families])


def _by_side(losses: Iterable[str]) -> list[str]:
    """Sort losses: training before validation, what is called a total before parts."""
    return sorted(losses, key=lambda name: (is_validation(name), not is_total(name)))


def _by_family(names: Sequence[str]) -> list[str]:
    """Sort by family, twins together: the overall accuracy first, then as they came."""
    families = list(dict.fromkeys(family_of(name) for name in names))

    def turn(name: str) -> tuple[bool, int, bool]:
        family = family_of(name)
        return family not in _ACCURACY, families.index(family), is_validation(name)

    return sorted(names, key=turn)


def _others(known: Sequence[str], found: Sequence[str]) -> list[str]:
    """Return what may sound where no loss of the training is known."""
    others = [name for name in known if not is_setting(name) and name not in found]
    trained = _of_training(others)
    if _of_training(found):  # accuracies
        goals = [n for n in trained if not _OBJECTIVES.isdisjoint(split_words(n))]
        return _with_twins(goals, known)
    told = [name for name in trained if infer_direction(name)] or trained
    if told or found:
        return _with_twins(told, known)
    return others or [name for name in known if not is_count(name)]


def _without_second_twins(names: Sequence[str]) -> list[str]:
    """Leave out tests of what is validated, too."""
    validated = {family_of(n) for n in names if read_name(n).side == "val"}
    return [
        name
        for name in names
        if read_name(name).side != "test" or family_of(name) not in validated
    ]


def _without_doubles(names: Collection[str]) -> list[str]:
    """Leave out what an epoch's value tells already: `loss_step` beside `loss`."""
    told = {read_name(name) for name in names}
    of_epochs = {read_name(name) for name in names if _OF_EPOCH.search(name)}

    def is_double(name: str) -> bool:
        if found := _OF_STEP.fullmatch(name):
            return read_name(found[1] or found[2]) in told
        return read_name(name) in of_epochs and not _OF_EPOCH.search(name)

    return [name for name in names if not is_double(name)]
