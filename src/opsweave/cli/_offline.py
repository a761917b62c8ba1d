"""The HTTP API without a server: the same application, called inside this process."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator
from typing import Any, cast

import httpx
from litestar import Litestar

from opsweave.cli._client import refusal, target
from opsweave.kernel.clock import SystemClock
from opsweave.record.folder import DataFolder
from opsweave.server.configuration import Configuration
from opsweave.server.settings import UpSettings
from opsweave.server.stores import opened
from opsweave.server.up import local_token
from opsweave.server.wiring import Assembly


@contextlib.contextmanager
def offline(folder: DataFolder) -> Iterator[_Local]:
    """Owns the folder while it lasts; nothing runs, nothing is repaired."""
    clock = SystemClock()
    with opened(folder, clock, repair=False) as stores:
        assembly = Assembly(stores, Configuration(), UpSettings(data=folder.root), clock)
        yield _Local(assembly.app, local_token(folder, assembly.tokens))


class _Local:
    """Calls the application as the web server would."""

    def __init__(self, app: Litestar, token: str) -> None:
        self._app, self._token = app, token

    def get(self, path: str, **parameters: Any) -> Any:
        return asyncio.run(self._ask("GET", target(path, parameters), None))

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return asyncio.run(self._ask("POST", target(path, {}), body))

    async def _ask(self, method: str, url: str, body: Any) -> Any:
        transport = httpx.ASGITransport(cast("Any", self._app))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            answer = await client.request(
                method, url, json=body, headers={"authorization": f"Bearer {self._token}"}
            )
        if answer.status_code >= 400:
            raise refusal(answer.status_code, answer.content)
        return json.loads(answer.content)
