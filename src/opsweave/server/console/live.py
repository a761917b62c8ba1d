"""``GET live``: server-sent events, one when something is new, never more often than of use."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any
from urllib.parse import parse_qs

import msgspec
from litestar import asgi
from litestar.datastructures import Headers
from litestar.exceptions import MethodNotAllowedException
from litestar.handlers import ASGIRouteHandler
from litestar.types import HTTPResponseBodyEvent, HTTPResponseStartEvent, Receive, Scope, Send

from opsweave.kernel.errors import OpsweaveError, RejectInput
from opsweave.server.auth import Auth
from opsweave.server.auth import Scope as May
from opsweave.server.console.hub import Ear, Hub, Topic

HEARTBEAT_S = 15.0
SEND_S = 10.0
"""A client that takes nothing for so long is let go; it comes back by itself."""
GAP_S = 1.0
"""Between two pieces of news of one topic; the first is told at once."""
GAPS_S = {Topic.SLOS: 5.0}
_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """The data of an event ``news``. No ``ids``: several."""

    topic: Topic
    ids: tuple[str, ...] = ()
    at_ms: float


def handlers(hub: Hub, auth: Auth) -> list[ASGIRouteHandler]:
    """``live?topics=a,b``; without topics: all."""

    @asgi("/live", opt={"scope": "read"}, copy_scope=True)
    async def live(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") != "GET":
            raise MethodNotAllowedException
        headers = Headers.from_scope(scope)
        who = auth.require(headers, May.READ).id
        ear = hub.listen(topics_of(scope.get("query_string", b"")), who)
        gone = asyncio.create_task(_until_gone(receive, ear))
        try:
            start: HTTPResponseStartEvent = {
                "type": "http.response.start",
                "status": 200,
                "headers": _HEADERS,
            }
            await send(start)
            await _tell(hub, ear, gone, send, lambda: auth.require(headers, May.READ))
        finally:
            hub.leave(ear)
            gone.cancel()

    return [live]


def topics_of(query: bytes) -> frozenset[Topic]:
    """RejectInput for a topic that there is not."""
    named = [n for text in parse_qs(query.decode("ascii", "replace")).get("topics", [])
             for n in text.split(",") if n]  # fmt: skip
    known = {topic.value: topic for topic in Topic}
    unknown = [name for name in named if name not in known]
    if unknown:
        raise RejectInput(
            f"no topic {unknown[0][:40]!r}",
            field="topics",
            action=f"choose from {', '.join(known)}",
        )
    return frozenset(known[name] for name in named) or frozenset(Topic)


async def _tell(hub: Hub, ear: Ear, gone: asyncio.Task[None], send: Send, check: Any) -> None:
    """Until the client leaves, is too slow, loses its rights, or the server stops."""
    told: dict[Topic, float] = {}
    beat = time.monotonic() + HEARTBEAT_S
    with contextlib.suppress(TimeoutError, OpsweaveError, OSError):
        await _say(send, b"retry: 2000\n: listening\n\n")
        while not hub.closed and not gone.done():
            now = time.monotonic()
            due = [t for t in ear.waiting() if now - told.get(t, 0.0) >= GAPS_S.get(t, GAP_S)]
            if due:
                told.update(dict.fromkeys(due, now))
                await _say(send, _events(ear.take(due)))
            elif now >= beat:
                check()
                beat = now + HEARTBEAT_S
                await _say(send, b": still here\n\n")
            ends = [told.get(t, 0.0) + GAPS_S.get(t, GAP_S) for t in ear.waiting()]
            await _wait(ear, min([beat, *ends]) - time.monotonic())
    with contextlib.suppress(TimeoutError, OSError):
        await _say(send, b"", more=False)


async def _wait(ear: Ear, seconds: float) -> None:
    """For news; what is waiting for its gap to end is no news."""
    ear.news.clear()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(max(seconds, 0.0) or 0.001):
            await ear.news.wait()


def _events(news: dict[Topic, tuple[str, ...]]) -> bytes:
    at_ms = time.time_ns() // 1_000_000
    return b"".join(
        b"event: news\ndata: "
        + msgspec.json.encode(Heard(topic=topic, ids=ids, at_ms=at_ms))
        + b"\n\n"
        for topic, ids in news.items()
    )


async def _say(send: Send, body: bytes, *, more: bool = True) -> None:
    event: HTTPResponseBodyEvent = {
        "type": "http.response.body",
        "body": body,
        "more_body": more,
    }
    async with asyncio.timeout(SEND_S):
        await send(event)


async def _until_gone(receive: Receive, ear: Ear) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    ear.wake()
