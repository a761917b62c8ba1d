"""The pump: outcomes, order, back-off, poison, replay."""

from __future__ import annotations

from pathlib import Path

import pytest

from opsweave.integrations.cloudevents import mock as events
from opsweave.integrations.contract import Parsed
from opsweave.integrations.discover import parsers
from opsweave.integrations.otlp import mock as otlp
from opsweave.kernel.clock import ManualClock
from opsweave.kernel.errors import RetryLater
from opsweave.record.ledger.port import LedgerRecord
from opsweave.server.counts import counts
from opsweave.server.pump import Pump, PumpSettings
from opsweave.testing.doors import DoorRig, FailingLedger, FailingTelemetry

PROTOBUF = "application/x-protobuf"


@pytest.fixture
def rig(tmp_path: Path) -> DoorRig:
    return DoorRig(tmp_path)


def put(rig: DoorRig, door: str, body: bytes, content_type: str = PROTOBUF) -> int:
    return rig.ledger.append(
        door=door, content_type=content_type, body=body, received_ns=rig.clock.now_ns()
    ).seq


def test_every_record_has_one_outcome(rig: DoorRig) -> None:
    put(rig, "otlp_metrics", otlp.metrics())
    put(rig, "otlp_metrics", otlp.metrics())
    put(rig, "otlp_logs", b"\xff")
    put(rig, "webhook:ci", b"no json")
    put(rig, "nobody", b"")
    put(rig, "otlp_traces", otlp.spans())
    assert rig.pump.step() == 6
    assert rig.pump.step() == 0
    after = counts(rig.ledger, rig.telemetry)
    assert (after.stored, after.deduplicated, after.refused, after.generic) == (2, 1, 2, 1)
    assert after.received == 6
    assert after.lost == after.pending == 0
    assert [record.seq for _, record in rig.delivered] == [0, 3, 5]


def test_what_has_not_been_looked_at_is_pending(rig: DoorRig) -> None:
    put(rig, "otlp_metrics", otlp.metrics())
    assert counts(rig.ledger, rig.telemetry).pending == 1


def test_a_generic_event_keeps_what_was_sent(rig: DoorRig) -> None:
    seq = put(rig, "webhook:ci", b"hello")
    rig.pump.step()
    ((parsed, _),) = rig.delivered
    (event,) = parsed.events
    assert event.generic
    assert event.ledger_seq == seq
    assert event.body == {"text": "hello"}
    columns = rig.telemetry.query("select id, generic from events")
    assert columns == {"id": [event.id], "generic": [True]}


def test_a_full_disk_is_waited_for(rig: DoorRig) -> None:
    put(rig, "otlp_metrics", otlp.metrics())
    rig.telemetry.full = True
    with pytest.raises(RetryLater):
        rig.pump.step()
    assert not rig.delivered
    rig.telemetry.full = False
    assert rig.pump.step() == 1
    assert len(rig.delivered) == 1


def test_one_poisonous_record_does_not_stop_the_others(rig: DoorRig) -> None:
    for index in range(3):
        put(rig, "otlp_metrics", otlp.metrics(now=otlp.NOW + index))
    rig.telemetry.poison = {1}
    assert rig.pump.step() == 3
    after = counts(rig.ledger, rig.telemetry)
    assert (after.stored, after.refused, after.lost) == (2, 1, 0)
    assert "store refused" in rig.applied(1)["reason"]


def test_facts_that_could_not_be_delivered_come_again_in_order() -> None:
    ledger, telemetry, seen = FailingLedger(), FailingTelemetry(), []
    failing = [1]

    def sink(_: Parsed, record: LedgerRecord) -> None:
        if record.seq in failing:
            failing.clear()
            raise RetryLater("the state store is full")
        seen.append(record.seq)

    pump = Pump(
        ledger=ledger, telemetry=telemetry, parsers=parsers(), sink=sink, clock=ManualClock()
    )
    for index in range(3):
        ledger.append(
            door="otlp_metrics",
            content_type=PROTOBUF,
            body=otlp.metrics(now=otlp.NOW + index),
            received_ns=1,
        )
    with pytest.raises(RetryLater):
        pump.step()
    pump.step()
    assert seen == [0, 1, 2]


def test_a_broken_sink_is_counted_and_passed(rig: DoorRig) -> None:
    def sink(_: Parsed, record: LedgerRecord) -> None:
        raise KeyError(record.seq)

    pump = Pump(
        ledger=rig.ledger,
        telemetry=rig.telemetry,
        parsers=parsers(),
        sink=sink,
        clock=rig.clock,
    )
    put(rig, "otlp_metrics", otlp.metrics())
    assert pump.step() == 1
    assert pump.status().failures == 1


def test_after_a_crash_the_last_facts_are_delivered_again(rig: DoorRig) -> None:
    put(rig, "events", events.body(events.cdevent()), "application/cloudevents+json")
    rig.pump.step()
    seen: list[int] = []
    again = Pump(
        ledger=rig.ledger,
        telemetry=rig.telemetry,
        parsers=parsers(),
        sink=lambda _, record: seen.append(record.seq),
        clock=rig.clock,
    )
    assert again.recover() == 1
    assert seen == [0]
    assert again.step() == 0


def test_batches_are_bounded_by_bytes(rig: DoorRig) -> None:
    pump = Pump(
        ledger=rig.ledger,
        telemetry=rig.telemetry,
        parsers=parsers(),
        sink=lambda parsed, record: None,
        clock=rig.clock,
        settings=PumpSettings(max_bytes=1),
    )
    for index in range(3):
        put(rig, "otlp_metrics", otlp.metrics(now=otlp.NOW + index))
    assert [pump.step(), pump.step(), pump.step(), pump.step()] == [1, 1, 1, 0]


def test_replay_after_a_fix(rig: DoorRig) -> None:
    broken = dict(parsers())
    del broken["otlp_metrics"]
    pump = Pump(
        ledger=rig.ledger,
        telemetry=rig.telemetry,
        parsers=broken,
        sink=lambda parsed, record: None,
        clock=rig.clock,
    )
    put(rig, "otlp_metrics", otlp.metrics())
    put(rig, "otlp_metrics", b"\xff")
    put(rig, "webhook:ci", b"x")
    pump.step()
    assert counts(rig.ledger, rig.telemetry).refused == 2
    fixed = Pump(
        ledger=rig.ledger,
        telemetry=rig.telemetry,
        parsers=parsers(),
        sink=lambda parsed, record: rig.delivered.append((parsed, record)),
        clock=rig.clock,
    )
    result = fixed.replay(reason="no integration reads")
    assert (result.tried, result.now_stored, list(result.still)) == (2, 1, [1])
    after = counts(rig.ledger, rig.telemetry)
    assert (after.stored, after.refused, after.generic, after.lost) == (1, 1, 1, 0)
    assert [record.seq for _, record in rig.delivered] == [0]
    assert fixed.replay([2]).tried == 1
    assert fixed.replay([0]).tried == 0


def test_the_thread_stops_when_asked(rig: DoorRig) -> None:
    rig.pump.start()
    put(rig, "otlp_metrics", otlp.metrics())
    rig.pump.wake()
    rig.pump.stop()
    assert not rig.pump.status().alive
