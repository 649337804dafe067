"""What a training that counts steps printed: `iter 100: loss 2.31`."""

import re
from collections.abc import Sequence

from keras_sonify.readers.named_numbers import find_epoch, find_numbers
from keras_sonify.readers.rows import MOST_EPOCH, Record, Warn, metric_names
from keras_sonify.training.directions import is_metric_name

_CLEAR = 3  # lines of steps that rise, from which this is no accident
_LONGEST = 300  # characters within which a step is named
# At the beginning of what is said, `solver.cpp:228] Iteration 100, loss = 2.3`, or with
# a sign at its end, `loss = 2.3, step = 100`.
_STEP = re.compile(
    r"(?:^|[\]|>] ?|: )(?:global[_ ])?(?:step|iter|iteration)s?\b"
    r"\W{0,3}(\d{1,15})\b(?!\.)"
    r"|[,;] (?:global_)?step ?= ?(\d{1,15})\b",
    re.IGNORECASE,
)


class PrintedSteps:
    """Takes in the lines that were printed and gives out what they tell of steps.

    Args:
        name: Unused: nothing is warned of.
        warn: Unused, likewise.
        before: Unused, likewise.
    """

    def __init__(self, name: str, warn: Warn, before: int = 0) -> None:
        """Begin a log."""
        self._epoch: int | None = None
        self._first = 0  # the first epoch, as it was printed

    @staticmethod
    def claims(head: Sequence[str]) -> int | None:
        """Return where steps begin that rise, or the epoch that is printed above."""
        if _read(head[-1]) is None:
            return None
        found = [(place, _read(line)) for place, line in enumerate(head)]
        told = [(place, read[0]) for place, read in found if read is not None]
        steps = [step for _, step in told]
        if len({*steps}) < _CLEAR or steps != sorted(steps):
            return None
        epochs = [place for place, line in enumerate(head) if _has_epoch(line)]
        return min(*epochs, told[0][0]) if epochs else told[0][0]

    def feed(self, line: str) -> list[Record]:
        """Take in one line; return what it tells of its step."""
        epoch = find_epoch(line)
        if epoch is not None and epoch <= MOST_EPOCH:
            if self._epoch is None:
                self._first = int(epoch)
            self._epoch = max(int(epoch) - min(self._first, 1), 0)
        read = _read(line)
        if read is None:
            return []
        step, numbers = read
        names = metric_names(numbers)
        values = {names[name]: value for name, value in numbers.items()}
        return [Record(self._epoch, step, values)]

    def finish(self) -> list[Record]:
        """Return nothing: each line stands for itself."""
        return []


def _has_epoch(line: str) -> bool:
    return find_epoch(line) is not None


def _read(line: str) -> tuple[int, dict[str, float]] | None:
    """Return the step of a line and its values; `None` if it tells of none."""
    found = _STEP.search(line.strip()[:_LONGEST])
    if found is None:
        return None
    numbers = find_numbers(line)
    if not any(map(is_metric_name, numbers)):
        return None
    return int(found[1] or found[2]), numbers
