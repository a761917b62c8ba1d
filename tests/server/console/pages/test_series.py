"""An entity's main indicators, drawn from the record, with changes and incidents on them."""

from __future__ import annotations

import pytest

from opsweave.facts import Incident
from opsweave.kernel.clock import SECOND
from opsweave.record.ledger.port import Outcome
from opsweave.record.telemetry import Batch
from opsweave.record.telemetry.port import Applied
from opsweave.record.telemetry.schema import SPANS
from opsweave.server.console.pages.series import marks_of

FILLS = {"int64": 0, "string": "", "bool": False}


def spans(entity: str, now: int, n: int = 600) -> Batch:
    """One a second up to now; the last hundred are ten times slower, every tenth of them fails."""
    columns = {name: [FILLS[kind]] * n for name, kind in SPANS.items()}
    ages = range(n, 0, -1)
    columns["ts"] = [now - age * SECOND for age in ages]
    columns["duration_ns"] = [(500 if age <= 100 else 50) * 1_000_000 for age in ages]
    columns["error"] = [age <= 100 and age % 10 == 0 for age in ages]
    columns["entity"] = [entity] * n
    columns["kind"] = ["server"] * n
    columns["span_id"] = [f"{number:016x}" for number in range(n)]
    columns["trace_id"] = [f"{number:032x}" for number in range(n)]
    columns["attributes"] = ["{}"] * n
    return Batch(tables={"spans": columns})


@pytest.fixture
def measured(shop, small):
    applied = Applied(seq=0, door="otlp_traces", outcome=Outcome.STORED, rows=600)
    telemetry = shop.assembly.stores.telemetry
    telemetry.write([(applied, spans(small.CART, shop.now))], recorded_ns=shop.now)
    return shop


def test_requests_errors_and_latency_with_what_was_changed(measured, small) -> None:
    page = measured.page(f"entities/{small.CART}")
    drawn = {w.id: w for section in page.sections for w in section.widgets if w.id != "graph"}
    latency = drawn["latency_p95"]
    seen = [y for y in latency.lines[0].y if y is not None]
    assert min(seen) == pytest.approx(50, rel=0.01) and max(seen) == pytest.approx(500, rel=0.01)
    assert latency.proof.n == 600
    assert {mark.to for mark in latency.marks} >= {"changes/dep/1", "changes/cfg-1"}
    assert len(latency.lines[0].low) == len(latency.x_ms)
    assert max(y or 0.0 for y in drawn["error_ratio"].lines[0].y) == pytest.approx(0.1, abs=0.05)


def test_the_band_of_a_change_is_what_came_before_it(measured, small) -> None:
    now = measured.now
    measured.assembly.stores.state.put(small.change("late", now - 100 * SECOND))
    latency = measured.widget("changes/late", "latency_p95")
    line = latency.lines[0]
    assert "before the change" in latency.says
    assert line.high[0] < 100 < max(y or 0.0 for y in line.y)


def test_a_change_is_reached_by_its_link(measured) -> None:
    for path in ("changes/dep/1", "changes/dep%2F1"):
        assert measured.page(path).title == "ship dep/1"


def incident(id: str, start: int, end: int | None) -> Incident:
    return Incident(id=id, title=id, started_ns=start, opened_ns=start, closed_ns=end)


@pytest.mark.parametrize(
    ("spans", "says"),
    [
        ([(10, 20), (30, 40)], [("i0", 10, 20), ("i1", 30, 40)]),
        ([(10, 30), (20, 25), (28, 40)], [("3 incidents, the first: i0", 10, 40)]),
        ([(10, None), (50, 60)], [("2 incidents, the first: i0", 10, None)]),
        ([(50, 60), (10, 55)], [("2 incidents, the first: i1", 10, 60)]),
        ([], []),
    ],
)
def test_incidents_at_one_time_are_one_stretch(spans, says) -> None:
    ms = 1_000_000
    found = marks_of(
        [],
        [
            incident(f"i{number}", start * ms, None if end is None else end * ms)
            for number, (start, end) in enumerate(spans)
        ],
    )
    assert [(mark.says, mark.at_ms, mark.until_ms) for mark in found] == says
