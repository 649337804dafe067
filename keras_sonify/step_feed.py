"""The steps of a run under way: how they are counted, and when they are heard."""

import math
import time
from collections.abc import Callable, Mapping, Sequence

from keras_sonify.rules.step_rows import Recorded, StepRows
from keras_sonify.training.axis import EPOCH_MEAN
from keras_sonify.training.names import is_validation


class StepFeed:
    """Takes in steps and gives out rows to be recorded; says when a cue is due.

    Whoever counts the steps of each epoch anew is counted on: the axis is the run.

    Args:
        least: How many steps a row stands for at least.
        cue_seconds: Seconds between two cues, at least.
        last: How many steps the run had before. Defaults to `0`.
        clock: Tells the time, in seconds. Defaults to the monotonic clock.
    """

    def __init__(
        self,
        least: int,
        cue_seconds: float,
        *,
        last: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rows = StepRows(least, last)
        self._seconds = cue_seconds
        self._clock = clock
        self._due = -math.inf
        self._last, self._raw, self._offset = last, -1, 0
        self._names: frozenset[str] = frozenset()  # that have come
        self._recent: frozenset[str] = frozenset()  # with the last step
        self._told: Mapping[str, float] = {}  # of the last step

    @property
    def is_noisy(self) -> bool:
        """Whether steps that stand out are the noise of this run."""
        return self._rows.spikes.is_noisy

    @property
    def is_due(self) -> bool:
        """Whether the last cue was so long ago that another one may sound."""
        return self._clock() >= self._due

    def take(
        self,
        step: int,
        epoch: int,
        values: Mapping[str, float],
        *,
        is_counted: bool = False,
    ) -> Sequence[Recorded]:
        """Take in a step; return the rows that are complete now.

        Args:
            step: How many steps have been done with it.
            epoch: Zero-based epoch in which it lies.
            values: Its own values.
            is_counted: Boolean. Whether its number is that in the whole run, as a log
                has it, which may begin with 0. Defaults to `False`.
        """
        is_again = step == self._raw and epoch == self._rows.epoch
        if is_again and self._told.keys() >= values.keys():
            return ()  # whoever tells of it is listed twice
        # A validation may tell of a step later than the training did.
        self._told = {**self._told, **values} if is_again else values
        self._raw = step
        if step + self._offset <= self._last and not (is_again or is_counted):
            self._offset = self._last + 1 - step
        self._last = step + self._offset
        if values.keys() != self._recent:
            self._recent = frozenset(values)
            self._names |= self._recent
        return self._rows.take(self._last, epoch, values)

    def close(self) -> Sequence[Recorded]:
        """Return what has come as a row, since it is to be heard now."""
        self._due = self._clock() + self._seconds
        return self._rows.close()

    def end_epoch(self, epoch: int, values: Mapping[str, float]) -> Recorded | None:
        """End an epoch; return its last row, `None` if there has been no step.

        Args:
            epoch: Zero-based epoch.
            values: What Keras tells of it: the means of what also comes by step are
                others than those of steps, and are called so.
        """
        self._due = self._clock() + self._seconds
        told = {
            f"{EPOCH_MEAN}{name}"
            if name in self._names and not is_validation(name)
            else name: value
            for name, value in values.items()
        }
        return self._rows.end_epoch(epoch, told)
