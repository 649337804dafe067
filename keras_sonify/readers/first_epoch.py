"""Epochs as their owner counts them: from 0, as Keras's logs do, or from 1."""


class FirstEpoch:
    """Makes the epochs of a log zero-based, whichever way it counts.

    A log whose first epoch is 1 counts from 1: whoever resumes a training in Keras,
    which counts from 0, hardly ever has done one single epoch before.

    Args:
        counts_from_zero: Boolean. Whether that is known. Defaults to `False`.
    """

    def __init__(self, *, counts_from_zero: bool = False) -> None:
        self._base: int | None = 0 if counts_from_zero else None

    def zero_based(self, epoch: int) -> int:
        """Return a zero-based epoch; called with all epochs of a log in their order."""
        if self._base is None:
            self._base = int(epoch == 1)
        if epoch < self._base:
            self._base = 0  # there is a 0 after all: the first one was resumed
        return epoch - self._base
