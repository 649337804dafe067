"""TensorBoard's event files, through the `tensorboard` package, without TensorFlow."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from keras_sonify.readers.names import Names
from keras_sonify.readers.rows import MOST_EPOCH, LogError, Row, Warn, metric_names
from keras_sonify.training.names import SIDES, is_validation

_KERAS_TAG = "epoch_"  # what Keras's TensorBoard callback writes at an epoch's end

_Scalar = tuple[int, str, float]
"""Step, tag and value."""

_Epochs = dict[int, dict[str, float]]


def read_events(path: Path, warn: Warn) -> Iterator[Row]:
    """Yield the epochs of an event file, or of all those in a directory.

    Keras writes training and validation into two folders side by side. Scalars by
    other writers are taken as they are named: `loss/val` is `val_loss`; their step is
    the epoch. Several runs below one directory follow one another by their time.

    Args:
        path: The file or directory.
        warn: Function that is given a sentence about each damaged file.

    Raises:
        ImportError: If the `tensorboard` package is missing.
        LogError: If there is no event file, or no scalar in any.
    """
    files = [path]
    if path.is_dir():
        files = sorted(file for file in path.rglob("*tfevents*") if file.is_file())
    if not files:
        raise LogError(
            f"{path} holds no log: there is no TensorBoard event file in it."
        )
    runs: dict[Path, list[Path]] = {}
    for file in files:
        is_side = file.parent.name.lower() in SIDES
        run = file.parent.parent if is_side else file.parent
        runs.setdefault(run, []).append(file)
    is_empty, names = True, Names(str(path), warn)
    # The names of event files begin with the time, those of folders with anything.
    for run_files in sorted(runs.values(), key=lambda group: group[0].name):
        for row in _read_run(run_files, warn):
            is_empty = False
            yield names.within(row)
    if is_empty:
        raise LogError(f"{path} holds no scalars.")


def _read_run(files: Iterable[Path], warn: Warn) -> Iterator[Row]:
    """Yield the epochs that were written into one folder, or into its two sides."""
    sides: dict[str, list[_Epochs]] = {}
    for file in files:
        folder = file.parent.name.lower()
        trainings = sides.setdefault(folder, [{}])
        for step, tag, number in _scalars(file, warn):
            if tag in trainings[-1].get(step, {}):
                trainings.append({})  # written once more: another training began
            trainings[-1].setdefault(step, {})[tag] = number
    # The last training of each side belongs to the last of the other.
    aligned = zip_longest(*(reversed(side) for side in sides.values()), fillvalue={})
    for trainings_by_side in reversed(list(aligned)):
        merged: _Epochs = {}
        for folder, epochs in zip(sides, trainings_by_side, strict=True):
            for step, values in _by_keras_alone(epochs).items():
                named = {_metric(folder, tag): v for tag, v in values.items()}
                merged.setdefault(step, {}).update(named)
        names = metric_names(dict.fromkeys(n for row in merged.values() for n in row))
        for step, values in sorted(merged.items()):
            yield step, {names[name]: value for name, value in values.items()}


def _by_keras_alone(epochs: _Epochs) -> _Epochs:
    """Leave out what comes by batch, where Keras wrote values by epoch."""
    if not any(t.startswith(_KERAS_TAG) for values in epochs.values() for t in values):
        return epochs
    kept = {
        step: {t: v for t, v in values.items() if t.startswith(_KERAS_TAG)}
        for step, values in epochs.items()
    }
    return {step: values for step, values in kept.items() if values}


def _scalars(file: Path, warn: Warn) -> Iterator[_Scalar]:
    """Yield the scalars of one event file, up to where it is damaged."""
    try:
        # Not TensorBoard's own loader: it loads TensorFlow where that is installed.
        from google.protobuf.message import (  # type: ignore[import-untyped]
            DecodeError,
        )
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.tensorflow_stub import errors
        from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import (
            PyRecordReader_New,
        )
        from tensorboard.util import tensor_util
    except ImportError as error:
        raise ImportError(
            "Event files need the `tensorboard` package: "
            "pip install 'keras_sonify[tensorboard]'",
        ) from error

    records = PyRecordReader_New(str(file))
    while True:
        try:
            records.GetNext()
            event = Event.FromString(records.record())
        except errors.OutOfRangeError:
            return
        except (errors.DataLossError, DecodeError, MemoryError, OverflowError):
            # The last record of a training that is under way may be half written, a
            # damaged one may claim to hold more bytes than there are anywhere.
            warn(f"{file}: a damaged record; it and what follows were left out.")
            return
        for value in event.summary.value:
            number = _number(value, tensor_util)
            if number is not None and abs(event.step) <= MOST_EPOCH:
                yield event.step, value.tag, number


def _metric(folder: str, tag: str) -> str:
    """Return `val_loss` for `epoch_loss` in `validation/`, and for `loss/val`."""
    name = tag.removeprefix(_KERAS_TAG)
    first, _, second = name.partition("/")
    if second and {first.lower(), second.lower()} & SIDES.keys():
        is_second = second.lower() in SIDES
        side, name = (second, first) if is_second else (first, second)
        folder = side.lower()
        name = name.lower()
    is_other = SIDES.get(folder, "train") != "train" and not is_validation(name)
    return f"val_{name}" if is_other else name


def _number(value: Any, tensor_util: Any) -> float | None:  # noqa: ANN401
    """Return the number that a summary holds; `None` if it holds something else."""
    kind = value.WhichOneof("value")
    if kind == "simple_value":
        return float(value.simple_value)
    is_scalar = kind == "tensor" and all(
        dimension.size == 1 for dimension in value.tensor.tensor_shape.dim
    )
    if not is_scalar or value.metadata.plugin_data.plugin_name not in {"scalars", ""}:
        return None
    try:
        array = tensor_util.make_ndarray(value.tensor)
    except Exception:  # noqa: BLE001 - a type that is none, no number, or nothing at all
        return None
    if array.size != 1 or array.dtype.kind not in "fiu":
        return None
    return float(array.item())
