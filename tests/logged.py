"""A log in memory, read."""

import io

from keras_sonify import read_log
from keras_sonify.readers.rows import Row

LOSS = [(0, {"loss": 0.9}), (1, {"loss": 0.5})]
TWINS = [(0, {"loss": 0.9, "val_loss": 1.0}), (1, {"loss": 0.5, "val_loss": 0.75})]


def read(text: str) -> tuple[list[Row], list[str]]:
    """Return the rows of a log, and what was warned of."""
    warned: list[str] = []
    return list(read_log(io.StringIO(text), warn=warned.append)), warned
