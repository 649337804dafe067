"""Whom the live page's server lets in, and what it tells whom it does not."""

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from live_page import TOKEN, Server, cmd

from keras_sonify.live.handover import LEAVE

SAID = "Training so far: epoch 7"
OWN = "http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server of all tests below, with something to hide."""
    with Server() as shared:
        shared.show(7)
        yield shared


def ask(
    server: Server, path: str, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], str]:
    """Return status, headers and the beginning of the answer to a request."""
    port = urlsplit(server.address).port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        own = {"Origin": OWN.format(port=port)} if headers.pop("own", "") else {}
        connection.request(method, path, headers={**headers, **own})
        answer = connection.getresponse()
        text = answer.read1(100_000).decode()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, told, text
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["/", "/events", "/run"])
@pytest.mark.parametrize(
    "query",
    [
        "",
        "?token",
        "?token=",
        "?token=another",
        f"?token={TOKEN.upper()}",
        f"?token={TOKEN}x",
        f"?token={TOKEN[:-1]}",
        f"?Token={TOKEN}",
        f"?token={TOKEN}&token=another",
        "?token=%ff%00",
        "?token=" + 10_000 * "a",
    ],
)
def test_none_without_the_token(path: str, query: str, server: Server) -> None:
    """Whoever has not the very token gets a refusal and nothing else."""
    status, headers, text = ask(server, path + query)

    assert status == 403
    assert text == "Open the whole address that was printed, with its token.\n"
    assert headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("path", ["/", "/events", "/run"])
@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1:1", "http://[", "", "x"],
)
def test_none_from_other_pages(path: str, origin: str, server: Server) -> None:
    """Another page's request gets nothing, even if it has the token."""
    status, _, text = ask(server, f"{path}?token={TOKEN}", Origin=origin)

    assert status == 403
    assert SAID not in text
    assert "<script" not in text


@pytest.mark.parametrize("own", ["", "yes"])
def test_page_and_events(own: str, server: Server) -> None:
    """With the token there are the page and what it shows, also with our origin."""
    page = ask(server, f"/?token={TOKEN}", own=own)
    events = ask(server, f"/events?token={TOKEN}", own=own)

    assert page[0] == events[0] == 200
    assert '<script type="module">' in page[2]
    assert SAID not in page[2]  # the page itself knows nothing
    assert SAID in events[2]
    assert events[1]["content-type"].startswith("text/event-stream")


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/", "POST", 405),
        ("/events", "POST", 405),
        ("/run", "POST", 405),
        ("/run", "GET", 404),  # there is no value yet
        (LEAVE, "POST", 404),  # its training goes on
        (LEAVE, "GET", 405),
        ("/events/", "GET", 404),
        ("//", "GET", 404),
        ("/docs", "GET", 404),
        ("/favicon.ico", "GET", 404),
        ("/../../etc/passwd", "GET", 404),
        ("/keras_sonify/server.py", "GET", 404),
    ],
)
def test_there_is_nothing_else(
    path: str, method: str, status: int, server: Server
) -> None:
    """Other paths and methods are refused, and nothing is told of those there are."""
    found, headers, text = ask(server, f"{path}?token={TOKEN}", method)

    assert found == status
    assert text in ("Not Found", "Method Not Allowed")
    assert "location" not in headers


@pytest.mark.parametrize("token", [TOKEN, "another"])
@pytest.mark.parametrize("path", ["/", "/events", "/run", "/other"])
def test_headers(path: str, token: str, server: Server) -> None:
    """No answer may be kept or passed on, nor read by another page, nor run more."""
    _, headers, text = ask(server, f"{path}?token={token}")

    assert not [name for name in headers if name.startswith("access-control-")]
    assert "server" not in headers
    if path == "/other":
        return
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "data:" not in policy.partition("media-src")[0]
    assert "http" not in policy + text  # nothing comes from anywhere else


def test_no_other_machine_gets_in(server: Server) -> None:
    """It listens on 127.0.0.1 only: at other addresses, even here, there is none."""
    port = urlsplit(server.address).port
    listening = [
        row.split()[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for row in Path(table).read_text().splitlines()
        if row.split()[3] == "0A" and row.split()[1].endswith(f":{port:04X}")
    ]

    assert listening == [f"0100007F:{port:04X}"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=2)


def test_others_cannot_see_the_token(server: Server) -> None:
    """The process list, which all users of a machine can read, does not hold it."""
    assert b"keras_sonify.live.server" in cmd(server.pid)
    assert TOKEN.encode() not in cmd(server.pid)


def test_an_empty_token_lets_nobody_in() -> None:
    """A server that was given no token is open to nobody."""
    with Server(token="") as server:
        assert ask(server, "/?token=")[0] == 403
        assert ask(server, "/")[0] == 403
