"""Names that steer a terminal or run in a spreadsheet, and some that only look so."""

import unicodedata

STEERING = (
    "\x1b]0;PWNED\x07\x1b[2J_loss",  # the window's title, and a cleared screen
    "\x1b]52;c;cm0gLXJm\x1b\\accuracy",  # the clipboard
    "val_\x9b2Jloss",  # a sequence of 8 bits
    "\x9d0;x\x9c_acc",
    "\u202eloss",  # runs backwards
    "mae\u2067\u061c\u200f\u2069",
    "a\x08\x7f\x07b_loss",  # written over
    "new\nEpoch 3: loss 0",  # a line that nobody told
    "new\rline",
    "tab\tular",
    "next\x85line\u2028\u2029",
    "hid\u200bden\u2060\ufeff\xad",  # not to be told from "hidden"
    "tag\U000e0041\U000e0042ged",
    "\x00nul",
    "half\ud800",
)
"""What a screen must not be given as it is."""

FORMULAS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "-2.5",
    "@SUM(1)",
    " =1",
    "\t=1",
    "\r=1",
    "\uff1d1",
    "'=1",
    "''+2",
    'x";=1+1',
    "x; =1+1",
    "x;'=1+1",
)
"""What a spreadsheet would run."""

INNOCENT = (
    "précision µ",
    "e\u0301cart",
    "точность",
    "損失",
    "נִקּוּד",
    "دقة",
    "می\u200cشود",
    "क\u094d\u200dष",
    "👩🏽\u200d🚀 ❤\ufe0f 1\ufe0f\u20e3",
    "👨\u200d👩\u200d👧\u200d👦",
    "C:\\x\\new\\temp",
    "\\x1b is written so",
    "f1; recall",
)
"""What is to be shown as it is."""

_BENIGN = ("\u200c", "\u200d", "\ufe0f")  # in emoji and in some scripts


def unseen(text: str, besides: str = "") -> list[str]:
    """Return what of a text cannot be seen, by what Unicode says of its characters.

    Args:
        text: Any text.
        besides: What is all right. Defaults to nothing.
    """
    return [
        char
        for char in text
        if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        and char not in besides
        and char not in _BENIGN
    ]
