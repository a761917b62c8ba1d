"""Reads a request's body within bounds, and clears away what a refusal leaves unread."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from litestar import Request

from opsweave.kernel.errors import RejectInput
from opsweave.server.doors.bodies import too_large
from opsweave.server.doors.load import Held
from opsweave.server.doors.settings import DoorSettings
from opsweave.server.doors.table import TooSlow


class BodyReader:
    """The body of one request."""

    def __init__(self, request: Request[Any, Any, Any], settings: DoorSettings) -> None:
        self._request, self._settings = request, settings
        self._whole = False

    async def read(self, held: Held) -> bytes:
        """The body as sent. Raises TooLarge, TooSlow, Overloaded, RejectInput (it broke off)."""
        limit = self._settings.max_body
        announced = self._request.headers.get("content-length", "")
        if announced.isdecimal() and len(announced) < 20 and int(announced) > limit:
            raise too_large(limit, "as sent")
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._settings.read_timeout_s):
                while not self._whole:
                    part = await self._part()
                    size += len(part)
                    if size > limit:
                        raise too_large(limit, "as sent")
                    held.add(len(part))
                    parts.append(part)
        except TimeoutError as error:
            raise TooSlow(
                "the body did not arrive in time", field="body", action="send it again"
            ) from error
        return parts[0] if len(parts) == 1 else b"".join(parts)

    async def drain(self) -> None:
        """Read on and forget, for a while: a client that is still sending would miss the answer."""
        room = self._settings.drain_bytes
        with contextlib.suppress(TimeoutError, RejectInput):
            async with asyncio.timeout(self._settings.drain_s):
                while not self._whole and room > 0:
                    room -= len(await self._part())

    async def _part(self) -> bytes:
        message = await self._request.receive()
        if message["type"] != "http.request":
            self._whole = True
            raise RejectInput("the client left before the body was whole", field="body")
        self._whole = not message["more_body"]
        return message["body"]
