"""What a test gave when all was over: no part of the training, whatever its step."""

from collections.abc import Sequence

from keras_sonify.readers.rows import Record


class FinalTest:
    """Holds the records of a test back until it is known whether more follows."""

    def __init__(self) -> None:
        self._held: list[Record] = []
        self._comes_again = False

    def add(self, record: Record, *, is_of_test: bool) -> Sequence[Record]:
        """Take in a record; return those that belong to the training."""
        if is_of_test and not self._comes_again:
            self._held.append(record)
            return ()
        held, self._held = self._held, []
        # A test that more training follows comes with each epoch.
        self._comes_again = self._comes_again or bool(held)
        return (*held, record)

    @property
    def is_left_out(self) -> bool:
        """Whether there was a test that nothing followed."""
        return bool(self._held)
