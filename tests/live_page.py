"""The live page in tests: runs that wait for the test, listeners, and what is heard."""

import http.client
import json
import math
import os
import queue
import socket
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from browser import Browser, evaluate_quietly, spoken, until
from ear import Heard, cents, listen
from playwright.sync_api import Page
from programs import Program, children, sonify
from table import Row
from virtual_card import SAMPLE_RATE, VirtualCard

from keras_sonify.live.child import Answer, Child

TOKEN = "a-token"  # noqa: S105 - of tests
_STARTING = 15.0  # seconds that a server may take on a busy machine
# Seconds; see `check_notes`.
_TOO_MUCH = 0.004  # that the edges of pieces may add to a note
_SHORTEST = 0.04  # of a piece that has a pitch
_LEAST, _LEAST_IN_ALL = 0.6, 0.93  # of a note, and of all; fades hide 0.03 of them

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


class Listener:
    """Takes in the server's events as a page does, without a browser.

    Args:
        address: Of the page.

    Attributes:
        events: Kind, content and time of arrival by `time.monotonic`.
        is_over: Whether the server has ended the stream.
    """

    def __init__(self, address: str) -> None:
        self.events: list[tuple[str, Any, float]] = []
        self.is_over = False
        place = urlsplit(address)
        self._connection = http.client.HTTPConnection(place.netloc, timeout=30)
        self._connection.request("GET", f"/events?{place.query}")
        self._response = self._connection.getresponse()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        until(lambda: self.events)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection.sock is not None:
            self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._response.close()
        self._connection.close()

    def _listen(self) -> None:
        kind = ""
        try:
            for line in self._response:
                name, _, value = line.decode().rstrip("\r\n").partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    content = json.loads(value or "null")
                    self.events.append((kind, content, time.monotonic()))
        except (OSError, http.client.HTTPException):
            pass
        self.is_over = True

    @property
    def kinds(self) -> list[str]:
        """The kinds of all events."""
        return [kind for kind, _, _ in self.events]

    @property
    def said(self) -> list[str]:
        """The words of all cues."""
        return [content["said"] for kind, content, _ in self.events if kind == "cue"]

    @property
    def epochs(self) -> int:
        """How many epochs the last state told of."""
        last: dict[str, int] = [c for kind, c, _ in self.events if kind == "state"][-1]
        return last.get("length", 0)


def is_served(address: str) -> bool:
    """Whether anybody answers at an address."""
    place = urlsplit(address)
    try:
        socket.create_connection((place.hostname, place.port), timeout=2).close()
    except OSError:
        return False
    return True


def stalled(address: str) -> socket.socket:
    """Return the connection of a listener that never reads anything."""
    place = urlsplit(address)
    assert place.hostname is not None
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect((place.hostname, place.port))
    request = f"GET /events?{place.query} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n"
    connection.sendall(request.encode())
    return connection


def heard_notes(card: VirtualCard, start: int = 0) -> list[Heard]:
    """Return what was played on a card from a frame on; see `check_notes`."""
    return listen(card.samples(start), SAMPLE_RATE)


def check_notes(heard: Sequence[Heard], rows: Sequence[Row]) -> None:
    """Assert that exactly these notes were heard, in this order and place.

    A browser that is short of time on a busy machine leaves holes of some
    milliseconds in what it plays, and may swallow as much. The pieces of a note count
    as one note.
    """
    pieces = deque(heard)
    for row in rows:
        seconds = 0.0
        while pieces and _is_part(pieces[0], row, seconds):
            seconds += pieces.popleft().duration
        assert seconds > _LEAST * row.duration, f"not {row}, but {list(pieces)[:2]}"
    assert not pieces, f"more was heard than that: {pieces}"
    total = sum(row.duration for row in rows)
    assert sum(piece.duration for piece in heard) > _LEAST_IN_ALL * total


def _is_part(piece: Heard, row: Row, before: float) -> bool:
    """Whether a piece can be of a note of which so many seconds have been heard."""
    if before + piece.duration > row.duration + _TOO_MUCH:
        return False
    if piece.duration < _SHORTEST:
        return True
    is_there = abs(piece.pan - row.pan) < 0.05
    if math.isnan(row.frequency_hz):  # a word
        return is_there
    return is_there and abs(cents(piece.pitch_hz, row.frequency_hz)) < 5.0


def wait_over(card: VirtualCard) -> None:
    """Wait until all has been heard, also what a page was sent but just now."""
    card.wait_quiet(0.8)


def card_clock(card: VirtualCard) -> float:
    """Return when a card's first frame was played, by `time.monotonic`."""
    beginnings = []
    for _ in range(50):  # frames arrive in blocks: the least delayed tells
        beginnings.append(time.monotonic() - card.frames / SAMPLE_RATE)
        time.sleep(0.01)
    return min(beginnings)


def open_page(browser: Browser, address: str, **options: Any) -> Page:  # noqa: ANN401
    """Open a live page and wait until it listens; options are those of `open`."""
    page = browser.open(address, **options)
    until(lambda: connection(page) == "Connected.")
    return page


def connection(page: Page) -> str:
    """Return what a page says of its connection, without a user's gesture."""
    return text_of(page, ".ks-connection")


def text_of(page: Page, selector: str) -> str:
    """Return the text of a part of a page, without a user's gesture."""
    place = f"document.querySelector({json.dumps(selector)})"
    return str(evaluate_quietly(page, f"{place}.textContent"))


def rows_shown(page: Page) -> list[str]:
    """Return the points that a page lists, without a user's gesture."""
    rows = "[...document.querySelectorAll('.ks-latest tbody th')]"
    shown: list[str] = evaluate_quietly(page, f"{rows}.map((row) => row.textContent)")
    return shown


def epochs_shown(page: Page) -> int:
    """Return how many epochs the curves of a page hold, without a user's gesture."""
    drawn = "document.querySelector('svg')?.dataset.length"
    return int(evaluate_quietly(page, f"{drawn} ?? 0"))


def wait_epochs(page: Page, epochs: int) -> None:
    """Wait until the curves of a page hold so many epochs."""
    until(lambda: epochs_shown(page) == epochs)


def enable_sound(page: Page, card: VirtualCard) -> int:
    """Click on the button that lets a page sound; see `wait_enabled`."""
    assert text_of(page, "button") == "Enable sound"
    page.click("button")
    return wait_enabled(page, card)


def wait_enabled(page: Page, card: VirtualCard) -> int:
    """Wait until a page's greeting has been heard and told.

    Returns:
        The frame from which on there is nothing but cues.
    """
    until(lambda: text_of(page, "button") == "Mute")
    until(lambda: any(line.startswith("Sound is on.") for line in spoken(page)))
    card.wait_quiet()
    return card.frames
