"""Who listens to a live page without a browser: by its requests alone."""

import http.client
import json
import socket
import threading
import time
from typing import Any, Self
from urllib.parse import urlsplit

from browser import until


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
