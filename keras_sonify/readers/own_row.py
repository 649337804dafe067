"""What our own record holds of a run in steps, besides its metrics."""

from collections.abc import Sequence

from keras_sonify.readers.rows import read_number
from keras_sonify.training.axis import EPOCH_MEAN
from keras_sonify.training.foreign import from_cell
from keras_sonify.training.points import Spread, Window

EPOCH_COLUMNS = ("epoch",)
STEP_COLUMNS = ("epoch", "step", "steps", "spikes")
"""What stands before the metrics of a run in epochs, and of one in steps."""
LOW, HIGH = "_p10", "_p90"
"""What follows the name of a metric whose percentile a column holds."""


def window_in(cells: Sequence[str], values: dict[str, float]) -> Window:
    """Return what a row stands for; take that out of its values.

    Args:
        cells: The row.
        values: The numbers in its other columns, by their names.
    """
    spreads: dict[str, Spread] = {}
    for name in [n.removesuffix(LOW) for n in values if n.endswith(LOW)]:
        if name in values and f"{name}{HIGH}" in values:
            spreads[name] = values.pop(f"{name}{LOW}"), values.pop(f"{name}{HIGH}")
    epoch, steps = read_number(cells[0]), read_number(cells[2])
    return Window(
        epoch=int(epoch or 0),
        steps=int(steps or 0),
        spreads=spreads,
        spikes=frozenset(from_cell(cells[3]).split()),
        ends_epoch=any(name.startswith(EPOCH_MEAN) for name in values),
    )
