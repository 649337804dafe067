"""The live page's process: `python -m keras_sonify.live.server`.

Serves one page on 127.0.0.1, and pushes to it what comes in on its standard input as
server-sent events. The first message is `{"port": ..., "token": ..., "stay": ...}`, all
others `{"state": ...}`, which replaces what pages show and has the run along with it,
`{"greeting": ...}`, to be heard by whoever enables sound, or `{"cue": ...}`, to be
heard now. Whoever comes late, or comes again, is given the state and no old sound. It
answers `{"ready": port}`, or `{"error": ..., "message": ...}` before it ends. It knows
which runs are under way, and tells pages if the training dies or hangs.

When the training's process is gone it stays for `stay` seconds, with the run's page;
another server that wants the port gets it at once.
"""

import asyncio
import contextlib
import queue
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from typing import Literal

from keras_sonify.live.application import application
from keras_sonify.live.handover import bind
from keras_sonify.live.hub import Hub
from keras_sonify.live.kept_run import KeptRun
from keras_sonify.live.messages import (
    Fields,
    Message,
    answer,
    answer_import_error,
    messages,
)
from keras_sonify.live.python import find_what_the_trainer_finds
from keras_sonify.live.vigil import News, Vigil

_PASSED_ON = {"state", "greeting", "cue"}
_PARTING = 1  # seconds that listeners may take to hear the end


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
    kept: KeptRun,
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
            kept.die()
            take({"died": sentence})

    vigil = Vigil(tell)
    for message in source:
        if message is None:
            vigil.look()
        elif not _PASSED_ON.isdisjoint(message[0]):
            if "state" in message[0]:
                kept.take(message[1])
            take(message[0])
        else:
            vigil.take(message[0])
    vigil.end()
    loop.call_soon_threadsafe(done.set)


async def _serve(
    source: Iterator[Message | None],
    listening: socket.socket,
    token: str,
    stay_seconds: float,
) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        """Leaves signals as they are: the end of the input ends it, or a kill."""

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    hub, kept = Hub(), KeptRun()
    done, is_wanted = asyncio.Event(), asyncio.Event()

    def leave() -> bool:
        if done.is_set():
            is_wanted.set()
        return done.is_set()

    server = Server(
        uvicorn.Config(
            application(hub, token, kept, leave),
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
        feed = (source, hub, kept, asyncio.get_running_loop(), done)
        threading.Thread(target=_feed, args=feed, daemon=True).start()
        answer(ready=listening.getsockname()[1])
        await done.wait()
        if stay_seconds and not kept.is_empty:
            hub.take({"over": {}})
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(is_wanted.wait(), stay_seconds)
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
        listening = bind(settings["port"])
    except OSError as error:
        answer(error="port", message=str(error))
        return 1
    try:
        asyncio.run(_serve(source, listening, settings["token"], settings["stay"]))
    except ImportError as error:
        answer_import_error(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
