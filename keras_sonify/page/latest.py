"""The latest points of a run as a table, a row for each: what a live page lists."""

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple, TypedDict

from keras_sonify.score.cue import Cue
from keras_sonify.training.events import EVENTS, in_four_digits
from keras_sonify.training.foreign import shown

_ROWS = 12


class Cell(TypedDict):
    """A value as it is written.

    Attributes:
        text: Its digits; empty where there is no value.
        best: Whether it was the best so far.
    """

    text: str
    best: bool


class Row(TypedDict):
    """A point.

    Attributes:
        name: Its number.
        cells: Its values.
        news: What happened in it, a word or two each.
    """

    name: str
    cells: list[Cell]
    news: str


class Table(TypedDict):
    """The latest points.

    Attributes:
        names: The metrics.
        rows: The points, the newest first.
    """

    names: list[str]
    rows: list[Row]


class _Noted(NamedTuple):
    name: str
    values: dict[str, tuple[float, bool]]
    news: str


class Latest:
    """Keeps the latest points."""

    def __init__(self) -> None:
        self._noted: deque[_Noted] = deque(maxlen=_ROWS)

    def note(self, cue: Cue) -> None:
        """Take in a point."""
        values = {
            reading.metric.name: (
                reading.value,
                reading.is_best and reading.best is not None,
            )
            for reading in cue.readings
        }
        kinds = [event.kind for event in cue.happened if EVENTS[event.kind].is_listed]
        news = ", ".join(dict.fromkeys(EVENTS[kind].word for kind in kinds))
        self._noted.appendleft(_Noted(str(cue.at.number), values, news))

    def table(self) -> Table:
        """Return them as a table, of the metrics that had a value in them."""
        noted = list(self._noted)  # a copy: the training's thread goes on
        names = list(dict.fromkeys(name for row in noted for name in row.values))
        columns = [_column([row.values.get(name) for row in noted]) for name in names]
        return Table(
            names=[shown(name) for name in names],
            rows=[
                Row(
                    name=row.name,
                    cells=[each[place] for each in columns],
                    news=row.news,
                )
                for place, row in enumerate(noted)
            ],
        )


def _column(values: Sequence[tuple[float, bool] | None]) -> list[Cell]:
    """Return the values of a metric, with as many decimals each."""
    given = [value[0] for value in values if value is not None]
    texts = [in_four_digits(value) for value in given]
    plain = [text for text in texts if text.lstrip("-").replace(".", "").isdecimal()]
    digits = max((len(text.partition(".")[2]) for text in plain), default=0)
    return [
        Cell(text="", best=False)
        if value is None
        else Cell(text=_written(value[0], digits), best=value[1])
        for value in values
    ]


def _written(value: float, digits: int) -> str:
    text = in_four_digits(value)
    is_plain = text.lstrip("-").replace(".", "").isdecimal()
    return f"{value:.{digits}f}" if is_plain else text
