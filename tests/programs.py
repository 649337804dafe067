"""Python programs that tests run, each in a process of its own."""

import json
import os
import queue
import signal
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

_TIMEOUT = 120.0  # seconds after which a program that hangs is ended
_PARTING = 3.0  # seconds that a program's helper may hold its output
_LAST_LINE = "\nimport time; print('last line', time.monotonic())\n"

_RUN = """
import json
import time
from keras_sonify import Sonifier

def logs(epoch):  # of a network that learns, then overfits
    return {
        "loss": 2.0 * 0.7**epoch,
        "val_loss": 2.1 * 0.8**epoch + 0.012 * epoch**2,
        "accuracy": 1.0 - 0.9 * 0.8**epoch,
        "val_accuracy": 0.9 - 0.8 * 0.75**epoch - 0.01 * epoch,
    }

# Each tone is held against the timing table; words are heard in tests of their own.
sonifier = Sonifier(directory="sound", player={player!r}, words=False)
"""

# The beginning of a script that is told how it ended, as the callback is.
WATCHED = """
    import signal
    from keras_sonify.callback import aftermath

    class Training:
        is_waiting = False

        def ended_by(self, kind, **how):
            sonifier.sound(kind)
            sonifier.close()

    signal.signal(signal.SIGINT, signal.default_int_handler)
    training = Training()
    aftermath.watch(training)
"""


def sonify(body: str, player: str | None = "speaker") -> str:
    """Return a script that has a `sonifier`, and the `logs(epoch)` of a training."""
    return _RUN.replace("{player!r}", repr(player)) + textwrap.dedent(body)


class Program:
    """A program under way, which ends with the `with` block, whatever happens.

    Args:
        source: Its text. Below it a line is added that prints the time.
        directory: Where it runs.
        env: Its environment variables. Defaults to the test's own.
        arguments: Its command line. Defaults to none.

    Attributes:
        pid: Number of its process.
        lines: What was read of its output: stdout and stderr together.
        status: Its exit status, when it has ended.
        exit_seconds: From its last line to its end.
        pipe_seconds: From its last line to the end of its output, which comes when
            no process is left that could write to it.
    """

    def __init__(
        self,
        source: str,
        directory: Path,
        env: dict[str, str] | None = None,
        arguments: tuple[str, ...] = (),
    ) -> None:
        self.lines: list[str] = []
        self.status: int | None = None
        self.exit_seconds = self.pipe_seconds = float("inf")
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-u", "-Walways::UserWarning", "-c"),
                textwrap.dedent(source) + _LAST_LINE,
                *arguments,
            ],
            cwd=directory,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # what signals its group reaches no one else
        )
        self.pid = self._process.pid
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input, self._output = self._process.stdin, self._process.stdout
        self._unread: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._closed = float("inf")
        # Always read: a program whose output nobody takes stands still.
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._watchdog = threading.Timer(_TIMEOUT, self._process.kill)
        self._watchdog.daemon = True
        self._watchdog.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._watchdog.cancel()
        self._process.kill()
        self._process.wait()
        self._input.close()
        self._reader.join(_PARTING)  # a helper may have a last word on it
        if not self._reader.is_alive():  # else a process it left holds the output
            self._output.close()

    def _read(self) -> None:
        for line in self._output:
            self._unread.put(line.rstrip("\n"))
        self._closed = time.monotonic()
        self._unread.put(None)

    def read_until(self, start: str) -> None:
        """Read on until a line that begins so."""
        for line in iter(self._unread.get, None):
            self.lines.append(line)
            if line.startswith(start):
                return
        raise AssertionError(
            "\n".join([f"No line begins with {start!r}:", *self.lines])
        )

    def go_on(self) -> None:
        """Let it go on from an `input()`."""
        self._input.write("\n")
        self._input.flush()

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def press_ctrl_c(self) -> None:
        """Interrupt it as a terminal does: it and all processes of its group."""
        os.killpg(self.pid, signal.SIGINT)

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def wait(self) -> None:
        """Wait for its end; its output may go on."""
        self._process.wait()

    def finish(self) -> Self:
        """Wait for its end and read the rest of its output."""
        self.status = self._process.wait()
        ended = time.monotonic()
        self.lines.extend(iter(self._unread.get, None))
        for line in self.lines:
            if line.startswith("last line "):
                last_line = float(line.split()[-1])
                self.exit_seconds = ended - last_line
                self.pipe_seconds = self._closed - last_line
        return self

    @property
    def output(self) -> str:
        """What was read of its output."""
        return "\n".join(self.lines)

    @property
    def warnings(self) -> list[str]:
        """The warnings that it was given."""
        mark = "UserWarning: "
        return [line.split(mark)[1] for line in self.lines if mark in line]

    def told(self, name: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Return the value of the line `name value` that it printed, from JSON."""
        for line in self.lines:
            if line.startswith(f"{name} "):
                return json.loads(line.removeprefix(name))
        raise AssertionError("\n".join([f"No line tells {name!r}:", *self.lines]))


def run(
    source: str,
    directory: Path,
    env: dict[str, str] | None = None,
    arguments: tuple[str, ...] = (),
) -> Program:
    """Run a program to its end."""
    with Program(source, directory, env, arguments) as program:
        return program.finish()


def hasten(directory: Path, module: str, times: int) -> dict[str, str]:
    """Return a variable with which a helper's clock runs many times as fast.

    Args:
        directory: Where what is needed for that may lie.
        module: Of the helper.
        times: How many times.
    """
    # Python runs this file before all others.
    (directory / "sitecustomize.py").write_text(
        "import sys, time\n"
        "clock = time.monotonic\n"
        f"if {module!r} in sys.orig_argv:\n"
        f"    time.monotonic = lambda: {times} * clock()\n",
    )
    return {"PYTHONPATH": str(directory)}


def children(pid: int) -> list[int]:
    """Return the running processes that a process has started."""
    return [int(s.parent.name) for s in _stats() if _parent_and_state(s)[0] == pid]


def is_running(pid: int) -> bool:
    """Whether there is such a process, and not only its exit status."""
    return _parent_and_state(Path(f"/proc/{pid}/stat"))[1] not in ("", "Z", "X")


def wait_end(pid: int, timeout: float) -> bool:
    """Wait until a process, not necessarily a child of ours, has ended."""
    deadline = time.monotonic() + timeout
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_running(pid)


def _stats() -> list[Path]:
    return [path / "stat" for path in Path("/proc").iterdir() if path.name.isdigit()]


def _parent_and_state(stat: Path) -> tuple[int, str]:
    try:
        fields = stat.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        return 0, ""
    return int(fields[1]), fields[0]


def sockets(pid: int) -> list[str]:
    """Return a process's connections; the virtual card is reached by one."""
    found = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # it has just been closed
            found.append(str(link.readlink()))
    return [each for each in found if each.startswith("socket:")]
