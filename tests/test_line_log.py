"""A log that comes line by line is told by its lines, and said what it lacks."""

from collections.abc import Sequence

import pytest

from keras_sonify.readers.csv_log import CsvLog
from keras_sonify.readers.json_log import JsonLog
from keras_sonify.readers.line_log import LineLog
from keras_sonify.readers.rows import Row, Warn


class _Pairs:
    """Reads a log of `epoch=0 loss=1.5`, which may begin with anything else."""

    def __init__(self, name: str, warn: Warn, before: int = 0) -> None:
        self._name, self._warn, self._line = name, warn, before

    @staticmethod
    def claims(head: Sequence[str]) -> int | None:
        return len(head) - 1 if head[-1].startswith("epoch=") else None

    def feed(self, line: str) -> list[Row]:
        self._line += 1
        cells = dict(cell.split("=") for cell in line.split() if "=" in cell)
        if not cells:
            self._warn(f"{self._name}, line {self._line}: no pair.")
            return []
        return [(int(cells["epoch"]), {"loss": float(cells["loss"])})]

    def finish(self) -> list[Row]:
        return []


_KINDS = (JsonLog, _Pairs, CsvLog)


@pytest.mark.parametrize("count", [1, 19, 20, 1000])
def test_noise_before_a_log_is_passed_over(count: int) -> None:
    """However much a program prints first; line numbers are those of the file."""
    warned: list[str] = []
    noise = "2024-05-01, 12:00: using 2 cores\n\n" * count

    reader = LineLog("a.log", warned.append, _KINDS)
    text = f"{noise}epoch=3 loss=0.5\n?\n"
    rows = [row for line in text.splitlines(keepends=True) for row in reader.feed(line)]

    assert rows == [(3, {"loss": 0.5})]
    assert warned[-1:] == [f"a.log, line {2 * count + 2}: no pair."]
    assert len(warned) == 1 + (2 * count >= 500)


@pytest.mark.parametrize("first", ["epoch,loss", "\n\nepoch,loss"])
def test_a_table_is_given_out_at_once(first: str) -> None:
    """It is heard from its first row on, and stays a table whatever comes later."""
    reader = LineLog("log.csv", lambda _: None, _KINDS)

    reader.feed(f"{first}\n")
    rows = [reader.feed(f"{epoch},0.5\n") for epoch in range(3)]

    assert rows == [[(epoch, {"loss": 0.5})] for epoch in range(3)]
    assert reader.feed("epoch=3 loss=0.5\n") == []


_WITHOUT_VALUE = (
    "log.csv holds no value of a metric so far, in {}. "
    "Keras's `CSVLogger` writes a log that does."
)


@pytest.mark.parametrize(
    ("count", "value", "told"),
    [
        (1, "NA", "1 row"),
        (19, "NA", "19 rows"),
        (20, "NA", "20 rows"),
        (50, "NA", "20 rows"),
        (0, "NA", None),
        (19, "0.5", None),
    ],
)
def test_a_log_without_any_value_is_told_of_once(
    count: int, value: str, told: str | None
) -> None:
    """After twenty rows of nothing, or at the end of fewer; not where values come."""
    warned: list[str] = []
    reader = LineLog("log.csv", warned.append)

    rows = reader.feed("epoch,loss\n")
    for epoch in range(count):
        rows += reader.feed(f"{epoch},NA\n")
    rows += reader.feed(f"{count},{value}\n") if value != "NA" else []
    is_early = bool(warned)
    rows += reader.finish()

    assert warned == ([_WITHOUT_VALUE.format(told)] if told else [])
    assert is_early == (count >= 20)
    assert len(rows) == count + (value != "NA")
