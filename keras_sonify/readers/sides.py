"""Training and validation in rows of their own, as the twins that they are."""

from collections.abc import Iterator, Mapping
from typing import Any

_PREFIXES = {
    "train": "",
    "training": "",
    "val": "val_",
    "valid": "val_",
    "validation": "val_",
    "eval": "val_",
    "dev": "val_",
    "test": "test_",
}
SIDE_KEYS = ("phase", "split", "mode", "stage", "subset")
"""What people call that which says the side of a row."""

_TWO = 2


def is_side(value: object) -> bool:
    """Whether something says that a row is of the training, or of the validation."""
    return isinstance(value, str) and value.strip().lower() in _PREFIXES


def is_validation_side(side: str) -> bool:
    """Whether a word for a side means other data than those that were trained on."""
    return bool(_PREFIXES.get(side.strip().lower()))


def named_with(side: str, name: str) -> str:
    """Return the name of a metric of one side, as Keras would call it.

    >>> named_with("val", "loss"), named_with("train", "loss"), named_with("fold", "x")
    ('val_loss', 'loss', 'fold-x')
    """
    prefix = _PREFIXES.get(side.strip().lower())
    if prefix is None:
        return f"{side}-{name}"
    return name if name.startswith(prefix) else f"{prefix}{name}"


def flat(entry: Any) -> Any:  # noqa: ANN401 - whatever JSON may hold
    """Return an entry whose sides, `{"train": {"loss": 0.9}}`, stand in the names."""
    return dict(_flatten(entry)) if isinstance(entry, Mapping) else entry


def _flatten(entry: Mapping[Any, Any]) -> Iterator[tuple[Any, Any]]:
    for key, value in entry.items():
        if isinstance(value, Mapping) and is_side(key):
            yield from ((named_with(key, str(name)), v) for name, v in value.items())
        else:
            yield key, value


def side_of(entry: Mapping[Any, Any]) -> str | None:
    """Return which key of an entry says its side; `None` if none does."""
    return next((key for key in SIDE_KEYS if is_side(entry.get(key))), None)


def with_side(entry: Mapping[Any, Any], key: str) -> dict[Any, Any]:
    """Return an entry whose names say the side that `key` said."""
    side = entry[key]
    return {
        name if name == "epoch" else named_with(side, str(name)): value
        for name, value in entry.items()
        if name != key
    }


def merge_sides(entries: list[Any]) -> list[Any]:
    """Put entries of two sides of one epoch together."""
    keys = [side_of(each) if isinstance(each, Mapping) else None for each in entries]
    sides = {each[key] for each, key in zip(entries, keys, strict=True) if key}
    if len(sides) < _TWO:
        return entries
    merged: list[Any] = []
    for entry, key in zip(entries, keys, strict=True):
        named = with_side(entry, key) if key else entry
        last: Any = merged[-1] if merged else None
        is_pair = isinstance(last, dict) and isinstance(named, dict)
        if is_pair and last.get("epoch") == named.get("epoch") is not None:
            last.update(named)
        else:
            merged.append(named)
    return merged
