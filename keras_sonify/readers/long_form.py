"""Tables whose rows say themselves which side they are of, or which metric."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keras_sonify.readers.sides import SIDE_KEYS, is_side, named_with
from keras_sonify.training.foreign import from_cell

_VALUE = "value"
_NAMES = ("metric", "variable")
_SIDES = (*SIDE_KEYS, "data", "set", "dataset")


@dataclass(frozen=True, slots=True)
class LongForm:
    """Where a row says what it holds.

    Attributes:
        side: Place of the column that says the side; `None` if there is none.
        metric: Place of the column that names the metric; `None` if there is none.
    """

    side: int | None
    metric: int | None

    @property
    def places(self) -> tuple[int, ...]:
        """The columns that hold no numbers."""
        return tuple(place for place in (self.side, self.metric) if place is not None)

    def named(
        self, cells: Sequence[str], values: Mapping[str, float]
    ) -> dict[str, float]:
        """Return the values of a row under the names that they are told to have."""
        named = dict(values)
        if self.metric is not None:
            name = from_cell(cells[self.metric].strip())
            held = [
                value for column, value in values.items() if column.lower() == _VALUE
            ]
            named = dict.fromkeys([name], held[0]) if held else {}
        if self.side is not None and is_side(cells[self.side]):
            named = {named_with(cells[self.side], name): v for name, v in named.items()}
        return named


def long_form(header: Sequence[str], row: Sequence[str]) -> LongForm | None:
    """Return how a table says what its rows hold; `None` if its header does.

    Args:
        header: The names of its columns.
        row: Its first row.
    """
    lower = [name.lower() for name in header]
    sides = (place for place, name in enumerate(lower) if name in _SIDES)
    side = next((place for place in sides if is_side(row[place])), None)
    metrics = (place for place, name in enumerate(lower) if name in _NAMES)
    metric = next(metrics, None) if _VALUE in lower else None
    if side is None and metric is None:
        return None
    return LongForm(side, metric)
