"""Who may call what: every route there is, without a token and with each single scope."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from litestar.testing import TestClient

from opsweave.kernel.clock import SystemClock
from opsweave.record.folder import DataFolder
from opsweave.server.auth import Scope
from opsweave.server.configuration import read_configuration
from opsweave.server.settings import UpSettings
from opsweave.server.stores import opened
from opsweave.server.wiring import Assembly

OPEN = {"/", "/healthz", "/readyz", "/{rest:path}", "/assets/{name:str}"}
OWN = {"POST /api/v1/session", "GET /api/v1/session", "DELETE /api/v1/session"}
"""They look at credentials themselves: see console/test_session.py."""
NEEDS = {
    "POST /api/v1/approvals/{id_:str}": Scope.APPROVE,
    "GET /api/v1/audit": Scope.ADMIN,
    "GET /api/v1/audit/verify": Scope.ADMIN,
    "GET /api/v1/ledger/verify": Scope.ADMIN,
    "GET /api/v1/ledger/unparsed": Scope.ADMIN,
    "POST /api/v1/ledger/replay": Scope.ADMIN,
    "POST /api/v1/query": Scope.ADMIN,
    "POST /api/v1/labels": Scope.APPROVE,
    "POST /api/v1/session/codes": Scope.READ,
    "GET /api/v1/tokens": Scope.ADMIN,
    "POST /api/v1/tokens": Scope.ADMIN,
    "DELETE /api/v1/tokens/{id_:str}": Scope.ADMIN,
}
"""Besides doors, which take ``ingest``, and what is only read."""


class Rig(NamedTuple):
    client: TestClient[Any]
    calls: list[str]
    tokens: dict[Scope, str]


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder, clock = DataFolder(tmp_path_factory.mktemp("routes") / "data"), SystemClock()
    with opened(folder, clock) as stores:
        settings = UpSettings(data=folder.root, allow_hosts=("localhost.local",))
        assembly = Assembly(stores, read_configuration(None), settings, clock)
        tokens = {
            scope: assembly.tokens.create_token(name=scope, scopes=[scope])[0] for scope in Scope
        }
        calls = [
            f"{method} {route.path}"
            for route in assembly.app.routes
            for method in sorted(getattr(route, "methods", {"GET"}))
            if method not in ("OPTIONS", "HEAD") and route.path not in OPEN
            if f"{method} {route.path}" not in OWN
        ]
        with TestClient(assembly.app, base_url="http://localhost.local") as client:
            yield Rig(client, calls, tokens)


def ask(rig: Rig, call: str, **headers: str) -> int:
    method, _, path = call.partition(" ")
    path = "/".join("x" if part.startswith("{") else part for part in path.split("/"))
    return rig.client.request(method, path, headers=headers).status_code


def needed(call: str) -> Scope:
    """What a call needs: the table above, else reading for a GET, else sending."""
    if call.startswith("POST /api/v1/incidents/"):
        return Scope.APPROVE
    return NEEDS.get(call, Scope.READ if call.startswith("GET") else Scope.INGEST)


def test_all_routes_are_walked(rig: Rig) -> None:
    assert len(rig.calls) > 25
    assert set(NEEDS) <= set(rig.calls)
    for path in OPEN:
        assert ask(rig, f"GET {path}") in (200, 404, 503)


def test_without_a_token(rig: Rig) -> None:
    bad = ("", "Bearer", "Bearer x", "Basic Og==", "Basic !", "Bearer ow_" + "a" * 5000, "ow_x")
    for call in rig.calls:
        assert ask(rig, call) == 401, call
        for value in bad:
            assert ask(rig, call, authorization=value) == 401, (call, value)


@pytest.mark.parametrize("scope", list(Scope))
def test_with_each_single_scope(rig: Rig, scope: Scope) -> None:
    for call in rig.calls:
        enough = {needed(call)} | ({Scope.ADMIN} if needed(call) is Scope.READ else set())
        status = ask(rig, call, authorization=f"Bearer {rig.tokens[scope]}")
        if scope in enough:
            assert status not in (401, 403, 500), (call, status)
        else:
            assert status == 403, (call, status)


def test_another_host_or_origin_is_refused_everywhere(rig: Rig) -> None:
    for call in [*rig.calls, *(f"GET {path}" for path in OPEN)]:
        assert ask(rig, call, host="evil.example") == 403, call
        assert ask(rig, call, origin="https://evil.example") == 403, call
