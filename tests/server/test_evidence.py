"""An evidence id leads back to its records; what retention took says so."""

from __future__ import annotations

import pytest

from opsweave.facts import Change, ChangeKind
from opsweave.kernel.clock import SECOND
from opsweave.kernel.errors import RejectInput
from opsweave.record.ledger import Outcome
from opsweave.record.state import MemoryState
from opsweave.record.telemetry import Applied, Batch, MemoryTelemetry
from opsweave.record.telemetry.schema import LOGS, POINTS, SPANS
from opsweave.server.evidence import MOST, MOST_TEXT, EvidenceResolver, _shown

CART, DB = "service:demo/shop/cart", "database:demo/shop/orders"
T0 = 1_700_000_000 * SECOND
_EMPTY = {"string": "", "bool": False, "int64": 0, "int16": 0, "float64": 0.0}


def columns(schema: dict[str, str], *rows: dict[str, object]) -> dict[str, list[object]]:
    return {
        name: [row.get(name, _EMPTY.get(kind, [])) for row in rows] for name, kind in schema.items()
    }


@pytest.fixture(scope="module")
def resolver() -> EvidenceResolver:
    telemetry, state = MemoryTelemetry(), MemoryState()
    spans = [
        {"ts": T0 + i, "entity": CART, "kind": "server", "span_id": f"{i:x}"}
        for i in range(MOST + 9)
    ]
    spans.append({"ts": T0, "entity": CART, "kind": "client", "peer": DB, "span_id": "c"})
    points = [{"ts": T0 + 5, "entity": CART, "metric": "pool.wait_time", "value": 4.0}]
    logs = [{"ts": T0 + 5, "entity": CART, "body": "token=abcdef let in", "severity": 17}]
    batch = Batch(
        tables={
            "spans": columns(SPANS, *spans),
            "points": columns(POINTS, *points),
            "logs": columns(LOGS, *logs),
        }
    )
    telemetry.write([(Applied(seq=0, door="x", outcome=Outcome.STORED), batch)], recorded_ns=T0)
    state.put(Change(id="cart@v2", source="x", kind=ChangeKind.DEPLOYMENT, entity=CART, at_ns=T0))
    return EvidenceResolver(state, telemetry)


def test_a_change_whose_own_id_has_an_at_sign(resolver):
    found = resolver.resolve("change:state:cart@v2@1")
    assert (found.status, found.records[0]["id"]) == ("found", "cart@v2")
    assert resolver.resolve("change:state:nothing@1").status == "none"


@pytest.mark.parametrize(
    ("id_", "table", "n"),
    [
        (f"signal:telemetry:{CART}|pool.wait_time@{T0}", "points", 1),
        (f"signal:telemetry:{CART}|rate(pool.wait_time)@{T0}", "points", 1),
        (f"signal:telemetry:{CART}|heartbeat@{T0}", "points", 1),
        (f"signal:telemetry:{CART}|client_latency_p95|{DB}@{T0}", "spans", 1),
        (f"logs:telemetry:{CART}|a1b2@{T0}", "logs", 1),
        (f"traces:telemetry:{CART}@{T0}-{T0 + SECOND}", "spans", MOST),
        (f"signal:telemetry:{CART}|latency_p95@{T0}", "spans", MOST),
    ],
)
def test_telemetry(resolver, id_, table, n):
    found = resolver.resolve(id_)
    assert (found.status, found.table, len(found.records)) == ("found", table, n)
    assert found.truncated == (n == MOST)


def test_secrets_in_facts_are_covered_and_ids_are_not():
    state = MemoryState()
    details = {"keys": {"db.password": ["hunter2", "hunter2"]}, "password": {"old": "hunter2"}}
    made = Change(
        id="a@b.example", source="x", kind=ChangeKind.OTHER, entity=CART, at_ns=T0,
        summary="postgres://u:hunter2@host and password=hunter2", details=details,
    )  # fmt: skip
    state.put(made)
    found = EvidenceResolver(state, MemoryTelemetry()).resolve("change:state:a@b.example@1")
    (record,) = found.records
    assert (record["id"], record["entity"], record["at_ns"]) == ("a@b.example", CART, T0)
    assert "hunter2" not in str(record)


def test_secrets_in_log_lines_are_covered(resolver):
    (line,) = resolver.resolve(f"logs:telemetry:{CART}|a1b2@{T0}").records
    assert "abcdef" not in line["body"]


def test_long_texts_are_cut(resolver):
    shown = _shown("x" * MOST_TEXT + " password=hunter2")
    assert len(shown) < MOST_TEXT + 50
    assert "17 more characters" in shown


def test_before_the_oldest_record_it_expired_and_after_it_there_was_none(resolver):
    early, late = T0 - 3_600 * SECOND, T0 + 3_600 * SECOND
    expired = resolver.resolve(f"traces:telemetry:{CART}@{early}-{early + SECOND}")
    assert expired.status == "expired"
    assert "2023-11-14" in expired.says
    assert resolver.resolve(f"signal:telemetry:{CART}|latency_p95@{late}").status == "none"


@pytest.mark.parametrize(
    "id_", ["", "x", "signal:telemetry:a|b@now", "odd:state:a@1", "odd:telemetry:a|b@1", "a:b:c@1"]
)
def test_what_is_no_id_is_refused(resolver, id_):
    with pytest.raises(RejectInput):
        resolver.resolve(id_)
