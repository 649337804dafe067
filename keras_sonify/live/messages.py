"""What a training and its helper processes tell each other.

A message to a helper is a frame on its standard input: a line of JSON, and after it any
bytes, such as sound. A helper answers in lines of JSON on its standard output.
"""

import contextlib
import json
import os
import struct
import sys
from collections.abc import Iterator
from typing import Any

from keras_sonify.pipes import can_read

Fields = dict[str, Any]
Message = tuple[Fields, bytes]

_LENGTH = struct.Struct("<I")  # each frame is its length, then its bytes
_CHUNK = 1 << 16
_BEAT = 0.25  # seconds between two looks at whether the training is still there


def pack(fields: Fields, payload: bytes = b"") -> bytes:
    """Return a message as a frame.

    Args:
        fields: What it says.
        payload: The bytes that go with it. Defaults to none.
    """
    body = json.dumps(fields).encode() + b"\n" + payload
    return _LENGTH.pack(len(body)) + body


def messages() -> Iterator[Message | None]:
    """Yield what the training sends, in the helper, until the training is gone.

    It is gone when nobody is left to write, or when its process has ended: forked
    workers of it may hold the pipe open for ever.

    Yields:
        A message; or `None`, several times a second, while nothing comes.
    """
    trainer = os.getppid()
    unread = bytearray()
    while (chunk := _next_chunk(trainer)) != b"":
        if chunk is None:
            yield None
            continue
        unread += chunk
        while (body := _take_frame(unread)) is not None:
            head, _, payload = body.partition(b"\n")
            yield json.loads(head), payload


def _next_chunk(trainer: int) -> bytes | None:
    # Asked first: whatever it wrote before it went is in the pipe by now. Windows gives
    # no process another parent, and none of its pipes is held open by a worker.
    is_gone = os.getppid() != trainer
    if can_read(0, 0.0 if is_gone else _BEAT):
        return os.read(0, _CHUNK)
    return b"" if is_gone else None


def _take_frame(unread: bytearray) -> bytes | None:
    if len(unread) < _LENGTH.size:
        return None
    end = _LENGTH.size + _LENGTH.unpack_from(unread)[0]
    if len(unread) < end:
        return None
    body = bytes(unread[_LENGTH.size : end])
    del unread[:end]
    return body


def answer(**fields: object) -> None:
    """Send an answer, in the helper. Nobody may be left to read it."""
    with contextlib.suppress(OSError, ValueError):
        # On a line of its own, whatever others have printed before.
        sys.stdout.write(f"\n{json.dumps(fields)}\n")
        sys.stdout.flush()


def answer_import_error(error: Exception) -> None:
    """Answer, in the helper, that it lacks a module, and which."""
    answer(error="module", message=str(error), module=getattr(error, "name", None))
