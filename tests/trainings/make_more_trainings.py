"""Trains more small networks: some that stop learning, some that swing.

`python tests/trainings/make_more_trainings.py` writes `<kind>_<nn>.csv` beside itself,
with the tasks and networks of `make_trainings.py`; names as arguments choose. Each log
must deserve its kind by its values:

- plateau: the loss ends at least 30 % below its first value; in the last 15 epochs
  val_loss gains less than 0.5 % on its best, and it ends within 3 % of that.
- oscillating: in at least a fifth of the epochs after the fifth the accuracy falls by
  0.03 or, where there is none, the loss rises by 3 % of its first value.

Where a series ends is the median of its last three values.
"""

import itertools
import sys
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

_SEED = 1001
_LATE = 15  # epochs
_EARLY = 5

_SPIRALS = {"data": "spirals", "rows": 800}
_DIGITS = {"data": "digits", "rows": 1500, "epochs": 60}
_TANH = {"epochs": 40, "activation": "tanh"}

_KINDS: dict[str, tuple[dict[str, Any], ...]] = {
    "plateau": (
        {**_SPIRALS, "epochs": 60, "hidden": (3,), "rate": 0.1, "seed": 1002},
        {**_SPIRALS, "epochs": 60, "hidden": (4,), "rate": 0.05},
        {**_DIGITS, **_TANH, "hidden": (3,), "rate": 0.03, "seed": 1007},
        {**_DIGITS, "growth": 0.7},
        {"data": "waves", "rows": 2000, "epochs": 40, "hidden": (2,), "rate": 0.02},
        {"data": "line", "epochs": 60, "hidden": (4,), "rate": 0.02, "growth": 0.8},
    ),
    "oscillating": (
        {"data": "digits", **_TANH, "rate": 0.3, "seed": 1052},
        {"data": "digits", **_TANH, "rows": 200, "rate": 0.2, "batch": 8},
        {
            "data": "digits",
            "rows": 150,
            "epochs": 40,
            "rate": 0.2,
            "optimizer": "RMSprop",
        },
        {"data": "spirals", **_TANH, "rows": 60, "rate": 0.3, "batch": 4},
        {"data": "waves", **_TANH, "rows": 100, "rate": 0.2, "batch": 8},
        {"data": "waves", **_TANH, "rows": 100, "rate": 0.3, "batch": 16},
    ),
}


def more_recipes() -> dict[str, Any]:
    """Return all recipes, by the names of their logs."""
    from make_trainings import Recipe

    rows = [
        (f"{kind}_{number:02}", fields)
        for kind, entries in _KINDS.items()
        for number, fields in enumerate(entries, start=1)
    ]
    return {
        name: Recipe(**{"seed": seed, **fields})
        for seed, (name, fields) in enumerate(rows, start=_SEED)
    }


def check(kind: str, log: Mapping[str, Sequence[float]]) -> None:
    """Assert that the values of a log are those of its kind; see the file's head."""
    loss, val_loss = log["loss"], log["val_loss"]
    if kind == "plateau":
        before, late = min(val_loss[:-_LATE]), min(val_loss[-_LATE:])
        assert median(loss[-3:]) <= 0.7 * loss[0]
        assert late >= 0.995 * before
        assert median(val_loss[-3:]) <= 1.03 * min(before, late)
        return
    values = [-a for a in log["accuracy"]] if "accuracy" in log else loss
    least = 0.03 if "accuracy" in log else 0.03 * loss[0]
    worse = [b - a >= least for a, b in itertools.pairwise(values)][_EARLY:]
    assert sum(worse) >= len(worse) / 5


if __name__ == "__main__":
    from make_trainings import make

    make(more_recipes(), sys.argv[1:], check)
