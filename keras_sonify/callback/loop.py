"""`fit` in a loop on one callback: one run, told once."""

import time
import weakref

from keras_sonify.callback.endings import LateEnd

# Seconds for which the next `fit` of one epoch may come: after the first one, when it
# is known to be a loop, and as a multiple of the longest time between two of them.
_FIRST_GAP, _GAP, _GAPS = 5.0, 60.0, 3.0


class Loop:
    """What is known of the fits of one callback, one after the other.

    A `fit` goes on with the one before if it trains the same model and its first
    epoch follows the last one; or if both train one epoch only, and each counts from 0
    again.

    Attributes:
        is_undecided: Whether the next epoch tells if it goes on.
        is_loop: Whether it has gone on with a `fit` of one epoch.
        last_epoch: The last epoch as Keras counts, in this `fit`; -1 before.
    """

    def __init__(self) -> None:
        self.is_undecided = False
        self.is_loop = False
        self.last_epoch = -1
        self._model: weakref.ref[object] | None = None
        self._last_counted = -1  # over all fits
        self._offset = 0
        self._epochs = 0  # of this `fit`
        self._was_single = False
        self._late: LateEnd | None = None
        self._ended_at = 0.0
        self._longest_gap = 0.0

    def may_go_on(self, model: object) -> bool:
        """Begin a `fit`; return whether it may go on with the one before."""
        self.last_epoch, self._epochs = -1, 0
        known = self._model() if self._model is not None else None
        self.is_undecided = known is not None and known is model
        if not self.is_undecided:
            self._forget()
        return self.is_undecided

    def goes_on(self, epoch: int, planned: int | None) -> bool:
        """Decide by the first epoch, as Keras counts, and how many there are to be."""
        self.is_undecided = False
        counts_anew = epoch == 0 and planned == 1 and self._was_single
        if epoch == self._last_counted + 1:
            self._offset = 0
        elif counts_anew:
            self._offset = self._last_counted + 1
        else:
            self._forget()
            return False
        self.is_loop = self.is_loop or self._was_single
        if self._was_single:
            gap = time.monotonic() - self._ended_at
            self._longest_gap = max(self._longest_gap, gap)
        return True

    def go_on(self) -> bool:
        """Return whether the run is still open: its end has not been told."""
        late, self._late = self._late, None
        return late is not None and late.cancel()

    def count(self, epoch: int) -> int:
        """Return the number of an epoch over all fits, and note it."""
        self.last_epoch = epoch
        self._epochs += 1
        self._last_counted = self.number(epoch)
        return self._last_counted

    def number(self, epoch: int) -> int:
        """Return the number of an epoch over all fits."""
        return epoch + self._offset

    def end_fit(self, model: object) -> bool:
        """Note that a `fit` has ended; return whether a loop may go on with it."""
        self._was_single = self._epochs == 1
        self._ended_at = time.monotonic()
        self._model = weakref.ref(model) if model is not None else None
        return self._was_single and model is not None

    def wait(self, late: LateEnd) -> None:
        """Leave the run open for a while."""
        self._late = late

    def tell(self) -> None:
        """Tell now that a run has ended which was left open."""
        if self._late is not None:
            self._late.tell()
            self._late = None

    @property
    def patience(self) -> float:
        """Seconds for which the next `fit` may come."""
        least = _GAP if self.is_loop else _FIRST_GAP
        return max(least, _GAPS * self._longest_gap)

    def _forget(self) -> None:
        self.is_loop, self._was_single = False, False
        self._last_counted, self._offset = -1, 0
        self._longest_gap = 0.0
