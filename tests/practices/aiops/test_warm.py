"""A detector that starts in the middle of an incident knows what was normal before it."""

from __future__ import annotations

import random

from opsweave.graph import Graph
from opsweave.kernel.clock import SECOND, ManualClock
from opsweave.practices.aiops.room import make_room
from opsweave.practices.aiops.warm import WARM_NS
from opsweave.record.ledger import Outcome
from opsweave.record.state import MemoryState
from opsweave.record.telemetry import Applied, MemoryTelemetry

from .signals.rows import CART, T0, at, batch, span


def record(seconds: int, sick_from: int) -> MemoryTelemetry:
    chance = random.Random(3)
    telemetry = MemoryTelemetry()
    items = []
    for second in range(seconds):
        slow = 400 if second >= sick_from else 0
        spans = [
            span(second + i / 10, 20 * chance.lognormvariate(0, 0.2) + slow, f"s{second}-{i}")
            for i in range(8)
        ]
        applied = Applied(seq=second, door="otlp_traces", outcome=Outcome.STORED, rows=8)
        items.append((applied, batch(spans=spans)))
    telemetry.write(items, recorded_ns=T0)
    return telemetry


def room(seconds: float):
    return make_room(state=MemoryState(), graph=Graph(), clock=ManualClock(at(seconds)))


def test_the_sick_state_is_not_taken_as_normal():
    started = room(200)
    warmed = started.warm(record(198, sick_from=170))
    assert warmed.rows == 198 * 8
    assert warmed.frames >= 37
    assert started.detector.in_band(CART, "latency_p95")[0] is False


def test_an_empty_record_and_one_from_long_ago_teach_nothing():
    started = room(10)
    assert started.warm(MemoryTelemetry()).frames == 0
    later = room(WARM_NS / SECOND + 400)
    assert later.warm(record(100, sick_from=1000)).rows == 0


def test_what_was_learned_from_is_not_counted_twice_when_it_arrives_again():
    started = room(200)
    telemetry = record(198, sick_from=1000)
    started.warm(telemetry)
    late = started.builder.stats.late
    started.inbox.accept(batch(spans=[span(150, 20, "again")]))
    started.builder.close(at(202))
    assert started.builder.stats.late == late + 1
