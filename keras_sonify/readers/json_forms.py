"""The many forms in which a history is kept as JSON, or in memory, as one of two.

These are columns, `{"loss": [0.9, 0.5]}`, and entries, `[{"loss": 0.9}, ...]`.
"""

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from keras_sonify.readers.cells import Cells
from keras_sonify.readers.sides import flat, merge_sides, named_with

_PLACE = re.compile(r"(?:epoch[_ ]?)?(\d+)", re.IGNORECASE)


def in_plain_form(document: object) -> object:
    """Return a history as columns or as entries; anything else as it is."""
    if isinstance(document, list):
        return merge_sides([flat(entry) for entry in document])
    if not isinstance(document, Mapping):
        return document
    if isinstance(document.get("history"), Mapping | list):
        return in_plain_form(document["history"])
    if _has_columns(document):
        return _in_columns(document)
    return _from_parts(document)


def _from_parts(document: Mapping[Any, Any]) -> object:
    """Return a history whose columns or entries stand below names or numbers."""
    inner = {key: each for key, each in document.items() if isinstance(each, Mapping)}
    if inner and all(_is_series(each) for each in inner.values()):
        return _from_series(inner)
    if inner and all(_PLACE.fullmatch(str(key)) for key in inner):
        return [
            {"epoch": int(_PLACE.sub(r"\1", str(key))), **flat(each)}
            for key, each in inner.items()
        ]
    parts = {key: each for key, each in inner.items() if _has_columns(each)}
    if len(parts) == 1:  # among settings, say
        return _in_columns(next(iter(parts.values())))
    named = {
        named_with(str(key), str(name)): values
        for key, part in parts.items()
        for name, values in part.items()
    }
    return named or document


def as_number(value: object) -> object:
    """Return the number in a text; anything else as it is."""
    if not isinstance(value, str):
        return value
    number = Cells(",").read(value)
    return value if number is None else number


def _in_columns(document: Mapping[Any, Any]) -> object:
    """Return columns in which that of the epochs is called as Keras calls it."""
    names, rows = document.get("columns"), document.get("data")
    if isinstance(names, list) and isinstance(rows, list):  # pandas, orient="split"
        return [
            dict(zip(map(str, names), row, strict=False))
            for row in rows
            if isinstance(row, list)
        ]
    if isinstance(document.get("epochs"), list) and "epoch" not in document:
        return {"epoch" if k == "epochs" else k: v for k, v in document.items()}
    return document


def _has_columns(document: Mapping[Any, Any]) -> bool:
    return any(map(is_column, document.values()))


def is_column(values: object) -> bool:
    """Whether this is a series of values: a list, an array, a deque, a generator."""
    return isinstance(values, Iterable) and not isinstance(
        values, str | bytes | Mapping | AbstractSet
    )


def _is_series(document: Mapping[Any, Any]) -> bool:
    """Whether this is a column by place, as pandas writes it: `{"0": 0.9}`."""
    return bool(document) and all(
        str(key).isdecimal() and not isinstance(value, Mapping | list)
        for key, value in document.items()
    )


def _from_series(columns: Mapping[Any, Mapping[Any, Any]]) -> list[dict[str, Any]]:
    entries: dict[str, dict[str, Any]] = {}
    for name, column in columns.items():
        for place, value in column.items():
            entry = entries.setdefault(str(place), {"epoch": int(place)})
            entry[str(name)] = value
    return list(entries.values())
