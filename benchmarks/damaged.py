"""Logs and event files, damaged in any way."""

import random
import struct
from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c

_HOSTILE_LENGTHS = (0, 1, 2**31, 2**32, 2**40, 2**62, 2**63, 2**64 - 1)


def changed(chance: random.Random, content: bytes) -> bytes:
    """Return bytes with a few changes."""
    data = bytearray(content)
    for _ in range(chance.choice((0, 1, 1, 2, 5))):
        at = chance.randrange(len(data) + 1)
        length = chance.choice((1, 1, 2, 8, 40))
        what = chance.randrange(5)
        if what == 0:
            data[at : at + length] = chance.randbytes(length)
        elif what == 1:
            del data[at : at + length]
        elif what == 2:
            data[at:at] = chance.randbytes(length)
        elif what == 3:
            data[at:at] = data[at : at + length] * chance.choice((1, 2, 100))
        else:
            data[at : at + length] = chance.choice((b"\0", b"\xff")) * length
    return bytes(data)


def _record(payload: bytes, length: int | None = None) -> bytes:
    """Return a record of an event file whose check sums are right."""
    head = struct.pack("<Q", len(payload) if length is None else length)
    sums = [struct.pack("<I", masked_crc32c(each)) for each in (head, payload)]
    return head + sums[0] + payload + sums[1]


def _payload(chance: random.Random) -> bytes:
    """Return an event, of Keras's kind or nearly."""
    value = Summary.Value(tag=chance.choice(("epoch_loss", "epoch_loss", "loss/val")))
    if chance.random() < 0.4:
        value.simple_value = chance.uniform(-1.0, 1.0)
    else:
        value.tensor.dtype = chance.choice((1, 1, 2, 7, 20, 21, chance.randrange(200)))
        for _ in range(chance.choice((0, 0, 0, 1, 40))):
            value.tensor.tensor_shape.dim.add().size = chance.choice((1, 1, 0, 2**40))
        value.tensor.tensor_content = chance.randbytes(chance.choice((0, 4, 8, 9)))
        value.tensor.float_val.extend([1.0] * chance.choice((0, 1, 2)))
        value.metadata.plugin_data.plugin_name = chance.choice(("scalars", "", "x"))
    step = chance.choice((0, 1, 2, -1, 2**53 + 1, 2**63 - 1))
    return bytes(Event(step=step, summary=Summary(value=[value])).SerializeToString())


def event_file(chance: random.Random) -> bytes:
    """Return an event file that is damaged in some way."""
    records = [_record(Event(file_version="brain.Event:2").SerializeToString())]
    if chance.random() < 0.5:  # something is there to be read
        value = Summary.Value(tag="epoch_loss", simple_value=1.0)
        event = Event(step=0, summary=Summary(value=[value]))
        records.append(_record(event.SerializeToString()))
    is_right = chance.random() < 0.5
    for _ in range(chance.randrange(1, 8)):
        payload = _payload(chance)
        if is_right and chance.random() < 0.5:  # and its sums know nothing of it
            payload = changed(chance, payload)
        length = chance.choice(_HOSTILE_LENGTHS) if chance.random() < 0.1 else None
        records.append(_record(payload, length))
    first, *others = records
    content = b"".join(others)
    return first + (content if is_right else changed(chance, content))


_PRINTED = (
    "Epoch 1/2\n10/10 [====] - 4s 9ms/step - loss: 0.9 - val_loss: 1\nEpoch 2/2\r",
    "Epoch 2/2\n 5/10 [==>.] - ETA: 1s - loss: 0.6\b\b\r10/10 - 3s - loss: 0.5\n",
    "Epoch 1/2\n10/10 ━━━━ 4s 9ms/step - loss: 0.9000\nEpoch 1: val_loss improved\n",
    "iter 0: loss 2.5, time 9ms\niter 10: loss 1.5\nstep 20: val loss 1.0\n" * 3,
    "Epoch [1/20], Loss: 0.9, Acc: 55.1%\nEpoch [2/20], Loss: 0.5, Acc: 60%\n",
    "epoch 1: 100%|████| 10/10 [00:01<00:00, 9.1it/s, loss=0.9, v_num=0]\n" * 3,
    "{'loss': 0.9, 'learning_rate': 1e-05, 'epoch': 0.5}\n{'eval_loss': 1}\n",
    "[0]\tvalidation_0-logloss:0.6\tb-logloss:0.65\n[1]\tvalidation_0-logloss:0.5\n",
    " 0/9 10.7G 0.068 0.18 0.08 0.33 35 640 0.05 0.14 0.04 0.01 0.08 0.007 0.06\n" * 3,
    "epoch;loss;accuracy\n0;1;0,5\n1;0,5;0,75\n2;0,25;1\n",
    "epoch,phase,loss\n0,train,0.9\n0,val,1.0\n1,train,0.5\n1,val,0.7\n",
    "epoch  loss\n0      0.9\n1      [0.5]\n",
    "| epoch | loss |\n|---|---|\n| 1 | 12,345.6 |\n| 2 | 9,876.5 |\n",
    '#{"t_start": 1.0}\nr,l,t\n16.0,16,4.9\n31.0,31,4.97\n',
)
_ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32")


def log_samples() -> list[str]:
    """Return logs of many kinds."""
    logs = Path(__file__).parents[1] / "tests" / "logs"
    texts = (path.read_bytes().decode(errors="replace") for path in logs.iterdir())
    return [*_PRINTED, *texts]


def log_file(chance: random.Random, samples: list[str]) -> bytes:
    """Return a log that is damaged in some way, or two in one."""
    lines = chance.choice(samples).splitlines(keepends=True)
    if chance.random() < 0.2:
        lines += chance.choice(samples).splitlines(keepends=True)
    for _ in range(chance.choice((0, 0, 1, 3))):
        at = chance.randrange(len(lines) + 1)
        what = chance.randrange(4)
        if what == 0:
            del lines[at : at + 1]
        elif what == 1:
            lines[at:at] = lines[at : at + 1] * chance.choice((1, 2, 1000))
        elif what == 2:
            lines[at:at] = [
                chance.choice(("\r", "\x1b[K", "====\n", "# a\n", '"', "\0"))
            ]
        else:
            lines[at : at + 2] = reversed(lines[at : at + 2])
    return changed(chance, "".join(lines).encode(chance.choice(_ENCODINGS)))
