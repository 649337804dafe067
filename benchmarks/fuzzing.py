"""Whether damaged logs and hostile requests do harm: no traceback, no hang.

`python benchmarks/fuzzing.py logs 600` changes logs of all kinds in places, lines and
encodings, and has each described; `events 600` does so with event files, half of them
under check sums that are right. `page 600` sends changed
requests to the live page's server, on 127.0.0.1, while a training is under way. Prints
how many were tried and how they ended; stops at the first that ended as it must not,
and says by which seed it is made again: `events 600 SEED`.
"""

import contextlib
import http.client
import json
import os
import random
import resource
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from click.testing import CliRunner
from damaged import changed, event_file, log_file, log_samples

from keras_sonify.cli import commands

_HANGS = 10  # seconds after which a file or a request counts as one that hangs
_MOST_MEMORY = 300.0  # MB that the reader or the server may take
_MOST_OPEN = 30  # connections at once
_EVERY = 100  # requests between two looks at the server
_TOKEN = "a-token"  # noqa: S105 - of this program


class HangError(Exception):
    """Something takes much too long."""


def _hang(_number: int, _frame: FrameType | None) -> None:
    raise HangError


def _memory(pid: int) -> float:
    """Return the greatest memory in MB that a process has taken so far."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def fuzz_logs(seconds: float, seed: int) -> Counter[str]:
    """Describe damaged logs in lines."""
    samples = log_samples()
    return _fuzz("log.csv", lambda each: log_file(each, samples), seconds, seed)


def fuzz_events(seconds: float, seed: int) -> Counter[str]:
    """Describe damaged event files."""
    return _fuzz("events.out.tfevents.1.host", event_file, seconds, seed)


def _fuzz(
    name: str, make: Callable[[random.Random], bytes], seconds: float, seed: int
) -> Counter[str]:
    """Describe one damaged file after the other."""
    found: Counter[str] = Counter()
    signal.signal(signal.SIGALRM, _hang)
    until = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, name)
        while time.monotonic() < until:
            path.write_bytes(make(random.Random(seed)))
            signal.alarm(_HANGS)
            done = CliRunner().invoke(commands, ["describe", str(path), "--run", "all"])
            signal.alarm(0)
            is_told = done.exception is None or isinstance(done.exception, SystemExit)
            if not is_told or done.exit_code not in (0, 1):
                raise SystemExit(f"Seed {seed}: {done.exception!r}")
            found[f"exit {done.exit_code}"] += 1
            seed += 1
    found["MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if found["MB"] > _MOST_MEMORY:
        raise SystemExit(f"{found['MB']} MB of memory")
    return found


_CHUNKS = "5\r\nabcde\r\n0\r\n\r\n"
_SOCKET = "Sec-WebSocket-Key: AAAA\r\nSec-WebSocket-Version: 13\r\n"
_REQUESTS = (
    "GET /?token={token} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
    "GET /events?token={token} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
    "GET /events?token=x HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabcdefghi",
    f"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{_CHUNKS}",
    f"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n{_SOCKET}\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET http://[::1/%ff%00?token=%ed%a0%80 HTTP/1.0\r\n\r\n",
)


class _Server:
    """The live page's server, fed as a training feeds it."""

    def __init__(self, errors: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "keras_sonify.live.server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        self.pid = self._process.pid
        self.send({"port": 0, "token": _TOKEN, "stay": 0.0})
        assert self._process.stdout is not None
        answers = (line.strip() for line in self._process.stdout)
        self.port: int = json.loads(next(filter(None, answers)))["ready"]

    def send(self, message: object) -> None:
        """Send a message, as the training's side does."""
        assert self._process.stdin is not None
        data = json.dumps(message).encode()
        self._process.stdin.write(struct.pack("<I", len(data)) + data)
        self._process.stdin.flush()

    def answers(self) -> bool:
        """Whether the page is there for those who may see it."""
        page = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_HANGS)
        with contextlib.closing(page):
            page.request("GET", f"/?token={_TOKEN}")
            answer = page.getresponse()
            return answer.status == 200 and b"<script" in answer.read()

    def end(self) -> int:
        """End its input, as the training's end does; return its exit status."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            return self._process.wait(_HANGS)
        finally:
            self._process.kill()


def _ask(chance: random.Random, port: int) -> tuple[socket.socket, str]:
    """Send a request that is damaged in some way; return how it was answered."""
    text = chance.choice(_REQUESTS).format(token=_TOKEN, port=port)
    request = changed(chance, text.encode() * chance.choice((1, 1, 1, 2, 20)))
    connection = socket.create_connection(("127.0.0.1", port), timeout=_HANGS)
    connection.settimeout(chance.choice((0.001, 0.01, 0.05)))
    try:
        for part in (request[: len(request) // 2], request[len(request) // 2 :]):
            connection.sendall(part)
        answer = connection.recv(4096)
    except TimeoutError:
        return connection, "open"
    except OSError:
        return connection, "reset"
    status = answer.split(b" ")[1].decode("ascii") if answer.count(b" ") else "closed"
    return connection, status


def fuzz_page(seconds: float, seed: int) -> Counter[str]:
    """Send damaged requests to the live page's server."""
    found: Counter[str] = Counter()
    until, opened = time.monotonic() + seconds, list[socket.socket]()
    with tempfile.TemporaryFile() as errors:
        server = _Server(errors.fileno())
        try:
            while time.monotonic() < until:
                chance = random.Random(seed)
                connection, status = _ask(chance, server.port)
                found[status] += 1
                if status.startswith("5"):
                    raise SystemExit(f"Seed {seed}: status {status}")
                opened.append(connection)
                if chance.random() < 0.5 or len(opened) > _MOST_OPEN:
                    opened.pop(chance.randrange(len(opened))).close()
                if seed % _EVERY == 0:
                    server.send({"state": {"epochs": seed, "said": "x" * 1000}})
                    server.send({"cue": {"epoch": seed}})
                    if not server.answers():
                        raise SystemExit(f"Seed {seed}: the page is not there any more")
                seed += 1
            found["MB"] = round(_memory(server.pid))
        finally:
            for connection in opened:
                connection.close()
            status_of_end = server.end()
        errors.seek(0)
        told = errors.read().decode()
    if status_of_end or "Traceback" in told or found["MB"] > _MOST_MEMORY:
        raise SystemExit(f"Exit {status_of_end}, {found['MB']} MB. {told}")
    return found


def main() -> None:
    """Fuzz for some seconds."""
    fuzzers: dict[str, Callable[[float, int], Counter[str]]] = {
        "logs": fuzz_logs,
        "events": fuzz_events,
        "page": fuzz_page,
    }
    what, seconds, *seeds = sys.argv[1:]
    os.environ["KERAS_SONIFY_DEVICE"] = "none: this is silent"
    found = fuzzers[what](float(seconds), int(seeds[0]) if seeds else 1)
    memory = found.pop("MB")
    told = ", ".join(f"{name}: {count:,}" for name, count in sorted(found.items()))
    print(f"{what}: {found.total():,} tried ({told}); {memory} MB at most")


if __name__ == "__main__":
    main()
