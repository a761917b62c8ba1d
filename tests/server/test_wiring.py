"""The wired application: stores of a real folder, every room joined, no process of its own."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from litestar.testing import TestClient

from opsweave.facts import Cause, CauseKind, Incident, Run, Shadow, ShadowVerdict
from opsweave.integrations.otlp import mock
from opsweave.kernel.clock import SystemClock
from opsweave.kernel.errors import RejectInput
from opsweave.record.folder import DataFolder
from opsweave.server.configuration import read_configuration
from opsweave.server.settings import UpSettings
from opsweave.server.stores import opened
from opsweave.server.up import local_token
from opsweave.server.wiring import Assembly

CATALOG = """
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: cart, namespace: shop}
spec: {type: service, dependsOn: ["resource:orders"]}
---
kind: Resource
metadata: {name: orders, namespace: shop}
spec: {type: database}
"""


class Wired(NamedTuple):
    assembly: Assembly
    client: TestClient[Any]
    owner: dict[str, str]
    sender: dict[str, str]

    def get(self, path: str) -> Any:
        answer = self.client.get(f"/api/v1/{path}", headers=self.owner)
        assert answer.status_code == 200, answer.text
        return answer.json()


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


@pytest.fixture
def wired(tmp_path: Path) -> Iterator[Wired]:
    config = tmp_path / "config"
    config.mkdir()
    (config / "catalog-info.yaml").write_text(CATALOG)
    (config / "slos.yaml").write_text(
        "- {name: works, entity: service:default/shop/cart, sli: availability, target: 0.99}\n"
    )
    clock, folder = SystemClock(), DataFolder(tmp_path / "data")
    with opened(folder, clock) as stores:
        settings = UpSettings(data=folder.root, allow_hosts=("localhost.local",))
        assembly = Assembly(stores, read_configuration(config), settings, clock)
        owner = local_token(folder, assembly.tokens)
        ingest, _ = assembly.tokens.create_token(name="sender", scopes=["ingest"])
        with TestClient(assembly.app, base_url="http://localhost.local") as client:
            yield Wired(assembly, client, bearer(owner), bearer(ingest))


def test_what_arrives_is_applied_and_known(wired: Wired) -> None:
    now = time.time_ns()
    body = mock.metrics(now=now)
    headers = {**wired.sender, "content-type": "application/x-protobuf"}
    assert wired.client.post("/v1/metrics", content=body, headers=headers).status_code == 200
    assert wired.get("ledger")["pending"] == 1
    while wired.assembly.pump.step():
        pass
    counts = wired.get("ledger")
    assert (counts["received"], counts["stored"], counts["lost"]) == (1, 1, 0)
    wired.assembly.upkeep.stop()
    refs = {item["ref"] for item in wired.get("entities")["items"]}
    assert "service:demo/shop/cart" in refs
    assert "database:default/shop/orders" in refs, "from the catalog"
    relations = wired.get("relations")["items"]
    assert [(r["source"], r["kind"], r["origin"]) for r in relations] == [
        ("service:default/shop/cart", "depends_on", "catalog")
    ]


def test_status(wired: Wired) -> None:
    status = wired.get("status")
    assert status["version"]
    assert status["process"]["memory_mb"] > 10
    assert status["status"] == "degraded"
    assert status["degraded"] == ["pump: its thread does not run"], "nothing was started here"
    health = wired.client.get("/healthz").json()
    assert health["status"] == "degraded"
    assert wired.client.get("/readyz").status_code == 200


def test_every_call_needs_its_scope(wired: Wired) -> None:
    calls = [
        (method, route.path)
        for route in wired.assembly.app.routes
        for method in getattr(route, "methods", ())
        if route.path.startswith("/api/v1") and method in ("GET", "POST")
        if route.path not in ("/api/v1/write", "/api/v1/session")
    ]
    assert len(calls) > 15
    for method, path in calls:
        url = path.replace("{id_:str}", "x")
        assert wired.client.request(method, url).status_code == 401, path
        answer = wired.client.request(method, url, headers=wired.sender)
        assert answer.status_code == 403, (path, answer.text)


def test_runbooks_show_what_shadow_has_shown(wired: Wired) -> None:
    state = wired.assembly.stores.state
    for number, verdict in enumerate((ShadowVerdict.FIXED, ShadowVerdict.HARMED)):
        state.put(
            Shadow(
                id=f"shadow-run-{number}", run=f"run-{number}", runbook="stop-job",
                incident=f"inc-{number}", verdict=verdict,
            )
        )  # fmt: skip
    state.put(Run(id="run-1", pipeline="stop-job", incident="inc-1"))
    books = {book["name"]: book["shadow"] for book in wired.get("runbooks")["items"]}
    assert books["stop-job"] | {"fixed_lower": 0} == {
        "fixed": 1, "harmed": 1, "neither": 0, "n": 2, "fixed_lower": 0,
    }  # fmt: skip
    assert books["add-replica"]["n"] == 0 and books["add-replica"]["fixed_lower"] is None
    (run,) = wired.get("runs")["items"]
    assert (run["shadow"]["verdict"], run["runbook_shadow"]["n"]) == ("harmed", 2)
    assert wired.get("grouping")["precision"]["value"] is None


def test_reading_is_not_deciding(wired: Wired) -> None:
    reader, _ = wired.assembly.tokens.create_token(name="reader", scopes=["read"])
    headers = bearer(reader)
    assert wired.client.get("/api/v1/incidents", headers=headers).status_code == 200
    for path, body in (
        ("approvals/x", {"decision": "approve", "plan_hash": "h"}),
        ("labels", {"incident": "x", "verdict": "noise"}),
        ("query", {"sql": "select 1"}),
        ("ledger/replay", {}),
    ):
        answer = wired.client.post(f"/api/v1/{path}", json=body, headers=headers)
        assert answer.status_code == 403, path


def test_unparsed_payloads_are_shown_masked(wired: Wired) -> None:
    body = b'not json, password=hunter2, but a "cart"'
    wired.client.post("/webhooks/ci", content=body, headers=wired.sender)
    while wired.assembly.pump.step():
        pass
    found = wired.get("ledger/unparsed")["items"][0]
    assert (found["door"], found["outcome"], found["bytes"]) == ("webhook:ci", "generic", len(body))
    assert "hunter2" not in found["preview"]
    assert "cart" in found["preview"]


def test_queries_are_bounded(wired: Wired) -> None:
    def ask(**body: Any) -> Any:
        return wired.client.post("/api/v1/query", json=body, headers=wired.owner)

    found = ask(sql="select * from range(20000) as t(n)").json()
    assert (found["rows"], found["truncated"]) == (10_000, True)
    for sql in ("insert into points select * from points", "select 1; select 2", "attach 'x'"):
        assert ask(sql=sql).status_code == 400
    at = ask(sql="select timestamptz '2026-03-01 08:00:00+01' as at").json()["columns"]["at"]
    assert datetime.fromisoformat(at[0]) == datetime(2026, 3, 1, 7, tzinfo=UTC)
    assert ask(sql="select 170141183460469231731687303715884105727 as n").status_code == 200


def test_odd_times_and_digits_are_no_internal_error(wired: Wired) -> None:
    for since in ("9999-12-31T00:00:00Z", "0001-01-01T00:00:00Z"):
        for path in ("incidents", "changes", "alerts", "labels", "runs"):
            assert wired.get(f"{path}?since={since}") == {"items": []}
    for version in ("%C2%B2", "1-%C2%B3", "9" * 19, "9" * 30):
        for id_ in (f"traces:telemetry:a@{version}", f"signal:telemetry:a%7Cb@{version}"):
            answer = wired.client.get(f"/api/v1/evidence?id={id_}", headers=wired.owner)
            assert answer.status_code in (200, 400), id_


def test_the_page_at_the_root(wired: Wired) -> None:
    answer = wired.client.get("/")
    assert answer.status_code == 200
    assert "Opsweave" in answer.text
    assert "<script>" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("name", "content", "field"),
    [
        ("catalog-info.yaml", "kind: [", "catalog-info.yaml"),
        ("slos.yaml", "- {name: x, entity: nothing}", "entity"),
        ("policy.yaml", "approval: {mode: never}", "policy.yaml"),
        ("integrations.toml", "[control_plane\n", "integrations.toml"),
        ("integrations.toml", "[nobody]\nx = 1\n", "nobody"),
        ("integrations.toml", "[control_plane]\nurl = 'ftp://x'\n", "control_plane"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, name: str, content: str, field: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(RejectInput, match=field):
        read_configuration(tmp_path)


def test_relations_as_they_were_and_as_they_were_known(wired: Wired) -> None:
    assert len(wired.get("relations")["items"]) == 1
    assert wired.get("relations?at=2000-01-01T00:00:00Z")["items"] == []
    assert len(wired.get("relations?at=2100-01-01T00:00:00Z")["items"]) == 1
    assert wired.get("relations?known_at=2000-01-01T00:00:00Z")["items"] == []
    answer = wired.client.get("/api/v1/relations?at=never", headers=wired.owner)
    assert (answer.status_code, answer.json()["field"]) == (400, "at")


def test_evidence_through_the_api(wired: Wired) -> None:
    found = wired.get("evidence?id=change:state:nothing@1")
    assert found["status"] == "none"
    answer = wired.client.get("/api/v1/evidence?id=odd", headers=wired.owner)
    assert (answer.status_code, answer.json()["field"]) == (400, "id")


def test_the_audit_trail_shows_what_was_done_and_where_it_was_altered(wired: Wired) -> None:
    state = wired.assembly.stores.state
    nothing = {"entries": 0, "intact": True, "first_broken": None, "head": ""}
    assert wired.get("audit/verify") == nothing
    for number in range(3):
        state.audit(at_ns=number, principal="ann", verb="approve", object_=f"run-{number}")
    assert [entry["object"] for entry in wired.get("audit?limit=2")["items"]] == ["run-2", "run-1"]
    found = wired.get("audit/verify")
    assert found["entries"] == 3
    head = found["head"]
    assert wired.get(f"audit/verify?head={head}")["intact"]
    with sqlite3.connect(wired.assembly.stores.folder.state) as database:
        database.execute("UPDATE audit SET principal = 'bob' WHERE number = 1")
    altered = {"entries": 3, "intact": False, "first_broken": 1, "head": head}
    assert wired.get("audit/verify") == altered
    with sqlite3.connect(wired.assembly.stores.folder.state) as database:
        database.execute("UPDATE audit SET principal = 'ann' WHERE number = 1")
        database.execute("UPDATE audit SET tenant = 'other' WHERE number = 0")
    assert wired.get("audit/verify")["first_broken"] == 0


def test_a_trail_that_was_cut_is_known_by_a_head_noted_before(wired: Wired) -> None:
    state = wired.assembly.stores.state
    for number in range(3):
        state.audit(at_ns=number, principal="ann", verb="approve", object_=f"run-{number}")
    head = wired.get("audit/verify")["head"]
    with sqlite3.connect(wired.assembly.stores.folder.state) as database:
        database.execute("DELETE FROM audit WHERE number = 2")
    assert wired.get("audit/verify")["intact"]
    state.audit(at_ns=2, principal="bob", verb="approve", object_="run-9")
    found = wired.get(f"audit/verify?head={head}")
    assert (found["intact"], found["first_broken"]) == (False, 2)
    answer = wired.client.get("/api/v1/audit/verify?head=odd", headers=wired.owner)
    assert (answer.status_code, answer.json()["field"]) == (400, "head")


def test_a_verdict_over_the_api_is_kept_and_weighs(wired: Wired) -> None:
    cause = Cause(rank=1, entity="service:a/b/c", indicator="error_ratio", kind=CauseKind.LOAD)
    wired.assembly.stores.state.put(Incident(id="inc-1", causes=(cause,), opened_ns=1))
    verdict = {"incident": "inc-1", "verdict": "right_cause", "note": "seen"}
    answer = wired.client.post("/api/v1/labels", json=verdict, headers=wired.owner)
    assert answer.status_code == 201, answer.text
    (label,) = wired.get("labels")["items"]
    assert (label["cause_kind"], label["note"], label["by"]) == ("load", "seen", "local owner")
    assert wired.get("priors")["kinds"] == {"load": {"right": 1, "wrong": 0, "weight": 1.3333}}
    assert wired.get("audit")["items"][0]["verb"] == "label right_cause"
    refused = wired.client.post("/api/v1/labels", json=verdict, headers=wired.sender)
    assert refused.status_code == 403
