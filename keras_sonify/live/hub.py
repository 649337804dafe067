"""From what the live page's process is sent to all pages that are open.

A listener that does not read is given less: the latest state makes up for all before
it, and of cues that wait the newest wins.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

_LONGEST_QUEUE = 8  # messages that wait for a listener
_LASTING = ("state", "greeting", "died", "over")


class Listener:
    """One open page."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[dict[str, str] | None] = asyncio.Queue()

    def offer(self, message: dict[str, str] | None) -> None:
        """Pass a message on; to one that lags behind, the newest of each kind."""
        self._queue.put_nowait(message)
        if self._queue.qsize() > _LONGEST_QUEUE:
            waiting = [self._queue.get_nowait() for _ in range(self._queue.qsize())]
            newest = {each and each["event"]: each for each in waiting}
            for each in newest.values():
                self._queue.put_nowait(each)

    async def events(self) -> AsyncIterator[dict[str, str]]:
        """Yield what comes, until the end."""
        while (message := await self._queue.get()) is not None:
            yield message


class Hub:
    """Passes on what comes in to all who listen. Lives in the event loop's thread.

    Who comes late is given what lasts: the state, and what is heard first.
    """

    def __init__(self) -> None:
        nothing: dict[str, Any] = {}
        # Each with the time when it came.
        self._lasting: dict[str, tuple[Any, float]] = {"state": (nothing, 0.0)}
        self._listeners: set[Listener] = set()
        self._is_over = False

    def take(self, message: dict[str, Any] | None) -> None:
        """Take in one message, its kind and its data; `None` when there are no more."""
        if message is None:
            self._is_over = True
            event = _BYE
        else:
            ((kind, data),) = message.items()
            event = _event(kind, data)
            if kind in _LASTING:
                self._lasting[kind] = data, time.monotonic()
        for listener in self._listeners:
            listener.offer(event)
            if self._is_over:
                listener.offer(None)

    async def subscribe(self) -> AsyncIterator[dict[str, str]]:
        """Yield to one listener: first what lasts, then what comes."""
        listener = Listener()
        now = time.monotonic()
        for kind, (data, came) in self._lasting.items():
            # A state tells how long ago something was, when it came.
            age = {"age": now - came} if kind == "state" and data else {}
            listener.offer(_event(kind, {**data, **age} if age else data))
        if self._is_over:
            listener.offer(_BYE)
            listener.offer(None)
        self._listeners.add(listener)
        try:
            async for event in listener.events():
                yield event
        finally:
            self._listeners.discard(listener)


def _event(kind: str, data: object) -> dict[str, str]:
    return {"event": kind, "data": json.dumps(data)}


_BYE = _event("bye", {})
