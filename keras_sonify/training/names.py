"""What a name says of the data a metric was measured on, and what is left of it."""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Literal, NamedTuple

NAMES = 4096  # remembered: they are asked for at every epoch's end
_NAME_SETS = 64  # of one epoch each, remembered with what was looked for

Side = Literal["train", "val", "test"]

SIDES: dict[str, Side] = {
    "train": "train",
    "training": "train",
    "val": "val",
    "validation": "val",
    "valid": "val",
    "eval": "val",
    "evaluation": "val",
    "dev": "val",
    "test": "test",
    "testing": "test",
}
"""The words that say it, in lower case."""

# Within a name, the other words mean other things: `clean_on_test_images`.
_WITHIN = frozenset(["train", "training", "val", "validation"])
_FOLDERS = frozenset(["main", "metric", "metrics"])  # before a slash they say nothing
# After such a word `val` is a value and `test` a test: `max_val`, `t_test`.
_OF_VALUES = frozenset(
    "min max mean avg median std abs sum key best last eig chi f p q t x y z".split(),  # noqa: SIM905
)
_SHORT = frozenset(["val", "valid", "eval", "dev", "test"])
_LONGEST = 256  # characters; a longer name is nobody's: it is taken as it is
_PARTS = re.compile(r"[\s_./:()\[\]-]+|(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[\s./:()\[\]-]+|(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"[^\s_./:()\[\]-]+?(?=(?<=[a-z0-9])(?=[A-Z])|[\s_./:()\[\]-]|$)")
_EDGE = " \t_./:()[]-"


class Told(NamedTuple):
    """What a name tells.

    Attributes:
        side: Which data it was measured on; `None` if the name does not say.
        family: The name without that, in one way of writing: `Train Total-Loss`
            and `val_total_loss` are both of `total_loss`.
    """

    side: Side | None
    family: str


@lru_cache(maxsize=NAMES)
def read_name(name: str) -> Told:
    """Return what a name tells.

    People write the side before, after and within: `val_loss`, `Train Loss`,
    `loss/val`, `lossVal`, `metrics/val_loss`, `reg_val_loss`. That a value is of an
    epoch (`train_loss_epoch`) goes without saying.

    >>> read_name("val_loss"), read_name("Training Loss"), read_name("loss_epoch")
    (Told(side='val', family='loss'), Told(side='train', family='loss'), Told(side=None, family='loss'))
    >>> read_name("interval_loss").side, read_name("p_val").side, read_name("val_").side
    (None, None, None)
    """  # noqa: E501 - of a doctest
    side: Side | None = None
    if len(name) > _LONGEST:
        return Told(side, name)
    while found := _shorten(name):
        told, name = found
        side = side or told
    return Told(side, _BETWEEN.sub("_", name).lower())


def family_of(name: str) -> str:
    """Return the name without its side, in one way of writing.

    >>> family_of("val_loss"), family_of("Train Loss"), family_of("val_")
    ('loss', 'loss', 'val_')
    """
    return read_name(name).family


def is_validation(name: str) -> bool:
    """Whether a name says that it was measured on other than the training data."""
    return read_name(name).side in {"val", "test"}


def split_words(name: str) -> list[str]:
    """Return the words of a name in lower case."""
    return [word.lower() for word in _PARTS.split(name) if word]


def find_name(name: str, names: Collection[str]) -> str | None:
    """Return what a run calls a metric; `None` if it is not among `names`.

    That very name, else one of the same family and side. `test` is validation where
    there is no other, and where the training is measured beside it.

    >>> find_name("val_loss", ["train_loss", "Validation Loss"])
    'Validation Loss'
    >>> find_name("loss", ["train_loss", "val_loss"]), find_name("auc", ["acc"])
    ('train_loss', None)
    """
    return name if name in names else _find_kin(name, tuple(names))


@lru_cache(maxsize=_NAME_SETS)
def _find_kin(name: str, names: tuple[str, ...]) -> str | None:
    """Return which of these names is of the same family and side."""
    family, wants_validation = family_of(name), is_validation(name)
    found: dict[Side | None, str] = {}
    for other in names:
        told = read_name(other)
        if told.family == family:
            found.setdefault(told.side, other)
    trained = found.get(None, found.get("train"))
    if not wants_validation:
        return trained
    is_test = read_name(name).side == "test"
    return found.get("val", found.get("test") if trained or is_test else None)


def keras_name(name: str) -> str:
    """Return what Keras would have called a metric that begins with its side.

    >>> keras_name("Validation Loss"), keras_name("train/box_loss"), keras_name("auc")
    ('val_loss', 'box_loss', 'auc')
    """
    new = name.strip()
    # Names with spaces or of one capitalised word are nobody's metrics in Keras.
    if " " in new or (new.istitle() and "_" not in new):
        new = re.sub(r"[\s-]+", "_", new).lower()
    side = re.match(rf"({'|'.join(SIDES)})[_/.:-](?=.)", new, re.IGNORECASE)
    if side is None:
        return new
    rest = re.sub(r"(?<=.)[_/]epoch$", "", new[side.end() :])
    rest = rest.lower() if new[0].isupper() else rest
    return rest if SIDES[side[1].lower()] == "train" else f"val_{rest}"


def _shorten(name: str) -> tuple[Side | None, str] | None:
    """Take a word off that tells a side, or nothing; `None` if there is none."""
    words = list(_WORD.finditer(name))
    if len(words) < 2:  # noqa: PLR2004 - nothing would be left
        return None
    last = len(words) - 1
    # What leads is a side in the first place, then what ends, then what is within.
    is_bare = last == 1 and words[1][0].lower() in SIDES  # `metrics/val`
    for place in (0, last, *range(1, last)):
        word = words[place]
        text = word[0].lower()
        before, after = name[: word.start()], name[word.end() :]
        is_edge = place in {0, last}
        if is_edge and text == "epoch":
            return None, _joined(before, after)
        is_folder = place == 0 and text in _FOLDERS and after.startswith("/")
        if is_folder and not is_bare:
            return None, after.lstrip(_EDGE)
        if text not in SIDES:
            continue
        if place == 0 or (
            not (text in _SHORT and words[place - 1][0].lower() in _OF_VALUES)
            and (is_edge or text in _WITHIN or _is_at_slash(before, after))
        ):
            return SIDES[text], _joined(before, after)
    return None


def _is_at_slash(before: str, after: str) -> bool:
    return before.endswith("/") or after.startswith("/")


def _joined(before: str, after: str) -> str:
    """Return what is left of a name without the word in between."""
    before, after = before.rstrip(_EDGE), after.lstrip(_EDGE)
    return f"{before}_{after}" if before and after else before or after.rstrip(")]")
