"""What the cells of a table hold: numbers, however people and programs write them."""

import re

ABSENT = frozenset(
    ["", "NA", "N/A", "n/a", "#N/A", "<NA>", "None", "none", "null", "NULL", "-", "--"]
)
"""What stands where there is no value."""

_LONGEST = 100  # characters of what is read, if it is more than `float` takes
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?:nan|inf)"
# As programs print what is a number to them: `[0.9]`, `tensor(0.9, device='cuda:0')`.
_WRAPPED = re.compile(
    rf"(?:[A-Za-z_][\w.]*\(|(?=\[))\[*\s*({_NUMBER})\s*\]*(?:,\s*\w+\s*=.*)?\)?",
    re.IGNORECASE,
)
# Units that do not scale: what is 1.2 K would be read wrong.
_WITH_UNIT = re.compile(
    rf"({_NUMBER})\s*(?:%|s|secs?|seconds?|ms|us|µs|min|mins|minutes|h|hours|dB|it/s|s/it)"
)
_FORTRAN = re.compile(r"([-+]?\d*\.?\d+)[dD]([-+]?\d+)")
_GROUPS = "[ \u00a0\u202f']"  # between thousands, besides the comma and the point
_SPACED = re.compile(rf"[-+]?\d{{1,3}}(?:{_GROUPS}\d{{3}})+(?:[.,]\d+)?")
_ENGLISH = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+\.\d*|[-+]?\d{1,3}(?:,\d{3}){2,}")
_EUROPEAN = re.compile(r"[-+]?\d{1,3}(?:\.\d{3})+,\d+|[-+]?\d{1,3}(?:\.\d{3}){2,}")
_POINTS = re.compile(r"[-+]?[1-9]\d{0,2}(?:\.\d{3})+")
_EITHER = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}")
_COMMA = re.compile(r"[-+]?\d*,\d+(?:[eE][-+]?\d+)?")


class Cells:
    """Reads the cells of one table, which are all written in one way.

    Args:
        separator: What parts the columns: where it is a comma, a comma within a cell
            rather parts thousands.

    Attributes:
        is_plain: Whether nothing was found so far that `float` would read wrong.
        doubt: Whether the last number could have been meant otherwise.
    """

    def __init__(self, separator: str) -> None:
        self._is_comma_decimal = None if separator == "," else True
        self.is_plain = True
        self.doubt = False

    def read(self, cell: str) -> float | None:
        """Return a cell's number; `None` if it holds no single one."""
        self.doubt = False
        text = cell.strip().replace("\u2212", "-")
        if not self.is_plain and _POINTS.fullmatch(text):
            return float(text.replace(".", ""))
        try:
            return float(text)
        except ValueError:
            return self._read_odd(text) if len(text) <= _LONGEST else None

    def _read_odd(self, text: str) -> float | None:
        if found := _WRAPPED.fullmatch(text):
            return float(found[1])
        if found := _FORTRAN.fullmatch(text):
            return float(f"{found[1]}e{found[2]}")
        if found := _WITH_UNIT.fullmatch(text):
            return float(found[1])
        text = text.removesuffix("%").rstrip()
        if _SPACED.fullmatch(text):
            text = re.sub(_GROUPS, "", text)
        elif _EUROPEAN.fullmatch(text):
            text = text.replace(".", "")
        if _ENGLISH.fullmatch(text) or (
            _EITHER.fullmatch(text) and not self._takes_comma_for_point()
        ):
            return float(text.replace(",", ""))
        if _COMMA.fullmatch(text):
            self._is_comma_decimal, self.is_plain = True, False
            text = text.replace(",", ".")
        try:
            return float(text)
        except ValueError:
            return None

    def _takes_comma_for_point(self) -> bool:
        """Whether `1,234` is a little more than one, not a little more than 1000."""
        self.doubt = self.is_plain
        return bool(self._is_comma_decimal)


_EPOCH = re.compile(r"(?:epoch\s*)?\[?(-?\d+)(?:\s*(?:/|of)\s*\d+)?\]?", re.IGNORECASE)


def read_epoch_words(cell: str) -> float | None:
    """Return the epoch in `Epoch 3` or `3/20`; `None` if there is none."""
    found = _EPOCH.fullmatch(cell.strip())
    return float(found[1]) if found else None
