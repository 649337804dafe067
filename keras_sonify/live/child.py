"""A helper process: fed through its standard input, answering in lines of JSON.

What may hang, block or crash (an audio driver, a listener that does not read) lives
in a process of its own, where it cannot reach the training: the helper can be killed,
and when the training goes, by whatever death, it sees the end of its input and ends.
"""

import contextlib
import json
import os
import selectors
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from keras_sonify.live.python import helper_environment, helper_python

_LENGTH = struct.Struct("<I")  # each message is its length, then its bytes
_CHUNK = 1 << 16
_LONGEST_ANSWER = 1 << 20  # bytes; what is longer is none of ours

Answer = dict[str, Any]


class Child:
    """Runs `python -m module` of this package as a helper process.

    Args:
        module: Name of the module, `"keras_sonify.live.speaker"`.
        arguments: Its command line.
        on_answer: Called with each answer, in a thread of its own; at last with
            `{"ended": exit_status}`.

    Raises:
        NoHelperError: If this process has no Python to start it with.
    """

    def __init__(
        self,
        module: str,
        arguments: Sequence[str],
        on_answer: Callable[[Answer], None],
    ) -> None:
        self._on_answer = on_answer
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            # -P: a file of the user's that is named like a module of the standard
            # library must not be imported in its place.
            [helper_python(), "-P", "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # ALSA and PortAudio talk to stderr. It must not be the script's own:
            # whoever reads that to its end would wait for the last cue.
            stderr=subprocess.DEVNULL,
            env=helper_environment(str(Path(__file__).resolve().parents[2])),
            bufsize=0,
            # A Ctrl-C in the terminal is for the training alone.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
            | getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise AssertionError  # pragma: no cover - both were asked for
        self._input = self._process.stdin.fileno()
        if os.name == "posix":
            os.set_blocking(self._input, False)
        self._reader = threading.Thread(
            target=self._read_answers,
            args=(self._process.stdout,),
            name="keras-sonify-answers",
            daemon=True,
        )
        self._reader.start()

    def send(self, message: bytes, timeout: float) -> None:
        """Send one message.

        Raises:
            OSError: If the helper is gone, or took nothing for `timeout` seconds.
        """
        data = memoryview(_LENGTH.pack(len(message)) + message)
        deadline = time.monotonic() + timeout
        while data:
            try:
                data = data[os.write(self._input, data[:_CHUNK]) :]
            except BlockingIOError:
                if not self._wait_writable(deadline - time.monotonic()):
                    raise TimeoutError("The helper process does not read.") from None

    def _wait_writable(self, timeout: float) -> bool:
        # Not `select.select`: it refuses descriptors from 1024 on, and a training
        # may have that many files open.
        with selectors.DefaultSelector() as selector:
            selector.register(self._input, selectors.EVENT_WRITE)
            return bool(selector.select(max(0.0, timeout)))

    def close(self) -> None:
        """End its input: it finishes what it was sent, then ends by itself."""
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def _read_answers(self, output: BinaryIO) -> None:
        with output:
            for line in iter(partial(output.readline, _LONGEST_ANSWER), b""):
                # What is no object was printed by others, by a `sitecustomize` say.
                # One that is nested too deeply for JSON raises a `RecursionError`.
                with contextlib.suppress(ValueError, RecursionError):
                    if isinstance(message := json.loads(line), dict):
                        self._on_answer(message)
        self._on_answer({"ended": self._process.wait()})


def read_message(source: BinaryIO) -> bytes | None:
    """Return the next message, in the helper; `None` when there are no more.

    Args:
        source: The helper's standard input.
    """
    head = source.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    message = source.read(length)
    return message if len(message) == length else None


def answer_import_error(error: Exception) -> None:
    """Answer, in the helper, that it lacks a module, and which."""
    answer(error="module", message=str(error), module=getattr(error, "name", None))


def answer(**fields: object) -> None:
    """Send an answer, in the helper. Nobody may be left to read it."""
    with contextlib.suppress(OSError):
        # On a line of its own, whatever others have printed before.
        sys.stdout.write(f"\n{json.dumps(fields)}\n")
        sys.stdout.flush()
