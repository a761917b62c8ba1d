"""The API asked inside this process, as a browser would through the server."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast

import httpx
import msgspec
from litestar import Litestar

from opsweave.bench.console.make import CONFIG
from opsweave.kernel.clock import Clock
from opsweave.record.folder import DataFolder
from opsweave.server.configuration import read_configuration
from opsweave.server.settings import UpSettings
from opsweave.server.stores import opened
from opsweave.server.wiring import Assembly

SCOPES = ("read", "approve", "admin")


class Answer(NamedTuple):
    """Status, body, and how long and large it was."""

    status: int
    body: Any
    ms: float
    cpu_ms: float
    """Of the whole process: what it costs however busy the machine is."""
    kilobytes: float
    """As it is without compression."""


class Api:
    """Calls the application; one connection a call, no network."""

    def __init__(self, app: Litestar, token: str) -> None:
        self._app, self._token = app, token

    def get(self, path: str) -> Answer:
        """``path`` below ``/api/v1/``."""
        return asyncio.run(self._ask("GET", path, None))

    def post(self, path: str, body: dict[str, Any]) -> Answer:
        """``body`` as JSON."""
        return asyncio.run(self._ask("POST", path, body))

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> Answer:
        transport = httpx.ASGITransport(cast("Any", self._app))
        headers = {"authorization": f"Bearer {self._token}", "accept-encoding": "identity"}
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            start, cpu = time.perf_counter(), time.process_time()
            answer = await client.request(method, f"/api/v1/{path}", json=body, headers=headers)
            took = 1e3 * (time.perf_counter() - start), 1e3 * (time.process_time() - cpu)
        raw = answer.content
        if raw[:2] == b"\x1f\x8b":
            raw = gzip.decompress(raw)
        return Answer(answer.status_code, msgspec.json.decode(raw), *took, len(raw) / 1024)


@contextmanager
def api(root: Path, clock: Clock) -> Iterator[Api]:
    """The wired application over a made folder; nothing runs beside it."""
    folder = DataFolder(root)
    with opened(folder, clock) as stores:
        settings = UpSettings(data=root)
        assembly = Assembly(stores, read_configuration(root / CONFIG), settings, clock)
        assembly.slos.tick(clock.now_ns())
        token, _ = assembly.tokens.create_token(name="bench", scopes=SCOPES)
        yield Api(assembly.app, token)
