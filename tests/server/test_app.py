"""Health, hosts, and the shape of errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from litestar import Request, get, post
from litestar.testing import TestClient

from opsweave.kernel.errors import (
    Bug,
    OutcomeUnknown,
    RefusedByPolicy,
    RejectInput,
    RetryLater,
)
from opsweave.server.app import AppSettings, Health, make_app
from opsweave.server.auth import Auth, Scope, guard
from opsweave.testing.doors import DoorRig

BASE = "http://localhost.local"
LOCAL = {"host": "localhost:80"}


@get("/api/v1/who", guards=[guard(Scope.READ)], sync_to_thread=False)
def who(request: Request[Any, Any, Any]) -> dict[str, str]:
    return {"name": request.state.principal.name}


@post("/api/v1/number", guards=[guard(Scope.READ)], sync_to_thread=False)
def number(data: dict[str, int]) -> dict[str, int]:
    return data


@get("/api/v1/raise/{n:int}", sync_to_thread=False)
def fail(n: int) -> None:
    raise (
        RejectInput("no", field="n", action="choose another"),
        RetryLater("not now", after_s=3),
        RefusedByPolicy("frozen", reasons=("freeze",)),
        OutcomeUnknown("who knows"),
        Bug("ours"),
        ZeroDivisionError("ours too"),
    )[n]


@pytest.fixture
def client(tmp_path: Path) -> Any:
    rig = DoorRig(tmp_path)
    app = make_app(
        desk=rig.desk,
        auth=Auth(rig.tokens),
        api_handlers=[who, number, fail],
        settings=AppSettings(allow_hosts=("ops.example",)),
        health=lambda: Health(ready=False, degraded=("the pump waits",)),
    )
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as found:
        found.rig = rig
        yield found


def test_health_needs_no_token(client: Any) -> None:
    response = client.get("/healthz", headers=LOCAL)
    assert response.json() == {"status": "degraded", "degraded": ["the pump waits"]}
    assert client.get("/readyz", headers=LOCAL).status_code == 503


def test_a_guard_leaves_the_principal(client: Any) -> None:
    headers = LOCAL | {"authorization": f"Bearer {client.rig.reader}"}
    assert client.get("/api/v1/who", headers=headers).json() == {"name": "reader"}
    assert client.get("/api/v1/who", headers=LOCAL).status_code == 401
    headers["authorization"] = f"Bearer {client.rig.ingest}"
    assert client.get("/api/v1/who", headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("n", "status"), [(0, 400), (1, 503), (2, 403), (3, 409), (4, 500), (5, 500)]
)
def test_errors_have_one_shape(client: Any, n: int, status: int) -> None:
    response = client.get(f"/api/v1/raise/{n}", headers=LOCAL)
    assert response.status_code == status
    assert set(response.json()) == {"error", "field", "action"}
    assert "ours" not in response.text
    if status == 503:
        assert response.headers["retry-after"] == "3"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/nothing", b"", 404),
        ("DELETE", "/api/v1/who", b"", 405),
        ("POST", "/api/v1/number", b"{", 400),
        ("POST", "/api/v1/number", b'{"a": "b"}', 400),
        ("POST", "/api/v1/number", b"1" * (2 << 20), 413),
        ("GET", "/schema", b"", 404),
    ],
)
def test_the_framework_errors_too(
    client: Any, method: str, path: str, body: bytes, status: int
) -> None:
    headers = LOCAL | {"authorization": f"Bearer {client.rig.reader}"}
    response = client.request(method, path, content=body, headers=headers)
    assert response.status_code == status
    assert set(response.json()) == {"error", "field", "action"}


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("localhost", "", 200),
        ("127.0.0.1:4318", "", 200),
        ("127.9.9.9", "", 200),
        ("[::1]:80", "", 200),
        ("OPS.example:443", "", 200),
        ("localhost", "http://localhost:3000", 200),
        ("localhost", "https://ops.example", 200),
        ("evil.example", "", 403),
        ("localhost.evil.example", "", 403),
        ("localhost", "http://evil.example", 403),
        ("localhost", "null", 403),
        ("", "", 403),
        ("10.0.0.8", "", 403),
    ],
)
def test_hosts(client: Any, host: str, origin: str, status: int) -> None:
    headers = {"host": host} | ({"origin": origin} if origin else {})
    response = client.get("/healthz", headers=headers)
    assert response.status_code == status
    if status == 403:
        assert set(response.json()) == {"error", "field", "action"}
