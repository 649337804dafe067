"""How many epochs a training is to have, where its log says so."""

import re

from keras_sonify.training.axis import UNPLANNED, Plan

# `Epoch 3/20`, `Epoch [3/20]`, `epoch 3 of 20`
_OUT_OF = re.compile(
    rb"\bepoch\b['\"]?\s*[:=#]?\s*[\[(]?\s*(\d{1,9})\s*(?:/|of\b)\s*(\d{1,9})\b(?!\.\d)",
    re.IGNORECASE,
)
_LONGEST = 5000  # bytes of a line that are looked at


class Planned:
    """Takes in the lines of a log, as Keras and most others print them.

    Attributes:
        plan: How much there is to be of its training, as far as that is known.
    """

    def __init__(self) -> None:
        self.plan = UNPLANNED
        self._is_told = True

    def feed(self, line: bytes) -> None:
        """Take in a line.

        >>> planned = Planned()
        >>> planned.feed(b"Epoch 3/20")
        >>> planned.plan.epochs
        20
        """
        if not self._is_told or (found := _OUT_OF.search(line[:_LONGEST])) is None:
            return
        epoch, many = int(found[1]), int(found[2])
        # Of `Epoch 0/19` nobody knows whether the last will be 18 or 19.
        self._is_told = epoch > 0
        self.plan = Plan(epochs=many) if 0 < epoch <= many else UNPLANNED
