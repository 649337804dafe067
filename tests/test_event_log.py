"""TensorBoard's event files, written as Keras's callback writes them."""

import math
import os
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c
from tensorboard.plugins.scalar.metadata import create_summary_metadata
from tensorboard.summary.writer.record_writer import RecordWriter
from tensorboard.util.tensor_util import make_tensor_proto

from keras_sonify import read_log
from keras_sonify.readers import LogError

Scalar = tuple[int, str, float]

TRAINING: list[Scalar] = [
    (0, "batch_loss", 2.0),
    (1, "batch_loss", 1.75),
    (0, "epoch_accuracy", 0.25),
    (0, "epoch_loss", 1.5),
    (0, "epoch_learning_rate", 0.5),
    (2, "batch_loss", 1.25),
    (1, "epoch_accuracy", 0.5),
    (1, "epoch_loss", 0.75),
    (1, "epoch_learning_rate", 0.25),
]
VALIDATION: list[Scalar] = [
    (0, "epoch_accuracy", 0.125),
    (0, "epoch_loss", 1.75),
    (2, "evaluation_loss_vs_iterations", 1.75),
    (1, "epoch_accuracy", 0.375),
    (1, "epoch_loss", math.nan),
]
ROWS = [
    (0, {"accuracy": 0.25, "loss": 1.5, "learning_rate": 0.5}),
    (1, {"accuracy": 0.5, "loss": 0.75, "learning_rate": 0.25}),
]
VALIDATION_ROWS = [
    (0, {"val_accuracy": 0.125, "val_loss": 1.75}),
    (1, {"val_accuracy": 0.375, "val_loss": math.nan}),
]


def write(
    directory: Path,
    scalars: Sequence[Scalar],
    *,
    second: int = 1,
    simple: bool = False,
) -> Path:
    """Write an event file as Keras does, or as PyTorch does: with simple values."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"events.out.tfevents.170000000{second}.host.1.0.v2"
    with path.open("wb") as file:
        records = RecordWriter(file)
        records.write(Event(file_version="brain.Event:2").SerializeToString())
        for step, tag, value in scalars:
            told = (
                Summary.Value(tag=tag, simple_value=value)
                if simple
                else Summary.Value(
                    tag=tag,
                    metadata=create_summary_metadata("", ""),
                    tensor=make_tensor_proto(np.float32(value)),
                )
            )
            event = Event(step=step, summary=Summary(value=[told]))
            records.write(event.SerializeToString())
        records.flush()
    return path


def told(source: Path) -> str:
    """Return what is read, as text, in which NaN equals NaN."""
    return repr(list(read_log(source)))


def test_the_directory_of_a_training_is_read(tmp_path: Path) -> None:
    """Both sides come together by epoch; what comes by batch is left out."""
    write(tmp_path / "train", TRAINING)
    write(tmp_path / "validation", VALIDATION)

    both = [
        (epoch, {**values, **validation})
        for (epoch, values), (_, validation) in zip(ROWS, VALIDATION_ROWS, strict=True)
    ]
    assert told(tmp_path) == repr(both)


def test_one_side_alone_is_read(tmp_path: Path) -> None:
    """A single file is a log, too, and its folder says which side it is of."""
    training = write(tmp_path / "train", TRAINING)
    validation = write(tmp_path / "validation", VALIDATION)

    assert told(training) == repr(ROWS)
    assert told(validation) == repr(VALIDATION_ROWS)


def test_tags_of_other_writers_are_understood(tmp_path: Path) -> None:
    """`loss/val` is `val_loss`, in whatever order the two words come."""
    scalars = [(0, "loss/train", 1.5), (0, "loss/val", 1.75), (0, "Test/Acc", 0.5)]

    write(tmp_path, scalars, simple=True)

    assert told(tmp_path) == repr(
        [(0, {"loss": 1.5, "val_loss": 1.75, "val_acc": 0.5})]
    )


def test_runs_below_a_directory_follow_one_another(tmp_path: Path) -> None:
    """They are not mixed up, and come by the time that their files tell."""
    write(tmp_path / "run_9" / "train", TRAINING, second=1)
    write(tmp_path / "run_10" / "train", [(0, "epoch_loss", 8.0)], second=2)

    assert told(tmp_path) == repr([*ROWS, (0, {"loss": 8.0})])


def test_a_training_begun_anew_is_a_run_of_its_own(tmp_path: Path) -> None:
    """A second training into the same directory does not overwrite the first."""
    for second, loss in ((1, 2.0), (2, 1.0)):
        losses = [(epoch, "epoch_loss", loss / (epoch + 1)) for epoch in range(2)]
        write(tmp_path / "train", losses, second=second)
        write(tmp_path / "validation", losses, second=second)

    assert told(tmp_path) == repr(
        [
            (0, {"loss": 2.0, "val_loss": 2.0}),
            (1, {"loss": 1.0, "val_loss": 1.0}),
            (0, {"loss": 1.0, "val_loss": 1.0}),
            (1, {"loss": 0.5, "val_loss": 0.5}),
        ],
    )


def test_a_resumed_training_goes_on(tmp_path: Path) -> None:
    """A second file whose steps go on belongs to the same run."""
    write(tmp_path, [(0, "epoch_loss", 2.0)], second=1)
    write(tmp_path, [(1, "epoch_loss", 1.0)], second=2)

    assert told(tmp_path) == repr([(0, {"loss": 2.0}), (1, {"loss": 1.0})])


def test_a_half_written_record_is_warned_of(tmp_path: Path) -> None:
    """What was complete before it is read."""
    path = write(tmp_path, [(0, "epoch_loss", 2.0), (1, "epoch_loss", 1.0)])
    path.write_bytes(path.read_bytes()[:-7])
    warned: list[str] = []

    rows = list(read_log(tmp_path, warn=warned.append))

    assert rows == [(0, {"loss": 2.0})]
    assert warned == [f"{path}: a damaged record; it and what follows were left out."]


@pytest.mark.parametrize("claimed", [2**31, 2**40, 2**62, 2**63, 2**64 - 1])
def test_a_record_that_claims_too_much_is_a_damaged_one(
    tmp_path: Path, claimed: int
) -> None:
    """Also where the check sum of its length is right: what is before it is read."""
    path = write(tmp_path, [(0, "epoch_loss", 2.0)])
    length = struct.pack("<Q", claimed)
    with path.open("ab") as file:
        file.write(length + struct.pack("<I", masked_crc32c(length)) + b"too little")
    warned: list[str] = []

    rows = list(read_log(tmp_path, warn=warned.append))

    assert rows == [(0, {"loss": 2.0})]
    assert warned == [f"{path}: a damaged record; it and what follows were left out."]


@pytest.mark.parametrize("kind", [0, 7, 14, 20, 21, 99])
def test_a_tensor_of_an_odd_type_is_left_out(tmp_path: Path, kind: int) -> None:
    """A resource, a variant, one that nobody knows: what follows it is read."""
    path = write(tmp_path, [(0, "epoch_loss", 2.0)])
    odd = Summary.Value(tag="epoch_odd")
    odd.tensor.dtype = kind
    told = Summary.Value(tag="epoch_loss", simple_value=1.0)
    with path.open("ab") as file:
        records = RecordWriter(file)
        for value in (odd, told):
            event = Event(step=1, summary=Summary(value=[value]))
            records.write(event.SerializeToString())
        records.flush()

    assert list(read_log(tmp_path)) == [(0, {"loss": 2.0}), (1, {"loss": 1.0})]


def test_what_is_no_scalar_is_left_out(tmp_path: Path) -> None:
    """Vectors, texts, and a shape that would fill the memory harm nothing."""
    path = write(tmp_path, [(0, "epoch_loss", 2.0)])
    huge = make_tensor_proto(np.float32(1.0))
    huge.tensor_shape.dim.add().size = 2**40
    others = [make_tensor_proto(np.ones(3, "float32")), make_tensor_proto("text"), huge]
    with path.open("ab") as file:
        records = RecordWriter(file)
        for tensor in others:
            value = Summary.Value(tag="epoch_other", tensor=tensor)
            event = Event(step=0, summary=Summary(value=[value]))
            records.write(event.SerializeToString())
        records.flush()

    assert told(tmp_path) == repr([(0, {"loss": 2.0})])


def test_a_directory_without_scalars_is_told(tmp_path: Path) -> None:
    """Neither an empty directory nor empty event files are a log."""
    with pytest.raises(LogError, match="no TensorBoard event file in it"):
        list(read_log(tmp_path))
    write(tmp_path, [])
    with pytest.raises(LogError, match=r"holds no scalars\.$"):
        list(read_log(tmp_path))


def test_tensorflow_is_not_loaded(tmp_path: Path) -> None:
    """Also where it is installed: it would take seconds."""
    write(tmp_path, TRAINING)
    code = (
        "import sys\nfrom keras_sonify import read_log\n"
        f"print(len(list(read_log({str(tmp_path)!r}))), 'tensorflow' in sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "2 False\n"


def test_without_the_package_the_way_out_is_told(tmp_path: Path) -> None:
    """The message holds the line that installs what is missing."""
    write(tmp_path / "log", TRAINING)
    (tmp_path / "tensorboard.py").write_text("raise ImportError('not here')\n")

    done = subprocess.run(
        [sys.executable, "-m", "keras_sonify", "describe", "log"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == (
        "Error: Event files need the `tensorboard` package: "
        "pip install 'keras_sonify[tensorboard]'\n"
    )
