"""Whatever bytes a log holds, and whatever finite values a history: no surprise."""

import io
import json
import struct
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import soundfile
from click.testing import CliRunner
from ear import cents, listen
from hypothesis import example, given, settings
from hypothesis import strategies as st
from table import read_table
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c
from tensorboard.summary.writer.record_writer import RecordWriter

from keras_sonify import Sonifier, read_log
from keras_sonify.cli import commands
from keras_sonify.readers import LogError
from keras_sonify.readers.rows import Row

NEVER_SO_LONG = timedelta(seconds=20)  # what takes longer hangs

# Parts of which logs are made, and what breaks them.
PIECES = """
    epoch Epoch step loss val_loss accuracy Train_Loss val/loss _ 0 1 2 -1 0.5 1e400
    5e-324 nan -inf NA None [0.1,0.2] 9223372036854775808 1e300 <<<<<<< ======= >>>>>>>
""".split()  # noqa: SIM905 - reads better than so many strings
GLUE = [*',;\t|: "\r\n\0\ufeff\x1a\x85\u0661\u2028', "\r\n", "\n", "\n", ",", ",", ","]
KEYS = [
    "epoch",
    "step",
    "loss",
    "val_loss",
    "history",
    "log_history",
    "train",
    "mode",
    "columns",
    "data",
    "0",
    "\ud800acc",
    "\x1b",
]

tables = st.lists(st.sampled_from([*PIECES, *GLUE]), max_size=60).map("".join)
numbers = st.floats() | st.integers(-3, 3) | st.sampled_from([2**63, 10**400])


def dictionaries(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy of objects as they stand in a log in JSON."""
    return st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)


values = st.recursive(
    numbers | st.none() | st.booleans() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | dictionaries(inner),
    max_leaves=12,
)
documents = st.lists(dictionaries(values) | values, max_size=4)
json_lines = documents.map(lambda entries: "\n".join(map(json.dumps, entries)))
event_files = st.binary(max_size=200).map(lambda rest: b"brain.Event:2" + rest)


def make_records(payloads: list[bytes]) -> bytes:
    """Return an event file whose records are sound, whatever they hold."""
    file = io.BytesIO()
    for payload in [b"\x1a\rbrain.Event:2", *payloads]:
        RecordWriter(file).write(payload)
    return file.getvalue()


def make_claim(length: int) -> bytes:
    """Return the beginning of a record whose check sum is right, of any length."""
    told = struct.pack("<Q", length)
    return make_records([]) + told + struct.pack("<I", masked_crc32c(told)) + b"\0"


def make_event(kind: int, size: int, content: bytes) -> bytes:
    """Return an event that holds a tensor of any type and size."""
    value = Summary.Value(tag="epoch_loss")
    value.tensor.dtype = kind
    value.tensor.tensor_shape.dim.add().size = size
    value.tensor.tensor_content = content
    return bytes(Event(summary=Summary(value=[value])).SerializeToString())


tensors = st.builds(
    make_event,
    st.integers(0, 130),
    st.sampled_from([1, 1, 0, -1, 2**40]),
    st.binary(max_size=9),
)

logs = st.one_of(
    st.binary(max_size=300),
    tables.map(str.encode),
    tables.map(lambda text: text.encode("utf-16")),
    tables.map(lambda text: b"epoch,loss\n0,1\n" + text.encode()),
    json_lines.map(lambda text: text.encode("utf-8", "surrogatepass")),
    documents.map(lambda entries: json.dumps(entries, indent=1).encode()),
    event_files,
    st.lists(st.binary(max_size=60) | tensors, max_size=3).map(make_records),
    st.integers(0, 2**64 - 1).map(make_claim),
)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that each example overwrites."""
    return tmp_path_factory.mktemp("log") / "log"


@given(content=logs)
@example(content=b'{"epoch": 1e300, "loss": 1.0}')
@example(content=b'{"log_history": [{"epoch": 1e300, "loss": 1.0}]}')
@example(content=b'{"epoch": -1, "loss": 1.0}')
@example(content=b'{"\\ud800_acc": [1, 2]}')
@example(content=b"brain.Event:,loss\n0,1.0\n")
@example(content=b"epoch\x00loss\n0\x001.0\n")
@example(content=b'epoch"loss\n0"1.0\n')
@example(content=b"train_,val_\n1,2\n")
@settings(max_examples=300, deadline=NEVER_SO_LONG)
def test_any_bytes_are_a_log_or_a_clear_error(log: Path, content: bytes) -> None:
    """Epochs with numbers by name, or one sentence that names the file."""
    log.write_bytes(content)

    rows, error = read_or_refuse(log)
    told = CliRunner().invoke(commands, ["describe", str(log), "--run", "all"])

    assert error != ""
    for epoch, row in rows:
        assert type(epoch) is int
        assert {type(name) for name in row} <= {str}
        assert {type(value) for value in row.values()} <= {float}
    has_values = error is None and any(row for _, row in rows)
    assert told.exception is None or isinstance(told.exception, SystemExit)
    silent = told.stdout.count("No metric to tell of.")
    is_told = has_values and silent < max(told.stdout.count("Run "), 1)
    assert told.exit_code == (0 if is_told else 1)


def read_or_refuse(log: Path) -> tuple[list[Row], str | None]:
    """Return a log's rows, and the sentence that told why there are no more."""
    rows: list[Row] = []
    try:
        rows.extend(read_log(log, warn=lambda _: None))
    except LogError as error:
        return rows, str(error)
    return rows, None


@given(history=values)
@settings(max_examples=100, deadline=NEVER_SO_LONG)
def test_any_history_is_heard_or_refused(history: Any) -> None:  # noqa: ANN401
    """`from_history` takes what holds epochs, and says what it needs otherwise."""
    told = "`history` must be"
    try:
        Sonifier.from_history(history, directory=None)
    except ValueError as error:
        told = str(error)

    assert told.startswith("`history` must be")


any_finite = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [0.0, -0.0, 5e-324, -5e-324, 2.3e-308, 1e-300, 1e300, -1e300, 1.7e308, -1.7e308],
)
runs = st.lists(
    any_finite | st.floats(0.0, 1.0) | st.floats(0.01, 100.0),
    min_size=2,
    max_size=30,
)


@given(series=runs, name=st.sampled_from(["loss", "accuracy", "mood"]))
@example(series=[0.9**epoch for epoch in range(30)], name="loss")
@example(series=[1e300, -1e300, 0.0, 5e-324], name="loss")
@example(series=[1.7e308, -1.7e308, 0.0], name="accuracy")
@settings(max_examples=20, deadline=NEVER_SO_LONG)
def test_a_history_is_decoded_from_its_file(
    tmp_path_factory: pytest.TempPathFactory,
    series: list[float],
    name: str,
) -> None:
    """By ear: a tone an epoch, each at its pitch, and the higher value never lower."""
    directory = tmp_path_factory.mktemp("run")

    Sonifier.from_history({name: series}, metrics=name, directory=directory)

    frames, sample_rate = soundfile.read(directory / f"{name}.wav")
    heard = [listen(slot, sample_rate) for slot in frames.reshape(len(series), -1)]
    rows = read_table(directory, f"{name}.wav")
    assert [len(notes) for notes in heard] == [1] * len(series)
    assert [row.value for row in rows] == series
    pitches_hz = [notes[0].pitch_hz for notes in heard]
    meant_hz = [row.frequency_hz for row in rows]
    assert max(map(abs, map(cents, pitches_hz, meant_hz))) < 5.0
    rising = sorted(zip(series, pitches_hz, strict=True))
    assert all(low < high + 0.01 for (_, low), (_, high) in pairwise(rising))
    (lowest, low_hz), (highest, high_hz) = rising[0], rising[-1]
    if name == "loss" and highest > 1.2 * lowest > 1e-300:
        assert cents(high_hz, low_hz) > 100.0
    last = read_table(directory, "training.wav")[-1]
    summary = soundfile.info(directory / "training.wav")
    assert summary.duration > last.start + last.duration - 0.001
