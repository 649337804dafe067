"""What the live page's server answers: a page, its events, and the run's page."""

import hmac
from collections.abc import Callable
from typing import Any

from keras_sonify.live.handover import LEAVE
from keras_sonify.live.hub import Hub
from keras_sonify.live.kept_run import KeptRun
from keras_sonify.page.assets import live_page

_PING = 15  # seconds between signs of life: a page that hears none connects anew
_STALLED = 30.0  # seconds after which a listener that reads nothing is let go


def application(hub: Hub, token: str, kept: KeptRun, leave: Callable[[], bool]) -> Any:  # noqa: ANN401 - an ASGI application
    """Return the web application.

    Args:
        hub: Where its events come from.
        token: What a request must have in its query to be answered.
        kept: The run, whose page is made when it is asked for.
        leave: Called when the next training wants the port; returns whether it gets it.
    """
    from sse_starlette import EventSourceResponse, ServerSentEvent
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
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

    def missing() -> Response:
        return PlainTextResponse("Not Found", status_code=404, headers=headers)

    async def page(request: Request) -> Response:
        return refused(request) or HTMLResponse(html, headers=headers)

    async def run(request: Request) -> Response:
        if (answer := refused(request)) is not None:
            return answer
        if (made := await run_in_threadpool(kept.page)) is None:
            return missing()
        return HTMLResponse(made, headers=headers)

    async def events(request: Request) -> Response:
        return refused(request) or EventSourceResponse(
            hub.subscribe(),
            headers=headers,
            ping=_PING,
            ping_message_factory=lambda: ServerSentEvent(event="ping", data=""),
            send_timeout=_STALLED,
        )

    async def make_room(request: Request) -> Response:
        # The next training has a token of its own. Browsers say who sends them.
        is_leaving = "origin" not in request.headers and leave()
        return Response(status_code=204, headers=headers) if is_leaving else missing()

    app = Starlette(
        routes=[
            Route("/", page),
            Route("/run", run),
            Route("/events", events),
            Route(LEAVE, make_room, methods=["POST"]),
        ]
    )
    app.router.redirect_slashes = False  # would tell the paths, and echo any host
    return app


def _is_own(origin: str | None, host: str | None) -> bool:
    """Whether a request comes from our own page: browsers name no other's origin."""
    return origin is None or origin in (f"http://{host}", f"https://{host}")
