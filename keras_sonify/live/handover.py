"""A port that a live page still has whose training is over goes to the next one."""

import contextlib
import http.client
import socket
import time

HOST = "127.0.0.1"
LEAVE = "/keras-sonify/leave"
"""Where a server is asked to make room, which it does if its training is over."""

_MOST_PORTS = 20  # tried one after the other where the first is taken
_LAST_PORT = 65_535
_PATIENCE = 0.5  # seconds that whoever has the port may take to answer
_LEAVING = 2.0  # seconds that it may take to leave


def bind(port: int) -> socket.socket:
    """Return a socket on the first free port from `port` on.

    The first is asked for: who sees it through a tunnel wants to see the newest run.

    Raises:
        OSError: If none of them is free.
    """
    last = min(port + _MOST_PORTS - 1, _LAST_PORT) if port else 0
    for candidate in range(port, last):
        with contextlib.suppress(OSError):
            return socket.create_server((HOST, candidate))
        if candidate == port and (left := _ask_for(port)):
            return left
    return socket.create_server((HOST, last))


def _ask_for(port: int) -> socket.socket | None:
    """Return a socket on a port that was taken, if who has it has left it."""
    connection = http.client.HTTPConnection(HOST, port, timeout=_PATIENCE)
    try:
        connection.request("POST", LEAVE)
        if connection.getresponse().status != http.client.NO_CONTENT:
            return None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    deadline = time.monotonic() + _LEAVING
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            return socket.create_server((HOST, port))
        time.sleep(0.02)
    return None
