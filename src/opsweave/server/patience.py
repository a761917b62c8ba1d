"""How long a request may take to arrive, and how many may be on their way."""

from __future__ import annotations

import asyncio
import resource

from litestar.exceptions import HTTPException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPReceiveMessage, Receive, Scope, Send

BODY_S = 60.0
HURRY_S = 2.0
"""For what is on its way when the server stops."""
DESCRIPTORS = 8192
_OWN_DESCRIPTORS = 512
"""For stores, segments, and connections of our own."""
MOST_CONNECTIONS = 4096


class BodyInTime(ASGIMiddleware):
    """408 for a body that is not whole in time: a client that stops sending holds nothing."""

    def __init__(self, seconds: float = BODY_S) -> None:
        self._seconds = seconds
        self._waiting: set[asyncio.Timeout] = set()
        self._last: float | None = None

    def hurry(self, seconds: float = HURRY_S) -> None:
        """On the event loop: the server stops, so bodies come within so long or not at all."""
        self._last = asyncio.get_running_loop().time() + seconds
        for waiting in tuple(self._waiting):
            waiting.reschedule(min(waiting.when() or self._last, self._last))

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Bounds what is received, not how long the answer takes."""
        end, whole = asyncio.get_running_loop().time() + self._seconds, False

        async def in_time() -> HTTPReceiveMessage:
            nonlocal whole
            if whole:
                return await receive()  # type: ignore[return-value]
            try:
                message = await self._part(receive, end)
            except TimeoutError as error:
                raise HTTPException("the body did not arrive in time", status_code=408) from error
            whole = message["type"] != "http.request" or not message["more_body"]
            return message

        await next_app(scope, in_time, send)

    async def _part(self, receive: Receive, end: float) -> HTTPReceiveMessage:
        async with asyncio.timeout_at(min(end, self._last or end)) as waiting:
            self._waiting.add(waiting)
            try:
                return await receive()  # type: ignore[return-value]
            finally:
                self._waiting.discard(waiting)


def connections() -> int:
    """How many connections may be open, after asking for as many descriptors as are allowed.

    Without descriptors left the stores could not write: connections never take the last ones.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    room = wanted if soft == resource.RLIM_INFINITY else soft
    return max(room // 4, min(MOST_CONNECTIONS, room - _OWN_DESCRIPTORS))
