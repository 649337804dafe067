"""TensorBoard's event files, through the `tensorboard` package, without TensorFlow."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from keras_sonify.readers.rows import LogError, Row, metric_names

_KERAS_TAG = "epoch_"  # what Keras's TensorBoard callback writes at an epoch's end
_VALIDATION_FOLDERS = frozenset(["validation", "val", "valid", "eval", "test"])


def read_events(path: Path) -> Iterator[Row]:
    """Yield the epochs of an event file, or of all those in a directory.

    Keras writes training and validation into two folders side by side. Scalars by
    other writers are taken as they are named: `loss/val` is `val_loss`; their step is
    the epoch.

    Args:
        path: The file or directory.

    Raises:
        ImportError: If the `tensorboard` package is missing.
        LogError: If there is no event file, or no scalar in any.
    """
    try:
        from tensorboard.backend.event_processing import event_file_loader
        from tensorboard.util import tensor_util
    except ImportError as error:
        raise ImportError(
            "Event files need the `tensorboard` package: "
            "pip install 'keras_sonify[tensorboard]'",
        ) from error

    files = sorted(path.rglob("*tfevents*")) if path.is_dir() else [path]
    if not files:
        raise LogError(
            f"{path} holds no log: there is no TensorBoard event file in it."
        )
    epochs: dict[int, dict[str, float]] = {}
    tags: dict[tuple[str, str], None] = {}
    for file in files:
        folder = file.parent.name.lower()
        for event in event_file_loader.EventFileLoader(str(file)).Load():
            for value in event.summary.value:
                number = _scalar(value, tensor_util)
                if number is not None:
                    tags[folder, value.tag] = None
                    name = _metric(folder, value.tag)
                    epochs.setdefault(event.step, {})[name] = number
    if any(tag.startswith(_KERAS_TAG) for _, tag in tags):
        keep = {_metric(f, t) for f, t in tags if t.startswith(_KERAS_TAG)}
        epochs = {
            step: {name: v for name, v in values.items() if name in keep}
            for step, values in epochs.items()
        }
    found = [(step, values) for step, values in sorted(epochs.items()) if values]
    if not found:
        raise LogError(f"{path} holds no scalars.")
    names = metric_names(dict.fromkeys(name for _, row in found for name in row))
    for step, row in found:
        yield step, {names[name]: value for name, value in row.items()}


def _metric(folder: str, tag: str) -> str:
    """Return `val_loss` for `epoch_loss` in `validation/`, and for `loss/val`."""
    name = tag.removeprefix(_KERAS_TAG)
    first, _, second = name.partition("/")
    sides = {first.lower(), second.lower()}
    if second and sides & {*_VALIDATION_FOLDERS, "train", "training"}:
        is_second = second.lower() in {*_VALIDATION_FOLDERS, "train", "training"}
        side, name = (second, first) if is_second else (first, second)
        folder = side.lower()
        name = name.lower()
    is_validation = folder in _VALIDATION_FOLDERS and not name.startswith("val_")
    return f"val_{name}" if is_validation else name


def _scalar(value: Any, tensor_util: Any) -> float | None:  # noqa: ANN401
    kind = value.WhichOneof("value")
    if kind == "simple_value":
        return float(value.simple_value)
    if kind != "tensor" or value.metadata.plugin_data.plugin_name not in {
        "scalars",
        "",
    }:
        return None
    array = tensor_util.make_ndarray(value.tensor)
    if array.size != 1 or array.dtype.kind not in "fiu":
        return None
    number = float(array.item())
    return number if not math.isnan(number) else math.nan
