"""Clients that do not go on sending."""

from __future__ import annotations

import asyncio
import resource
from pathlib import Path
from typing import Any

import pytest
from litestar import post

from opsweave.server import patience
from opsweave.server.app import AppSettings, make_app
from opsweave.server.auth import Auth, Scope, guard
from opsweave.testing.doors import DoorRig


@post("/api/v1/number", guards=[guard(Scope.READ)], sync_to_thread=False)
def number(data: dict[str, int]) -> dict[str, int]:
    return data


@pytest.mark.parametrize("beginning", [b"", b'{"n":'])
def test_a_body_that_does_not_come_is_given_up(tmp_path: Path, beginning: bytes) -> None:
    rig = DoorRig(tmp_path)
    secret, _ = rig.tokens.create_token(name="reader", scopes=["read"])
    settings = AppSettings(body_s=0.1)
    app = make_app(desk=rig.desk, auth=Auth(rig.tokens), api_handlers=[number], settings=settings)
    scope: Any = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/api/v1/number",
        "raw_path": b"/api/v1/number",
        "root_path": "",
        "query_string": b"",
        "headers": [
            (b"host", b"localhost"),
            (b"authorization", f"Bearer {secret}".encode()),
            (b"content-type", b"application/json"),
            (b"content-length", b"10"),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }
    sent: list[Any] = []
    parts = [{"type": "http.request", "body": beginning, "more_body": True}]

    async def receive() -> Any:
        if not parts:
            await asyncio.sleep(30)
        return parts.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    async def ask() -> None:
        async with asyncio.timeout(5):
            await app(scope, receive, send)

    asyncio.run(ask())
    assert sent[0]["status"] == 408


@pytest.mark.parametrize("hard", [256, 1024, 20_000, resource.RLIM_INFINITY])
def test_connections_never_take_the_last_descriptors(
    monkeypatch: pytest.MonkeyPatch, hard: int
) -> None:
    limits = [min(256, hard) if hard > 0 else 256, hard]
    monkeypatch.setattr(resource, "getrlimit", lambda _: tuple(limits))

    def setrlimit(_: int, given: tuple[int, int]) -> None:
        limits[:] = given

    monkeypatch.setattr(resource, "setrlimit", setrlimit)
    most = patience.connections()
    assert 64 <= most <= patience.MOST_CONNECTIONS
    assert most < limits[0]
    if limits[0] >= 1024:
        assert limits[0] - most >= 512
