"""The core that all doors share: authenticate -> bound -> decode -> on disk -> answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

import msgspec
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler

from opsweave.integrations.contract import Parsed, Parser, Payload
from opsweave.kernel.boundary import ForeignCodeFailed, guarded
from opsweave.kernel.clock import Clock
from opsweave.kernel.errors import OpsweaveError, RejectInput, RetryLater
from opsweave.record.ledger.port import Receipt
from opsweave.server.auth import Auth, Principal, Scope
from opsweave.server.doors.bodies import decompress
from opsweave.server.doors.handoff import Handoff
from opsweave.server.doors.load import Held, Load
from opsweave.server.doors.reading import BodyReader
from opsweave.server.doors.settings import DoorSettings
from opsweave.server.doors.table import (
    Answer,
    Door,
    Incoming,
    Kept,
    Overloaded,
    TooLarge,
    TooSlow,
    Undecodable,
    Unsupported,
)
from opsweave.server.problems import Problem, problem_of

log = logging.getLogger("opsweave.doors")

_INLINE = 16 * 1024
"""Bodies below are decoded on the event loop: a thread would cost more than it saves."""
ENCODING_HEADER = "content-encoding"


class AsyncLedger(Protocol):
    """What the doors ask of the ledger: an append whose future resolves once it is on disk."""

    def append_async(
        self,
        *,
        door: str,
        content_type: str,
        body: bytes,
        received_ns: int,
        token: str = "",
        tenant: str = ...,
        headers: dict[str, str] | None = None,
    ) -> Future[Receipt]: ...


class Desk:
    """Serves every door; owns the budget of bytes in flight and the decoding threads."""

    def __init__(
        self,
        *,
        auth: Auth,
        ledger: AsyncLedger,
        parsers: Mapping[str, Parser],
        clock: Clock,
        handoff: Handoff,
        settings: DoorSettings,
    ) -> None:
        self._auth, self._ledger, self._parsers = auth, ledger, parsers
        self._clock, self._handoff, self._settings = clock, handoff, settings
        self.load = Load(settings)
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="opsweave-decode")

    def close(self) -> None:
        """Stop the decoding threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def serve(self, door: Door, request: Request[Any, Any, Any]) -> Answer:
        """The answer to one request; every error of ours becomes the door's refusal."""
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        body = BodyReader(request, self._settings)
        try:
            principal = self._auth.require(request.headers, Scope.INGEST)
            with self.load.request() as held:
                return await self._take(door, request, body, media, principal, held)
        except OpsweaveError as error:
            await body.drain()
            problem = self._problem(error)
            if problem.status >= 500 and not isinstance(error, RetryLater):
                log.exception("door %s failed", door.id)
            return door.refuse(problem, media)

    async def _take(
        self,
        door: Door,
        request: Request[Any, Any, Any],
        incoming_body: BodyReader,
        media: str,
        principal: Principal,
        held: Held,
    ) -> Answer:
        encoding = request.headers.get(ENCODING_HEADER, "identity").strip().lower() or "identity"
        incoming = Incoming(
            content_type=media, body=b"", headers=request.headers, path=request.path_params
        )
        self._check(door, incoming, encoding)
        raw = await incoming_body.read(held)
        try:
            body = await self._offload(
                len(raw), decompress, raw, encoding, self._settings.max_decompressed
            )
            if body is not raw:
                held.add(len(body))
        except Undecodable:
            damaged = Kept(
                door=door.id,
                content_type=media,
                body=raw,
                headers={ENCODING_HEADER: encoding[:40]},
            )
            await self._append(damaged, principal, None)
            raise
        incoming = msgspec.structs.replace(incoming, body=body)
        kept = door.keep(door.id, incoming)
        parsed, refusal, received = None, None, self._clock.now_ns()
        if door.decodes:
            payload = payload_of(kept, received_ns=received, tenant=principal.tenant)
            parser = self._parsers[door.id]
            try:
                parsed = await self._offload(len(body), _parse, parser, payload)
            except (RejectInput, ForeignCodeFailed) as error:
                refusal = error
        receipt = await self._append(kept, principal, parsed, received)
        if refusal is not None:
            raise refusal
        return door.answer(parsed, incoming, receipt.seq)

    def _check(self, door: Door, incoming: Incoming, encoding: str) -> None:
        if door.accepts and incoming.content_type not in door.accepts:
            raise Unsupported(
                f"this door does not take {incoming.content_type[:80] or 'no content type'!r}",
                field="Content-Type",
                action=f"use {' or '.join(door.accepts)}",
            )
        if door.check is not None:
            door.check(incoming)
        if encoding not in door.encodings or (door.must_encode and encoding == "identity"):
            raise Unsupported(
                f"this door does not take the content encoding {encoding[:40]!r}",
                field="Content-Encoding",
                action=f"use {' or '.join(door.encodings)}",
            )

    async def _offload(self, size: int, call: Callable[..., Any], *arguments: Any) -> Any:
        if size < _INLINE:
            return call(*arguments)
        return await asyncio.get_running_loop().run_in_executor(self._threads, call, *arguments)

    async def _append(
        self, kept: Kept, principal: Principal, parsed: Parsed | None, received_ns: int = 0
    ) -> Receipt:
        future = self._ledger.append_async(
            door=kept.door,
            content_type=kept.content_type,
            body=kept.body,
            received_ns=received_ns or self._clock.now_ns(),
            token=principal.id,
            tenant=principal.tenant,
            headers=kept.headers,
        )
        if parsed is not None:
            hand, size = parsed, len(kept.body)

            def on_disk(done: Future[Receipt]) -> None:
                if not done.cancelled() and done.exception() is None:
                    receipt = done.result()
                    if receipt.duplicate_of is None:
                        self._handoff.put(receipt.seq, hand, size)

            future.add_done_callback(on_disk)
        try:
            async with asyncio.timeout(self._settings.append_timeout_s):
                return await asyncio.shield(asyncio.wrap_future(future))
        except TimeoutError as error:
            raise RetryLater("the disk does not answer", after_s=5.0) from error

    def _problem(self, error: OpsweaveError) -> Problem:
        problem = problem_of(error)
        for kind, status in _STATUS.items():
            if isinstance(error, kind):
                problem = msgspec.structs.replace(problem, status=status)
        if isinstance(error, Overloaded):
            after = self._settings.retry_after_s
            problem = msgspec.structs.replace(problem, retry_after_s=after)
        return problem


_STATUS: dict[type[OpsweaveError], int] = {
    TooLarge: 413,
    Unsupported: 415,
    Overloaded: 429,
    TooSlow: 408,
    ForeignCodeFailed: 400,
}


def _parse(parser: Parser, payload: Payload) -> Parsed:
    with guarded(f"parser of {payload.door}"):
        return parser(payload)


def payload_of(kept: Kept, *, received_ns: int, tenant: str, seq: int = -1) -> Payload:
    """What a parser gets. Doors do not know the sequence number yet: parsers must not use it."""
    return Payload(
        door=kept.door,
        content_type=kept.content_type,
        body=kept.body,
        received_ns=received_ns,
        seq=seq,
        tenant=tenant,
        headers=kept.headers,
    )


def handlers(desk: Desk, doors: tuple[Door, ...]) -> list[HTTPRouteHandler]:
    """One Litestar handler for each door."""
    return [_handler(desk, door) for door in doors]


def _handler(desk: Desk, door: Door) -> HTTPRouteHandler:
    async def serve(request: Request[Any, Any, Any]) -> Response[bytes]:
        answer = await desk.serve(door, request)
        return Response(
            answer.body,
            status_code=answer.status,
            media_type=answer.content_type,
            headers=answer.headers,
        )

    return post(
        door.path, name=f"door:{door.id}", request_max_body_size=None, include_in_schema=False
    )(serve)
