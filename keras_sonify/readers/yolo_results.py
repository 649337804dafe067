"""YOLOv5's and YOLOv7's `results.txt`: rows of fifteen columns, without any names."""

import re
from collections.abc import Sequence

from keras_sonify.readers.rows import Row, Warn

# `3/99  10.7G  0.068 ...`: the epoch from 0, out of how many, and the memory.
_NUMBER = r"(?:-?\d{1,30}(?:\.\d{0,30})?(?:e[-+]\d{1,3})?|nan|inf)"
_ROW = re.compile(
    rf"\s*(\d{{1,9}})/\d{{1,9}}\s+[\d.]{{1,9}}[GM](?:\s+{_NUMBER}){{13}}\s*"
)
# What `train.py` of either writes, in this order: losses, counts, `model.results`.
_NAMES = (
    "box_loss",
    "obj_loss",
    "cls_loss",
    "total_loss",
    "targets",
    "img_size",
    "precision",
    "recall",
    "mAP_0.5",
    "mAP_0.5:0.95",
    "val_box_loss",
    "val_obj_loss",
    "val_cls_loss",
)
_COUNTS = frozenset(["targets", "img_size"])


class YoloResults:
    """Takes in the lines of a log and gives out its epochs."""

    def __init__(self, name: str, warn: Warn, before: int = 0) -> None:
        """Begin a log; a line that is none of its rows is passed over.

        Args:
            name: Unused: nothing is warned of.
            warn: Unused, likewise.
            before: Unused, likewise.
        """

    @staticmethod
    def claims(head: Sequence[str]) -> int | None:
        """Return with which line such a log begins: with the last one, or none."""
        return len(head) - 1 if _ROW.fullmatch(head[-1]) else None

    def feed(self, line: str) -> list[Row]:
        """Take in one line; return the epoch that it tells.

        >>> row = "2/9 9G 0.04 0.01 0.02 0.07 36 640 0.33 0.37 0.31 0.13 0.06 0.01 0.02"
        >>> epoch, values = YoloResults("", print).feed(row)[0]
        >>> epoch, values["box_loss"], values["mAP_0.5"]
        (2, 0.04, 0.31)
        """
        found = _ROW.fullmatch(line)
        if found is None:
            return []
        values = dict(zip(_NAMES, map(float, line.split()[2:]), strict=True))
        kept = {name: value for name, value in values.items() if name not in _COUNTS}
        return [(int(found[1]), kept)]

    def finish(self) -> list[Row]:
        """Return nothing: each line is an epoch."""
        return []
