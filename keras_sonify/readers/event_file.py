"""One TensorBoard event file, through the `tensorboard` package, without TensorFlow."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from keras_sonify.readers.rows import MOST_EPOCH, Warn

_LONGEST = 2**26  # bytes of a record whose end is still to come


class Scalar(NamedTuple):
    """A number that was logged.

    Attributes:
        step: Under which number.
        tag: What it is called.
        value: The number.
    """

    step: int
    tag: str
    value: float


class EventFile:
    """Reads the scalars of an event file, up to where it is damaged.

    Args:
        path: The file.
        warn: Function that is given a sentence if it is damaged.
        is_growing: Boolean. Whether a record that is half written may still be
            completed. Defaults to `False`.

    Raises:
        ImportError: If the `tensorboard` package is missing.
    """

    def __init__(self, path: Path, warn: Warn, *, is_growing: bool = False) -> None:
        try:
            # Not TensorBoard's own loader: it loads TensorFlow where that is installed.
            from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import (
                PyRecordReader_New,
            )
        except ImportError as error:
            raise ImportError(
                "Event files need the `tensorboard` package: "
                "pip install 'keras_sonify[tensorboard]'",
            ) from error
        self.path = path
        self._warn = warn
        self._is_growing = is_growing
        self._records = PyRecordReader_New(str(path))
        self._read = 0  # bytes of whole records
        self._is_damaged = False

    def scalars(self) -> Iterator[Scalar]:
        """Yield those that have come since this was asked last."""
        from google.protobuf.message import (  # type: ignore[import-untyped]
            DecodeError,
        )
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.tensorflow_stub import errors

        while not self._is_damaged:
            try:
                self._records.GetNext()
                record = self._records.record()
                event = Event.FromString(record)
            except errors.OutOfRangeError:
                return
            except (errors.DataLossError, DecodeError, MemoryError, OverflowError) as e:
                # The last record of a training that is under way may be half written,
                # a damaged one may claim to hold more bytes than there are anywhere.
                if self._is_growing and self._may_be_half(e):
                    return
                self._is_damaged = True
                self._warn(
                    f"{self.path}: a damaged record; it and what follows were left out."
                )
                return
            self._read += len(record) + _FRAME
            for value in event.summary.value:
                number = _number(value)
                if number is not None and abs(event.step) <= MOST_EPOCH:
                    yield Scalar(event.step, value.tag, number)

    def _may_be_half(self, error: Exception) -> bool:
        """Whether the end of a record is still to come."""
        held = self.path.stat().st_size - self._read
        return "truncated record" in str(error) and held <= _LONGEST


_FRAME = 16  # bytes around a record: its length, and check sums


def _number(value: Any) -> float | None:  # noqa: ANN401
    """Return the number that a summary holds; `None` if it holds something else."""
    from tensorboard.util import tensor_util

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
