"""Numbers and clocks that no sender should send: the loop goes on."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from opsweave.graph import Graph
from opsweave.integrations.contract import Payload
from opsweave.integrations.discover import parsers
from opsweave.kernel.clock import SECOND, ManualClock
from opsweave.kernel.errors import RejectInput
from opsweave.practices.aiops.loop import Loop
from opsweave.practices.aiops.room import make_room
from opsweave.record.state import MemoryState

T0 = 1_700_000_000 * SECOND
NUMBERS = ("NaN", "Infinity", "-Infinity", 1e308, -1e308, 5e-324, 0, -1)
TIMES = (
    0,
    1,
    T0 - 10**18,
    T0 - 3600 * SECOND,
    T0,
    T0 + 59 * SECOND,
    T0 + 10**18,
    2**63 - 1,
    2**64 - 1,
)
RESOURCE = {"attributes": [{"key": "service.name", "value": {"stringValue": "cart"}}]}


def metrics(value: Any, ts: int, start: int) -> dict[str, Any]:
    point = {"timeUnixNano": str(ts), "startTimeUnixNano": str(start), "asDouble": value}
    summed = {"dataPoints": [point], "aggregationTemporality": 1, "isMonotonic": True}
    found = [{"name": "g", "gauge": {"dataPoints": [point]}}, {"name": "s", "sum": summed}]
    return {"resourceMetrics": [{"resource": RESOURCE, "scopeMetrics": [{"metrics": found}]}]}


def traces(start: int, end: int) -> dict[str, Any]:
    span = {
        "traceId": "0" * 31 + "1", "spanId": "0" * 15 + "1", "parentSpanId": "0" * 15 + "1",
        "name": "n", "kind": 2, "startTimeUnixNano": str(start), "endTimeUnixNano": str(end),
    }  # fmt: skip
    return {"resourceSpans": [{"resource": RESOURCE, "scopeSpans": [{"spans": [span]}]}]}


@pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning")
def test_the_loop_outlives_every_number_and_clock() -> None:
    clock, graph, known = ManualClock(T0), Graph(), parsers()
    room = make_room(state=MemoryState(), graph=graph, clock=clock)
    loop = Loop(room.stages(), room.store, clock)
    bodies = [
        *(("otlp_metrics", metrics(v, t, s)) for v in NUMBERS for t in TIMES for s in (0, T0, t)),
        *(("otlp_traces", traces(*pair)) for pair in itertools.product(TIMES, TIMES)),
    ]
    taken = 0
    for seq, (door, body) in enumerate(bodies):
        payload = Payload(
            door=door,
            content_type="application/json",
            body=json.dumps(body).encode(),
            received_ns=clock.now_ns(),
            seq=seq,
        )
        try:
            parsed = known[door](payload)
        except RejectInput:
            continue
        taken += 1
        room.inbox.accept(parsed.batch, relations=parsed.relations)
        if seq % 5 == 0:
            clock.advance(1.0)
            loop.tick()
    assert taken > len(bodies) // 2
    for _ in range(20):
        clock.advance(5.0)
        loop.tick()
    assert room.builder.stats.future > 0
    assert len(room.builder._open) < 20
