r"""Text from anywhere, made harmless where it leaves: on screens, and in tables.

The name of a metric, of a log or of a directory may come from another machine. Within a
run it is what it is; only what is told or written is changed, and in one way: what
cannot be seen, but would steer a terminal, turn the direction of text, or hide in it,
is told by its code, as `\x1b`. So it is seen, and two names stay two.
"""

import re
import unicodedata

# Control characters, with which escape sequences begin; what parts lines; what turns
# the direction of text; what Unicode lets a screen leave out; halves of characters, and
# what is none at all, which XML forbids.
_UNSEEN = (
    "\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
UNSEEN = re.compile(f"[{_UNSEEN}]")
"""A character that cannot be seen, wherever it stands."""

# Of these, some are wanted where they join or choose what can be seen.
_FLAG = "\U0001f3f4[\U000e0030-\U000e007a]{3,6}\U000e007f"  # as that of Scotland
_FOUND = re.compile(f"{_FLAG}|[{_UNSEEN}]")
_NO_JOINER, _JOINER = "\u200c", "\u200d"
_VARIANTS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_KEYCAP = "\u20e3"
_VIRAMA = 9  # the class of signs, in the scripts of India, at which one joins

# What spreadsheets take for the beginning of a formula, in its wide forms, too.
_FORMULA = r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]"
_RUNS = re.compile(f"'*{_FORMULA}")
_IS_GUARDED = re.compile(f"'+{_FORMULA}")
# Where `;` parts cells, quotes in the middle of one do not keep it together.
_NEXT_RUNS = re.compile(rf";(?=[\s'\"]*{_FORMULA})")

_CODE = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U000[0-9a-f]{5})")


def shown(text: str) -> str:
    r"""Return a text as one line, in which all that there is can be seen.

    The world's scripts stay as they are, with the signs that join their letters, and so
    do emoji. What was shown may be shown again: nothing more changes.

    >>> print(shown("a\tb\x1b[2J précision 精度 🔥"))
    a\x09b\x1b[2J précision 精度 🔥
    """
    return _FOUND.sub(_seen, text)


def to_cell(text: str) -> str:
    r"""Return a text as a cell of a table; `from_cell` returns it.

    No screen obeys it, and no spreadsheet runs it: an apostrophe before what would be a
    formula says that it is text.

    >>> to_cell("=1+1"), to_cell("loss"), to_cell("'=1"), to_cell("-2.5")
    ("'=1+1", 'loss', "''=1", "'-2.5")
    >>> print(to_cell("\x1b[2J"), to_cell("\\x1b[2J"))
    \x1b[2J \x5cx1b[2J
    """
    # What looks like a code from the beginning must not become a character.
    text = _CODE.sub(lambda c: f"\\x5c{c[0][1:]}" if _is_ours(c) else c[0], text)
    text = _NEXT_RUNS.sub(r"\\x3b", shown(text))
    return f"'{text}" if _RUNS.match(text) else text


def from_cell(cell: str) -> str:
    r"""Return the text that `to_cell` made a cell of.

    >>> from_cell("'=1+1"), from_cell("loss"), from_cell("'loss'")
    ('=1+1', 'loss', "'loss'")
    """
    text = cell[1:] if _IS_GUARDED.match(cell) else cell
    return _CODE.sub(lambda c: _char(c) if _is_ours(c) else c[0], text)


def _char(code: re.Match[str]) -> str:
    return chr(int(code[0].lstrip("\\xuU"), 16))


def _is_ours(code: re.Match[str]) -> bool:
    """Whether what looks like a code stands for what is written so."""
    char = _char(code)
    return char in "\\;" or UNSEEN.match(char) is not None


def _seen(found: re.Match[str]) -> str:
    char, start, end = found[0], found.start(), found.end()
    before, after = found.string[max(start - 2, 0) : start], found.string[end : end + 1]
    if len(char) > 1 or _is_wanted(before, char, after):
        return char
    code = ord(char)
    if code <= 0xFF:  # noqa: PLR2004 - as Python writes them
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004


def _is_wanted(before: str, char: str, after: str) -> bool:
    """Whether a joiner or a choice of a variant does what it is there for."""
    last = before[-1:]
    if char in {_NO_JOINER, _JOINER}:
        symbol = before[0] if _VARIANTS.fullmatch(last) else last
        return (
            _is_virama(last)
            or (_is_letter(last) and _is_virama(after))
            or (_is_arabic(last) and _is_arabic(after))
            or (char == _JOINER and _is_symbol(symbol) and _is_symbol(after))
        )
    if _VARIANTS.fullmatch(char):
        is_key = after == _KEYCAP and last != "" and last in "0123456789#*"
        return is_key or _is_symbol(last) or _is_letter(last)
    return False


def _is_virama(char: str) -> bool:
    return char != "" and unicodedata.combining(char) == _VIRAMA


def _is_letter(char: str) -> bool:
    """Whether it is a letter of a script without capitals, and can be seen."""
    is_other = char != "" and unicodedata.category(char) == "Lo"
    return is_other and not UNSEEN.match(char)


def _is_arabic(char: str) -> bool:
    return _is_letter(char) and unicodedata.bidirectional(char) == "AL"


def _is_symbol(char: str) -> bool:
    """Whether it may be one of the signs of which emoji are made."""
    return char > "\x7f" and unicodedata.category(char) in {"So", "Sm", "Sk", "Po"}
