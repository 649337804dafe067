"""How far `val_loss.wav` rises where a run overfits, from its sound alone.

From the best epoch to the end, in the project's trainings that overfit, and in the logs
in FOLDER that do, if one is named; beside it, how calm it is where a run stands still.
Ends with an error if the bar is missed: `overfitting_heard.py [FOLDER]`.
"""

import math
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Literal

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from foreign import longest_runs
from live import Epoch
from moving import listen_to

_TRAININGS = Path(__file__).parents[1] / "tests" / "trainings"
_BAR = 1000.0  # cents, in the median
_WORSE = 1.05  # times the best
_LEVEL = 1.01  # times the least of its second half
_LAST = 3  # epochs whose median is where a run ends
_SHORTEST = 10  # epochs


def main(folders: Sequence[str]) -> int:
    """Print a line a run and the sums; return whether the bar was missed."""
    rises: list[float] = []
    steps: list[float] = []
    for folder in (_TRAININGS, *map(Path, folders)):
        for name, run in longest_runs(folder).items():
            kind = _kind(run)
            if kind is None:
                continue
            moved = listen_to(run, "val_loss")
            print(
                f"{name:40} {kind:12} from its best to the end {moved.rise:5.0f} "
                f"cents, late steps up to {max(moved.late):5.0f}"
            )
            if kind == "overfits":
                rises.append(moved.rise)
            else:
                steps.append(max(moved.late))
    print(
        f"{len(rises)} overfit: they rise by {median(rises):.0f} cents in the median "
        f"(bar {_BAR:.0f})\n{len(steps)} stand still: their largest late step is "
        f"{median(steps):.0f} cents in the median, {max(steps):.0f} at most"
    )
    return int(median(rises) < _BAR)


def _kind(run: Sequence[Epoch]) -> Literal["overfits", "stands still"] | None:
    """Return how a run went, by its values; `None` if otherwise, or nobody can say."""
    values = [each["val_loss"] for each in run if "val_loss" in each]
    losses = [each["loss"] for each in run if "loss" in each]
    if len(values) < _SHORTEST or not losses or losses[-1] > losses[0]:
        return None
    best, late = min(values), values[len(values) // 2 :]
    if best <= 0 or not all(map(math.isfinite, values)):
        return None
    is_over = values.index(best) < len(values) - _LAST
    if is_over and median(values[-_LAST:]) >= _WORSE * best:
        return "overfits"
    return "stands still" if max(late) <= _LEVEL * min(late) else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
