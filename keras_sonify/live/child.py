"""A helper process, as the training sees it: fed, heard, and killed if need be.

What may hang, block or crash (an audio driver, a listener that does not read) lives
in a process of its own, where it cannot reach the training: the helper can be killed,
and when the training goes, by whatever death, it notices and ends.
"""

import contextlib
import json
import os
import selectors
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from keras_sonify.live.messages import Fields, pack
from keras_sonify.live.python import helper_environment, helper_python

_CHUNK = 1 << 16
_LONGEST_ANSWER = 1 << 20  # bytes; what is longer is none of ours

Answer = Fields


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
        self._turn = threading.Lock()
        self._posted: deque[bytes] = deque()
        self._is_cut = False  # a message was left in its middle
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
        try:
            self._reader.start()
        except RuntimeError:  # no thread to be had: who asks again gets a new process
            self._process.kill()
            self._process.wait()
            raise

    def send(self, fields: Fields, payload: bytes = b"", *, timeout: float) -> None:
        """Send one message.

        Args:
            fields: What it says.
            payload: The bytes that go with it. Defaults to none.
            timeout: Seconds that the helper may take nothing.

        Raises:
            OSError: If the helper is gone, or took nothing for so long.
        """
        deadline = time.monotonic() + timeout
        if not self._turn.acquire(timeout=timeout):
            raise TimeoutError("The helper process does not read.")
        try:
            self._write_posted()
            self._write(pack(fields, payload), deadline)
        finally:
            self._turn.release()
        self._pass_on_posted()

    def post(self, fields: Fields) -> None:
        """Send a short message without waiting; who is sending now sends it after.

        It is lost if the helper is gone, or takes nothing more.
        """
        self._posted.append(pack(fields))
        self._pass_on_posted()

    def tell(self, fields: Fields, timeout: float = 0.0) -> None:
        """Send a short message, waiting for it or not; see `send` and `post`.

        Args:
            fields: What it says.
            timeout: Seconds to wait at most. Defaults to `0.0`.
        """
        if timeout:
            with contextlib.suppress(OSError):
                self.send(fields, timeout=timeout)
        else:
            self.post(fields)

    def _pass_on_posted(self) -> None:
        """Send what was posted, unless somebody sends who will do so."""
        while self._posted and self._turn.acquire(blocking=False):
            try:
                self._write_posted()
            finally:
                self._turn.release()

    def _write_posted(self) -> None:
        while self._posted:
            # A pipe takes what is as short as this as a whole, or not at all.
            message = self._posted.popleft()
            with contextlib.suppress(OSError):
                self._check_whole()
                os.write(self._input, message)

    def _write(self, message: bytes, deadline: float) -> None:
        self._check_whole()
        data = memoryview(message)
        while data:
            try:
                data = data[os.write(self._input, data[:_CHUNK]) :]
            except BlockingIOError:
                if not self._wait_writable(deadline - time.monotonic()):
                    self._is_cut = True
                    raise TimeoutError("The helper process does not read.") from None

    def _check_whole(self) -> None:
        if self._is_cut or self._process.stdin is None or self._process.stdin.closed:
            raise BrokenPipeError("The helper process takes no more messages.")

    def _wait_writable(self, timeout: float) -> bool:
        # Not `select.select`: it refuses descriptors from 1024 on, and a training
        # may have that many files open.
        with selectors.DefaultSelector() as selector:
            selector.register(self._input, selectors.EVENT_WRITE)
            return bool(selector.select(max(0.0, timeout)))

    def close(self) -> None:
        """End its input: it finishes what it was sent, then ends by itself."""
        # Not while another thread sends: the number of the file may be another's then.
        with self._turn, contextlib.suppress(OSError):
            if self._process.stdin is not None:
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
