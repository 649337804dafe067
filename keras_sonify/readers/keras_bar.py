"""What Keras prints while it trains, of all its versions: the lines, one by one."""

import re
from typing import NamedTuple

_HEAD = re.compile(r"Epoch (\d+)/(\d+)\s*(?:$|[\[=])")
# `verbose=1`: `313/313 [====] - 4s 9ms/step - ...`, since Keras 3 with another bar.
# Docker, a logger or `mpirun` may have put something before each line.
_DRAWN = re.compile(
    r"(?<![\w/.])(\d+)/(\d+|Unknown)\s*(?:\[[=>.]*\]|━|\d+\w*\s+\d+\w+/\w+)"
)
# `verbose=2`: `313/313 - 4s - ...`, ` - 4s - ...`, and before Keras 2 `4s - ...`.
_TOLD = re.compile(r"(?:^|(?<![\w/.])(?:(\d+)/(\d+|Unknown) )?- |[|>:] *)\d+s(?: -|\s)")
_PAIR = re.compile(r"(\S.{0,200}?): ?(-?(?:\d+\.?\d*(?:e[-+]\d+)?|nan|inf))(.*)")
# Keras rounds to four digits: what somebody else printed next is told from them.
_ROUNDED = re.compile(r"-?\d+\.\d{4}(?:e[-+]\d\d)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LONGEST = 20_000  # characters of a line of Keras


class Bar(NamedTuple):
    """A line with values.

    Attributes:
        is_done: Whether it is of the epoch's end, or may be: it is printed once more
            when the validation is over, too.
        is_last: Whether no other line of that epoch will come.
        values: The metrics, as they are printed.
        damaged: What stands where a value belongs, and is none.
    """

    is_done: bool
    is_last: bool
    values: dict[str, float]
    damaged: list[str]


def read_head(line: str) -> int | None:
    """Return the epoch of a line that begins one; `None` if it is none.

    >>> read_head("Epoch 3/20"), read_head("Epoch 3: val_loss improved")
    (3, None)
    """
    found = _HEAD.search(line[-_LONGEST:])
    return int(found[1]) if found else None


def read_bar(line: str) -> Bar | None:
    """Return what a line tells of an epoch under way, or done; `None` if nothing.

    >>> read_bar("10/10 - 4s - loss: 0.5").values
    {'loss': 0.5}
    """
    line = line[:_LONGEST]
    drawn = _DRAWN.search(line)
    found = drawn or _TOLD.search(line)
    if found is None:
        return None
    values: dict[str, float] = {}
    damaged: list[str] = []
    for part in line[found.start() :].split(" - "):
        pair = _PAIR.fullmatch(part.strip())
        if pair is None:
            continue
        number = _number(pair[2], pair[3])
        if number is None:
            damaged.append(part.strip())
        else:
            values[pair[1]] = number
        if pair[3].strip():
            break  # what follows is not Keras's
    place, of = found[1], found[2]
    is_done = of in {place, "Unknown"} and " ETA: " not in line
    return Bar(is_done, drawn is None, values, damaged)


def _number(text: str, rest: str) -> float | None:
    """Return a value; `None` if what follows makes another number of it."""
    if not rest.strip():
        return float(text)
    found = _ROUNDED.match(text + rest)
    after = (text + rest)[found.end() :] if found else rest
    is_date = bool(_DATE.match(after))
    if after[0] == "." or (after[0].isdigit() and not is_date):
        return None
    return float(found[0] if found else text)
