"""The live page in tests: runs that wait for the test, listeners, and what is heard."""

import json
import os
import queue
import socket
from pathlib import Path
from typing import Self

from programs import Program, children, sonify

from keras_sonify.live.child import Answer, Child

TOKEN = "a-token"  # noqa: S105 - of tests
_STARTING = 15.0  # seconds that a server may take on a busy machine

_STEPS = """
import sys

def epoch_ends(epoch):
    values = logs(epoch)
    sonifier.epoch(epoch, {name: values[name] for name in metrics})

epochs, at_once = map(int, sys.argv[1:3])
metrics = sys.argv[3:]
sonifier.begin(epochs)
for epoch in range(at_once):
    epoch_ends(epoch)
sonifier.drain(10.0)
print("ready")
for epoch in range(at_once, epochs):
    input()
    begun = time.monotonic()
    epoch_ends(epoch)
    print("epoch", json.dumps([begun, time.monotonic()]))
    sonifier.drain(10.0)
    print("played", epoch)
input()
sonifier.end()
"""


def page_env(
    env: dict[str, str] | None = None,
    port: int = 0,
    token: str = TOKEN,
    stay: float = 0.0,
) -> dict[str, str]:
    """Return environment variables with which the live page is at a place of its own.

    Args:
        env: The others. Defaults to the test's own.
        port: Its port; 0 is any that is free. Defaults to 0.
        token: Its token. Defaults to that of all tests.
        stay: Seconds that it outlives its program. Defaults to 0.0.
    """
    place = {
        "KERAS_SONIFY_PORT": str(port),
        "KERAS_SONIFY_TOKEN": token,
        "KERAS_SONIFY_STAY": str(stay),
    }
    return {**(os.environ if env is None else env), **place}


def address_of(program: Program) -> str:
    """Read on until a program has told where its page is."""
    program.read_until("Hear this training at ")
    return program.lines[-1].split()[-1]


def servers(pid: int) -> list[int]:
    """Return the numbers of a program's live page's processes."""
    return [pid for pid in children(pid) if b"keras_sonify.live.server" in cmd(pid)]


def server_of(pid: int) -> int:
    """Return the number of a program's live page's process, the only one."""
    (server,) = servers(pid)
    return server


def cmd(pid: int) -> bytes:
    """Return what the process list shows of a process; nothing if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


class Training(Program):
    """A run whose epochs end when the test says so.

    Args:
        directory: Where it runs.
        env: Its environment variables.
        epochs: How many epochs it is to have.
        at_once: How many of them end at once. Defaults to none.
        metrics: What sounds in each of them. Defaults to the loss.

    Attributes:
        address: Where its live page is.
        begun: When each epoch has ended and `Sonifier.epoch` was called, by
            `time.monotonic`.
        taken: How long each of these calls has taken, in seconds.
    """

    def __init__(
        self,
        directory: Path,
        env: dict[str, str],
        epochs: int,
        at_once: int = 0,
        metrics: tuple[str, ...] = ("loss",),
    ) -> None:
        arguments = (str(epochs), str(at_once), *metrics)
        super().__init__(sonify(_STEPS, "browser"), directory, env, arguments)
        self.address = ""
        self.begun: list[float] = []
        self.taken: list[float] = []

    def __enter__(self) -> Self:
        self.address = address_of(self)
        self.read_until("ready")
        return self

    def step(self, epochs: int = 1) -> None:
        """End so many epochs, one after the other, each when the last is over."""
        for _ in range(epochs):
            self.go_on()
            self.read_until("epoch ")
            begun, returned = json.loads(self.lines[-1].removeprefix("epoch "))
            self.begun.append(begun)
            self.taken.append(returned - begun)
            self.read_until("played ")

    def end(self) -> None:
        """End the run and its program."""
        self.go_on()
        self.finish()


class Server:
    """The live page's process alone, fed by the test.

    Args:
        port: Where it shall be; 0 is any port that is free. Defaults to 0.
        token: What it lets in. Defaults to that of all tests.

    Attributes:
        pid: Number of its process.
        address: Where its page is.
    """

    def __init__(self, port: int = 0, token: str = TOKEN) -> None:
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        before = set(children(os.getpid()))
        self._child = Child("keras_sonify.live.server", [], self._answers.put)
        (self.pid,) = set(children(os.getpid())) - before
        settings = {"port": port, "token": token, "stay": 0.0}
        self._child.send(settings, timeout=5.0)
        self.address = ""
        answer = self._answers.get(timeout=_STARTING)
        self.address = f"http://127.0.0.1:{answer['ready']}/?token={token}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.kill()
        self._child.close()

    def show(
        self, length: int, padding: str = "", unit: str = "epoch", **clock: float
    ) -> None:
        """Let pages show something else."""
        status = f"Training so far: {unit} {length}"
        state = {
            "unit": unit,
            "length": length,
            "status": status,
            "said": f"{status}.",
            "ended": False,
            "title": "Training",
            "clock": {**dict.fromkeys(("so_far", "since", "each", "left")), **clock},
            "latest": {"names": [], "rows": []},
            "svg": "",
        }
        points = [{"place": length - 1, "text": padding, "short": padding}]
        self._send(state={**state, "points": points, "events": []})

    def greet(self, said: str, sound: str = "") -> None:
        """Let pages play something when their sound is enabled."""
        self._send(greeting={"said": said, "sound": sound})

    def cue(self, said: str = "", sound: str = "", *, event: bool = False) -> None:
        """Let pages say and play something; an event must also be heard."""
        self._send(
            cue={
                "said": said,
                "short": said,
                "sound": sound,
                "events": ["overfitting"] if event else [],
                "urgent": False,
                "keep": event,
            }
        )

    def end(self) -> None:
        """End its input."""
        self._child.close()

    def _send(self, **message: object) -> None:
        self._child.send(message, timeout=5.0)
