"""The live page's process: `python -m keras_sonify.live.server`.

Serves one page on 127.0.0.1, and pushes to it what comes in on its standard input as
server-sent events. The first message is `{"port": ..., "token": ...}`, all others
`{"state": ...}`, which replaces what pages show, `{"greeting": ...}`, to be heard by
whoever enables sound, or `{"cue": ...}`, to be heard now.
Whoever comes late, or comes again, is given the state and no old sound. It answers
`{"ready": port}`, or `{"error": ..., "message": ...}` before it ends. It knows which
runs are under way, and tells pages if the training dies or hangs.
"""

import asyncio
import contextlib
import hmac
import queue
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from typing import Any, Literal

from keras_sonify.live.hub import Hub
from keras_sonify.live.messages import (
    Fields,
    Message,
    answer,
    answer_import_error,
    messages,
)
from keras_sonify.live.python import find_what_the_trainer_finds
from keras_sonify.live.vigil import News, Vigil
from keras_sonify.page.assets import live_page

HOST = "127.0.0.1"
_PASSED_ON = {"state", "greeting", "cue"}
_MOST_PORTS = 20  # tried one after the other where the first is taken
_LAST_PORT = 65_535
_PING = 15  # seconds between signs of life: a page that hears none connects anew
_STALLED = 30.0  # seconds after which a listener that reads nothing is let go
_PARTING = 1  # seconds that listeners may take to hear the end


def application(hub: Hub, token: str) -> Any:  # noqa: ANN401 - an ASGI application
    """Return the web application.

    Args:
        hub: Where its events come from.
        token: What a request must have in its query to be answered.
    """
    from sse_starlette import EventSourceResponse, ServerSentEvent
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import HTMLResponse, PlainTextResponse, Response
    from starlette.routing import Route

    html, policy = live_page()
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }

    def refused(request: Request) -> Response | None:
        given = request.query_params.get("token", "")
        knows = bool(token) and hmac.compare_digest(given.encode(), token.encode())
        asked = request.headers
        if knows and _is_own(asked.get("origin"), asked.get("host")):
            return None
        return PlainTextResponse(
            "Open the whole address that was printed, with its token.\n",
            status_code=403,
            headers=headers,
        )

    async def page(request: Request) -> Response:
        return refused(request) or HTMLResponse(html, headers=headers)

    async def events(request: Request) -> Response:
        return refused(request) or EventSourceResponse(
            hub.subscribe(),
            headers=headers,
            ping=_PING,
            ping_message_factory=lambda: ServerSentEvent(event="ping", data=""),
            send_timeout=_STALLED,
        )

    app = Starlette(routes=[Route("/", page), Route("/events", events)])
    app.router.redirect_slashes = False  # would tell the paths, and echo any host
    return app


def _is_own(origin: str | None, host: str | None) -> bool:
    """Whether a request comes from our own page: browsers name no other's origin."""
    return origin is None or origin in (f"http://{host}", f"https://{host}")


def _bind(port: int) -> socket.socket:
    """Return a socket on the first free port from `port` on.

    Raises:
        OSError: If none of them is free.
    """
    last = min(port + _MOST_PORTS - 1, _LAST_PORT) if port else 0
    for candidate in range(port, last):
        with contextlib.suppress(OSError):
            return socket.create_server((HOST, candidate))
    return socket.create_server((HOST, last))


def _read_ahead() -> Iterator[Message | None]:
    """Return what comes in, read from now on: what serves takes a while to import."""
    waiting: queue.SimpleQueue[Message | Literal["end"] | None] = queue.SimpleQueue()

    def read() -> None:
        for message in messages():
            waiting.put(message)
        waiting.put("end")

    threading.Thread(target=read, daemon=True).start()
    while (message := waiting.get()) != "end":
        yield message


def _feed(
    source: Iterator[Message | None],
    hub: Hub,
    loop: asyncio.AbstractEventLoop,
    done: asyncio.Event,
) -> None:
    """Pass on what comes in on the standard input, in a thread of its own."""

    def take(message: Fields) -> None:
        loop.call_soon_threadsafe(hub.take, message)

    def tell(news: News, sentence: str, given: Fields, _: bytes) -> None:
        cue = {
            "said": sentence,
            "short": sentence,
            "sound": given["sounds"].get(news, ""),
            "events": [news],
            "urgent": news == "died",
            "keep": True,
        }
        take({"cue": cue})
        if news == "died":
            take({"died": sentence})

    vigil = Vigil(tell)
    for message in source:
        if message is None:
            vigil.look()
        elif not _PASSED_ON.isdisjoint(message[0]):
            take(message[0])
        else:
            vigil.take(message[0])
    vigil.end()
    loop.call_soon_threadsafe(done.set)


async def _serve(
    source: Iterator[Message | None], listening: socket.socket, token: str
) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        """Leaves signals as they are: the end of the input ends it, or a kill."""

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    hub, done = Hub(), asyncio.Event()
    server = Server(
        uvicorn.Config(
            application(hub, token),
            log_level="critical",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=_PARTING,
        ),
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve(sockets=[listening]))
        feed = (source, hub, asyncio.get_running_loop(), done)
        threading.Thread(target=_feed, args=feed, daemon=True).start()
        answer(ready=listening.getsockname()[1])
        await done.wait()
        # The port first, for the next training may begin at once. Uvicorn would let
        # go of it at its next tick.
        for asyncio_server in getattr(server, "servers", ()):
            asyncio_server.close()
        hub.take(None)
        server.should_exit = True


def main() -> int:
    """Serve until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    find_what_the_trainer_finds()
    source = _read_ahead()
    first = next(filter(None, source), None)
    if first is None:
        return 0
    settings, _ = first
    try:
        listening = _bind(settings["port"])
    except OSError as error:
        answer(error="port", message=str(error))
        return 1
    try:
        asyncio.run(_serve(source, listening, settings["token"]))
    except ImportError as error:
        answer_import_error(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
