"""Numbers with names in what people and programs print: `epoch 3 loss 0.12`."""

import re

from keras_sonify.training.directions import is_metric_name
from keras_sonify.training.names import SIDES

_LONGEST = 5000  # characters of a line with values
_EPOCHS = (
    # `Epoch [3/20]`, `epoch=3`, `'epoch': 0.4`, `Epoch(train) [3][1/6]`
    re.compile(
        r"\bepoch\b(?:\(\w+\))?['\"]?\s*[:=#]?\s*['\"]?[\[(]?\s*(\d+(?:\.\d+)?)",
        re.IGNORECASE,
    ),
    re.compile(r"^\[\s*(\d+)(?:,\s*\d+)?\]\s"),  # `[3,  2000] loss: 1.2`, XGBoost
    re.compile(r"\b(?:train|training): ?\[(\d+)/\d+\]", re.IGNORECASE),
)
_SIDES = {
    **{word: "" if side == "train" else "val_" for word, side in SIDES.items()},
    "validate": "val_",
}
# `valid loss`, `Epoch(val)`, after a time, or between bars: `... | INFO | valid | ...`.
_SIDE = re.compile(
    rf"(?:[\W\d]*+|.*\bepoch\(|.*\| *(?=\w+ *\|))({'|'.join(_SIDES)})\b", re.IGNORECASE
)
# LightGBM's `training's l2`, `valid_1's l2`.
_OWNER = re.compile(r"(?<=\w)'s(?= )")
_NUMBERED = re.compile(rf"({'|'.join(_SIDES)})_?\d+", re.IGNORECASE)
_NUMBER = r"[-+]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][-+]?\d{1,3})?|nan|inf"
_PAIR = re.compile(
    rf"(?<!\w)(?P<name>[A-Za-z][\w@./%-]*+(?:\s++[A-Za-z][\w@./-]*+){{0,3}})['\"]?"
    rf"(?P<sign>\s*[:=]\s*|\s+)['\"]?(?P<number>{_NUMBER})"
    rf"(?:/(?P<of>\d{{1,30}})(?=\s*\())?"
    rf"(?:\s*\((?P<mean>{_NUMBER})\))?(?=[\s,;|)\]}}'\"%]|$)"
)
_FILLING = frozenset(
    ["average", "avg", "mean", "running", "epoch", "set", "the", "info"]
)
_OTHER = frozenset(
    ["best", "max", "min", "target", "previous", "time", "speed", "elapsed"]
)
# What is printed beside values, and is none.
_NO_METRIC = re.compile(
    r"(?:.*_)?(?:epochs?|steps?|iters?|iterations?|batch|time|eta|mem|memory|seed|v_num"
    r"|runtime|per_second|flos|it|s|size)",
    re.IGNORECASE,
)


def find_epoch(line: str) -> float | None:
    """Return the epoch that a line is about; `None` if it does not say.

    >>> find_epoch("Epoch [3/20], Loss: 0.5"), find_epoch("epochs: 20")
    (3.0, None)
    """
    for pattern in _EPOCHS:
        if found := pattern.search(line[:_LONGEST]):
            return float(found[1])
    return None


def find_numbers(line: str) -> dict[str, float]:
    """Return the metrics in a line, under the names that Keras would give them.

    What has no sign before its number needs a name that metrics have. A side holds for
    what follows: in `train Loss: 0.5 Acc: 0.8` both are of the training.

    >>> find_numbers("Epoch 3 | Train Loss: 0.5 | Acc: 81% | Val Loss 0.7 Acc 80%")
    {'loss': 0.5, 'acc': 81.0, 'val_loss': 0.7, 'val_acc': 80.0}
    """
    line = _OWNER.sub("", line[:_LONGEST])
    if "train_runtime" in line:  # means of a whole training, at its end
        return {}
    begun = _SIDE.match(line)
    side = _SIDES[begun[1].lower()] if begun else ""
    values: dict[str, float] = {}
    for found in _PAIR.finditer(line):
        words = found["name"].split()
        if len(words) > 1 and (numbered := _NUMBERED.fullmatch(words[0])):
            words[0] = numbered[1]
        sides = [_SIDES[word.lower()] for word in words if word.lower() in _SIDES]
        side = sides[-1] if sides else side
        name = _name(words, has_sign=not found["sign"].isspace())
        if name is None:
            continue
        number = float(found["mean"] or found["number"])
        if found["of"] and float(found["of"]):
            number = float(found["number"]) / float(found["of"])
        values[f"{side}{name}" if side and not _SIDED.match(name) else name] = number
    return values


_SIDED = re.compile(rf"(?:{'|'.join(_SIDES)})[_/.]", re.IGNORECASE)


def _name(words: list[str], *, has_sign: bool) -> str | None:
    """Return what words before a number name, without its side; `None` if no metric."""
    lower = [word.lower() for word in words]
    if not _OTHER.isdisjoint(lower) or _NO_METRIC.fullmatch(lower[-1]):
        return None
    is_known = is_metric_name(lower[-1])
    if not is_known and not (has_sign and len(words) == 1) and lower[-1] != "lr":
        return None
    kept = [w for w in lower[:-1] if w not in _FILLING and w not in _SIDES]
    last = lower[-1] if words[-1].istitle() or words[-1].isupper() else words[-1]
    return "_".join([*kept[-1:], last]) if is_known else last
