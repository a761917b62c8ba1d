"""An incident as a case folder, and the case read back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opsweave.cli import _export
from opsweave.facts import Change, ChangeKind, Incident, RelationKind, RelationPeriod
from opsweave.kernel.clock import SECOND, SystemClock
from opsweave.practices.aiops.casefile import read_case
from opsweave.record.folder import DataFolder
from opsweave.record.ledger import Outcome
from opsweave.record.telemetry import Applied, Batch
from opsweave.record.telemetry.schema import LOGS, POINTS, SPANS
from opsweave.server.stores import opened

CART, DB = "service:demo/shop/cart", "database:demo/shop/orders"
T0 = 1_800_000_000 * SECOND
_EMPTY = {"string": "", "bool": False, "int64": 0, "int16": 0, "float64": 0.0}


def columns(schema: dict[str, str], *rows: dict[str, object]) -> dict[str, list[object]]:
    return {
        name: [row.get(name, _EMPTY.get(kind, [])) for row in rows] for name, kind in schema.items()
    }


@pytest.fixture
def recorded(data: Path) -> Path:
    """A stopped server's folder: two minutes of one service and an incident of it."""
    counter = {"entity": CART, "metric": "requests", "kind": "sum", "temporality": "cumulative"}
    points = [
        {**counter, "monotonic": True, "ts": T0 + i * SECOND, "value": 3.0 * i} for i in range(120)
    ]
    span = {"entity": CART, "name": "get", "kind": "server", "trace_id": "t", "span_id": "s"}
    batch = Batch(
        tables={
            "points": columns(POINTS, *points),
            "spans": columns(SPANS, {**span, "ts": T0 + SECOND, "duration_ns": 5_000_000}),
            "logs": columns(
                LOGS, {"entity": CART, "ts": T0 + 90 * SECOND, "body": "no", "severity": 17}
            ),
        }
    )
    incident = Incident(
        id="inc-1",
        title="cart is slow",
        started_ns=T0 + 60 * SECOND,
        opened_ns=T0 + 70 * SECOND,
        closed_ns=T0 + 119 * SECOND,
    )
    change = Change(
        id="cart-2",
        source="ci",
        kind=ChangeKind.DEPLOYMENT,
        entity=CART,
        at_ns=T0 + 50 * SECOND,
        commits=("abc",),
    )
    relation = RelationPeriod(
        id="r", entity=CART, kind=RelationKind.CALLS, target=DB, valid_from_ns=T0, at_ns=T0
    )
    with opened(DataFolder(data), SystemClock()) as stores:
        item = (Applied(seq=0, door="x", outcome=Outcome.STORED), batch)
        stores.telemetry.write([item], recorded_ns=T0)
        stores.state.put(incident)
        stores.state.put(change)
        stores.state.put(relation)
    return data


def test_the_case_holds_what_was_recorded(
    opsweave: Callable[..., Any], recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_export, "PAGE", 50)
    out = tmp_path / "case"
    said = opsweave("incidents", "export", "inc-1", "--out", str(out), "--before", "60", "--json")
    assert said.code == 0, said.err
    assert said.json["rows"] == {"metrics.parquet": 119, "logs.parquet": 1, "spans.parquet": 1}
    dossier = read_case(out)
    ((name, times, values),) = dossier.metrics
    assert (name.entity, name.metric, name.entity_kind) == (CART, "requests", "service")
    assert set(values) == {3.0}, "a counter is told as its growth"
    assert (times[0], dossier.onset_ns) == (T0 + SECOND, T0 + 60 * SECOND)
    assert (dossier.lines.severity, dossier.lines.body) == (["ERROR"], ["no"])
    assert list(dossier.spans.duration_us) == [5_000]
    assert dossier.edges == ((CART, DB, "calls"),)
    assert [(c.id, c.entity, c.commits) for c in dossier.changes] == [("cart-2", CART, ("abc",))]


def test_an_incident_that_is_not_there(
    opsweave: Callable[..., Any], recorded: Path, tmp_path: Path
) -> None:
    said = opsweave("incidents", "export", "inc-9", "--out", str(tmp_path / "case"))
    assert said.code == 2
    assert not (tmp_path / "case").exists()
