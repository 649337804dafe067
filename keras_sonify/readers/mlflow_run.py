"""The folder of a run of MLflow: a file for each metric, a line for each value."""

from collections.abc import Iterator
from pathlib import Path

from keras_sonify.readers.first_epoch import FirstEpoch
from keras_sonify.readers.rows import MOST_EPOCH, Row, Warn, metric_names, read_number

_METRICS = "metrics"
_CELLS = 3  # in a line: when, the value, and the step
_LONGEST = 1000  # characters of a line


def is_mlflow_run(path: Path) -> bool:
    """Whether a folder is one of MLflow's, with metrics in it."""
    files = [file for file in (path / _METRICS).glob("*") if file.is_file()]
    return bool(files) and not any("tfevents" in file.name for file in files)


def read_mlflow_run(path: Path, warn: Warn) -> Iterator[Row]:
    """Yield the epochs of a run; where no steps were logged, values are counted.

    Args:
        path: Its folder.
        warn: Function that is given a sentence about each damaged file.
    """
    files = sorted(file for file in (path / _METRICS).rglob("*") if file.is_file())
    names = metric_names([str(file.relative_to(path / _METRICS)) for file in files])
    epochs: dict[int, dict[str, float]] = {}
    for file, name in zip(files, names.values(), strict=True):
        for epoch, value in _values(file, warn):
            epochs.setdefault(epoch, {})[name] = value
    first = FirstEpoch()
    for epoch, values in sorted(epochs.items()):
        yield first.zero_based(epoch), values


def _values(file: Path, warn: Warn) -> list[tuple[int, float]]:
    values: list[tuple[int, float]] = []
    damaged = 0
    with file.open(encoding="utf-8", errors="replace") as lines:
        while line := lines.readline(_LONGEST):
            numbers = [read_number(cell) for cell in line.split()]
            value, step = numbers[1:] if len(numbers) == _CELLS else (None, None)
            if value is None or step is None or not 0 <= step <= MOST_EPOCH:
                damaged += bool(line.strip())
            else:
                values.append((int(step), value))
    if damaged:
        warn(f"{file}: {damaged} lines without a value and a step were left out.")
    if len(values) > 1 and not any(step for step, _ in values):
        return [(place, value) for place, (_, value) in enumerate(values)]
    return values
