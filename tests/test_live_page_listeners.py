"""The live page's server among listeners of all kinds, without a browser."""

import os
import signal
import socket
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser import until
from live_page import Server
from live_page_listener import Listener, is_served, stalled
from programs import wait_end

SOUND = 40_000 * "A"  # of a long cue
PICTURE = 20_000 * "x"


def memory(pid: int) -> int:
    """Return how much memory a process holds, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    (kilobytes,) = (li.split()[1] for li in status.splitlines() if "VmRSS" in li)
    return int(kilobytes) * 1024


def read_until(connection: socket.socket, end: str) -> str:
    """Return what a connection still holds until something in it."""
    connection.settimeout(5.0)
    text = b""
    while end.encode() not in text:
        part = connection.recv(1 << 20)
        assert part, "the server has closed the connection"
        text += part
    return text.decode()


@pytest.mark.parametrize("count", [1, 5])
def test_who_does_not_read_holds_up_nobody(count: int) -> None:
    """Beside listeners that stall, others get all in order and soon, in little room."""
    with ExitStack() as stack:
        server = stack.enter_context(Server())
        stuck = [stack.enter_context(stalled(server.address)) for _ in range(count)]
        listener = stack.enter_context(Listener(server.address))
        held: list[int] = []
        sent: list[float] = []
        for number in range(1, 301):
            sent.append(time.monotonic())
            server.show(number, PICTURE)
            server.cue(f"Epoch {number}", SOUND)
            while len(listener.said) < number:
                assert time.monotonic() < sent[-1] + 5.0, "it did not come in time"
                time.sleep(0.001)
            if number in (60, 300):
                held.append(memory(server.pid))
        late = read_until(stuck[0], '"length": 300')

    arrived = [at for kind, _, at in listener.events if kind == "cue"]
    assert listener.said == [f"Epoch {number}" for number in range(1, 301)]
    assert max(b - a for a, b in zip(sent, arrived, strict=True)) < 1.0
    assert held[1] - held[0] < 5_000_000
    assert late.count("event: cue") < 250  # most it missed, but not what is now


def test_who_comes_late_can_be_greeted() -> None:
    """Whoever comes is given the state and the greeting, and no old cue."""
    with Server() as server:
        server.show(3)
        server.greet("Better.", SOUND)
        server.cue("Epoch 3", SOUND)
        with Listener(server.address) as early:
            until(lambda: len(early.kinds) > 1)
            with Listener(server.address) as late:
                until(lambda: len(late.kinds) > 1)

    assert late.kinds[:2] == ["state", "greeting"]
    assert late.events[1][1] == {"said": "Better.", "sound": SOUND}
    assert late.said == []


def test_signs_of_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every 15 s there is a ping, and who takes in nothing for 30 s is let go."""
    # Python runs this file before all others: in the server a minute lasts 2 s.
    (tmp_path / "sitecustomize.py").write_text(
        "import sys, time\n"
        "clock = time.monotonic\n"
        "if 'keras_sonify.live.server' in sys.orig_argv:\n"
        "    time.monotonic = lambda: 30 * clock()\n",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with (
        Server() as server,
        stalled(server.address) as stuck,
        Listener(server.address) as listener,
    ):
        begun = time.monotonic()
        while listener.kinds.count("ping") < 6:
            assert time.monotonic() < begun + 10.0, "there is no ping"
            server.show(1, PICTURE)
            server.cue("", SOUND)
            time.sleep(0.005)
        deadline = time.monotonic() + 15.0
        while stuck.recv(1 << 20):  # to the end of what had been sent
            assert time.monotonic() < deadline, "it is served again"

    pings = [at for kind, _, at in listener.events if kind == "ping"]
    assert 0.4 < pings[0] - begun < 1.5  # 15 s
    assert 2.0 < pings[5] - pings[0] < 5.0


def test_who_comes_late_is_told_all_but_hears_nothing_old() -> None:
    """A new listener is given the last state, and of cues only those to come."""
    with Server() as server, Listener(server.address) as first:
        server.show(1)
        server.cue("Epoch 1")
        server.show(2)
        server.cue("Epoch 2")
        until(lambda: first.said == ["Epoch 1", "Epoch 2"])
        with Listener(server.address) as second:
            told = second.epochs
            server.cue("Epoch 3")
            until(lambda: second.said)

    assert told == 2
    assert second.said == ["Epoch 3"]
    assert second.kinds == ["state", "cue"]


def test_the_end_is_told() -> None:
    """The last cue comes, then a goodbye, and the server ends though some stall."""
    with (
        Server() as server,
        stalled(server.address),
        Listener(server.address) as listener,
    ):
        for number in range(100):  # the last of a hundred messages at once
            server.show(number, PICTURE)
            server.cue("", SOUND)
        server.show(100)
        server.cue("the end")
        server.end()
        until(lambda: listener.is_over)
        ended = wait_end(server.pid, 5.0)

    assert listener.epochs == 100
    assert listener.said[-1] == "the end"
    assert listener.kinds[-1] == "bye"
    assert ended


def test_its_port_is_free_at_once() -> None:
    """A training that begins as the last one ends can have its page's address."""
    with Server() as server, Listener(server.address) as listener:
        port = urlsplit(server.address).port
        server.end()
        deadline = time.monotonic() + 5.0
        while "bye" not in listener.kinds:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        socket.create_server(("127.0.0.1", port)).close()


def test_a_taken_port_is_left_alone() -> None:
    """Where a port is taken, the page is at one of the next."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with Server(port) as server:
            found = urlsplit(server.address).port or 0

    assert port < found < port + 20


def test_ctrl_c_is_not_for_it() -> None:
    """The terminal's signal, should it come, does not end the page."""
    with Server() as server, Listener(server.address) as listener:
        os.kill(server.pid, signal.SIGINT)
        time.sleep(0.5)
        server.cue("after it")
        until(lambda: listener.said == ["after it"])
        assert is_served(server.address)


def test_it_can_be_ended() -> None:
    """A polite signal ends the process: it must not live on without serving."""
    with Server() as server, Listener(server.address):
        os.kill(server.pid, signal.SIGTERM)
        assert wait_end(server.pid, 5.0)
