"""A run in a line for a braille display of 40 cells."""

import re
from collections.abc import Mapping
from typing import Any

from keras_sonify.words.verdict import Judged, judge

CELLS = 40
"""What a display has that fits a laptop; the line is plain ASCII, a cell each."""

_MOST_PERCENT = 1000  # beyond, it says nothing more
_NOTHING = "UNKNOWN"
_WORDS: dict[Judged, str] = {
    "broken": "NAN",
    "divergence": "DIVERGED",
    "stuck": "STUCK",
    "overfitting": "OVERFIT",
    "improving": "IMPROVING",
    "level": "LEVEL",
    "worse": "WORSE",
    "single": "BEGUN",
}


def brief_line(description: Mapping[str, Any]) -> str:
    """Return a run in at most 40 characters: its best value, its last, and how it went.

    As "16 best .686 | now 1.76 +156% | OVERFIT": the best at epoch 16 (or step), and
    what it is judged by has now more than twice that.

    Args:
        description: What `describe_run` returned; with `run` and `runs`, the line of
            one of several begins with its number.
    """
    judged = judge(description)
    number = f"{description['run']}: " if description.get("runs", 1) > 1 else ""
    if judged is None:
        return f"{number}{_NOTHING}"
    word = _WORDS[judged.kind]
    told, unit = description["metrics"][judged.name], judged.axis.unit
    best, last = told["best"], told["last"]
    at_best = f"{best[unit]} best {_short(best['value'])}" if best else "no best"
    if judged.kind == "broken":
        was = "NaN" if "NaN" in told["went_wrong_as"] else "infinite"
        since = told["went_wrong_first"]
        if last:
            since = told.get("went_wrong_since", last[unit] + 1)
        return _fitting(number, at_best, [f"{was} since {since}"], was.upper())
    now = f"now {_short(last['value'])}"
    return _fitting(
        number, at_best, [f"{now}{_change(best['value'], last['value'])}", now], word
    )


def _fitting(number: str, best: str, forms: list[str], word: str) -> str:
    """Return a line in the fullest form that fits; the verdict is never left out."""
    lines = [f"{number}{best} | {form} | {word}" for form in forms]
    lines += [f"{number}{best} | {word}", f"{number}{word}"]
    return next((line for line in lines if len(line) <= CELLS), word)


def _change(best: float, last: float) -> str:
    """Return by how many per cent a value has left the best one: " +156%"."""
    if best in (0.0, last):
        return ""
    percent = 100.0 * (last - best) / abs(best)
    return f" {percent:+.0f}%" if abs(percent) < _MOST_PERCENT else ""


def _short(value: float) -> str:
    """Return a value in three digits, without idle zeros: ".686", "1e-5"."""
    told = re.sub(r"e([+-])0*", lambda power: "e" + power[1].strip("+"), f"{value:.3g}")
    return re.sub(r"^(-?)0\.", r"\1.", told)
