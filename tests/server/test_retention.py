"""The record stays bounded, and its arithmetic still covers everything ever received."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from opsweave.graph import Graph
from opsweave.kernel.clock import SECOND, ManualClock
from opsweave.kernel.errors import RejectInput, RetryLater
from opsweave.record.folder import DataFolder
from opsweave.record.ledger import SegmentLedger
from opsweave.record.state import MemoryState
from opsweave.record.telemetry import DuckDBTelemetry
from opsweave.record.telemetry.sealed import Keep
from opsweave.server.counts import counts
from opsweave.server.retention import Retention, read_dropped
from opsweave.server.retention_policy import load_retention
from opsweave.server.settings import DAY_S, UpSettings
from opsweave.server.upkeep import FIRST_RETENTION_S, Upkeep
from opsweave.server.vitals import Vitals
from opsweave.testing.telemetry import applied, points

N = 40
DAY = 86_400 * SECOND


class Rig:
    def __init__(self, root: Path) -> None:
        self.clock = ManualClock()
        self.folder = DataFolder(root)
        self.ledger = SegmentLedger(self.folder.ledger, segment_bytes=10_000)
        self.telemetry = DuckDBTelemetry(self.folder.telemetry)
        self.settings = UpSettings(data=root, keep_days=2, ledger_days=1)
        self.retention = Retention(
            self.folder, self.ledger, self.telemetry, self.settings, self.clock
        )

    def receive(self, n: int, *, apply: bool = True) -> None:
        for _ in range(n):
            now = self.clock.advance(1)
            receipt = self.ledger.append(
                door="webhook:x",
                content_type="text/plain",
                body=f"{now}".encode() * 60,
                received_ns=now,
            )
            if apply:
                self.telemetry.write(
                    [(applied(receipt.seq), points(1, first_ts=now))], recorded_ns=now
                )

    def counts(self) -> dict[str, int]:
        found = counts(self.ledger, self.telemetry, read_dropped(self.folder.ledger))
        return {name: getattr(found, name) for name in ("received", "stored", "pending", "lost")}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path / "data")
    yield made
    made.ledger.close()
    made.telemetry.close()


def test_nothing_young_is_touched(rig: Rig) -> None:
    rig.receive(N)
    kept = rig.retention.run()
    assert (kept.rows, kept.segments) == (0, 0)


def test_old_segments_go_and_their_counts_stay(rig: Rig) -> None:
    rig.receive(N)
    rig.clock.advance(1.5 * DAY_S)
    rig.receive(2)
    kept = rig.retention.run()
    assert kept.segments > 0
    assert kept.rows == 0, "telemetry is kept longer here"
    assert rig.ledger.first_seq() > 0
    assert rig.counts() == {"received": N + 2, "stored": N + 2, "pending": 0, "lost": 0}
    assert rig.retention.run().segments == 0


def test_old_rows_go(rig: Rig) -> None:
    rig.receive(N)
    rig.clock.advance(3 * DAY_S)
    rig.receive(1)
    assert rig.retention.run().rows == N
    assert rig.telemetry.query("select count(*) as n from points") == {"n": [1]}


def test_what_is_not_applied_is_never_dropped(rig: Rig) -> None:
    rig.receive(3)
    rig.receive(N, apply=False)
    rig.clock.advance(9 * DAY_S)
    rig.retention.run()
    assert rig.ledger.first_seq() <= 3
    assert rig.ledger.wait(N + 3, 5), "that the three old points went is an event"
    assert rig.counts() == {"received": N + 4, "stored": 3, "pending": N + 1, "lost": 0}


def test_a_rebuild_after_a_drop_counts_everything_once(rig: Rig) -> None:
    rig.receive(N)
    rig.clock.advance(1.5 * DAY_S)
    rig.receive(2)
    rig.retention.run()
    rig.telemetry.close()
    for path in rig.folder.root.glob("telemetry.duckdb*"):
        path.unlink()
    rig.telemetry = DuckDBTelemetry(rig.folder.telemetry)
    assert rig.telemetry.next_seq() == N, "what is sealed is there"
    assert rig.counts() == {"received": N + 2, "stored": N, "pending": 2, "lost": 0}
    for record in rig.ledger.read(0):
        rig.telemetry.write([(applied(record.seq), points(1))], recorded_ns=1)
    assert rig.counts() == {"received": N + 2, "stored": N + 2, "pending": 0, "lost": 0}
    assert rig.telemetry.query("select count(*) as n from points") == {"n": [N + 2]}


def test_only_the_newest_quarantines_stay(rig: Rig) -> None:
    for n in range(5):
        (rig.folder.quarantine / f"telemetry-{1000 + n}").mkdir(parents=True)
    assert rig.retention.run().quarantines == 2
    left = sorted(path.name for path in rig.folder.quarantine.iterdir())
    assert left == ["telemetry-1002", "telemetry-1003", "telemetry-1004"]


def test_size_bounds_the_ledger(rig: Rig) -> None:
    rig.receive(N)
    until = rig.ledger.expired_before(oldest_ns=0, max_bytes=rig.ledger.bytes_held() // 2)
    assert 0 < until < N
    assert rig.ledger.expired_before(oldest_ns=0, max_bytes=1 << 30) == 0


def test_nothing_is_dropped_before_it_is_sealed(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.receive(N)
    rig.clock.advance(1.5 * DAY_S)
    rig.receive(2)
    with monkeypatch.context() as patched:
        patched.setattr(rig.telemetry.sealer, "step", lambda _: None)
        assert rig.retention.run().segments == 0
        assert rig.ledger.first_seq() == 0
    assert rig.retention.trim() > 0


def test_a_ledger_that_is_too_large_has_young_records_sealed(rig: Rig) -> None:
    rig.receive(N)
    small = msgspec.structs.replace(rig.settings, ledger_mb=0)
    rig.retention = Retention(rig.folder, rig.ledger, rig.telemetry, small, rig.clock)
    assert rig.retention.trim() > 0
    assert 0 < rig.telemetry.sealed_until() < N, "and no more of them than it needs"
    assert rig.counts() == {"received": N, "stored": N, "pending": 0, "lost": 0}


def full(*_: object) -> None:
    raise RetryLater("the telemetry store cannot write: no space left")


def test_a_full_disk_is_relieved_though_nothing_can_be_sealed(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.receive(N)
    rig.clock.advance(0.5 * DAY_S)
    rig.receive(1)
    assert rig.retention.run().segments == 0
    rig.clock.advance(3 * DAY_S)
    rig.receive(1)
    held = rig.ledger.bytes_held()
    monkeypatch.setattr(rig.telemetry.sealer, "step", full)
    with pytest.raises(RetryLater):
        rig.retention.run()
    assert rig.ledger.bytes_held() < held
    assert rig.counts()["lost"] == 0


def said(rig: Rig) -> list[dict[str, Any]]:
    """Events that the record wrote of itself."""
    found = [r for r in rig.ledger.read(0) if r.door == "webhook:opsweave"]
    return [msgspec.json.decode(record.body) for record in found]


def test_what_went_is_said_with_how_much_and_why(rig: Rig) -> None:
    rig.receive(N)
    rig.clock.advance(3 * DAY_S)
    rig.receive(1)
    rig.retention.run()
    assert rig.ledger.wait(N + 1, 5)
    (event,) = said(rig)
    assert event["type"] == "opsweave.retention.dropped"
    assert (event["table"], event["rows"], event["tenant"]) == ("points", N, "default")
    assert "older than 2 days" in event["why"]
    assert "five-minute values are kept" in event["message"]
    assert rig.telemetry.query("select sum(count) as n from points_5m") == {"n": [N]}


def test_a_policy_rules_each_signal_and_tenant(tmp_path: Path) -> None:
    path = tmp_path / "retention.yaml"
    path.write_text("""
live_hours: 1
signals: {logs: {days: 3, mb: 7}, points_5m: {days: 0}}
tenants: {acme: {logs: {days: 1}}}
""")
    policy = load_retention(path)
    keep = partial(policy.keep, keep_days=5)
    assert keep("logs", "default") == Keep(age_ns=3 * DAY, size=7 << 20)
    assert keep("logs", "acme") == Keep(age_ns=DAY, size=7 << 20)
    assert keep("spans", "acme").age_ns == 5 * DAY
    assert keep("points_5m", "acme").age_ns == 0
    assert keep("applied", "acme").age_ns == 30 * DAY
    assert policy.closing(7, 3).live_ns == 3600 * SECOND
    assert load_retention(tmp_path / "none.yaml").keep("logs", "x", keep_days=2).age_ns == 2 * DAY


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("signals: {logs: {day: 3}}", "signals.logs"),
        ("live_hours: 0", "live_hours"),
        ("tenants: {a: {logs: {days: -1}}}", "tenants"),
    ],
)
def test_a_wrong_policy_names_its_field(tmp_path: Path, text: str, field: str) -> None:
    path = tmp_path / "retention.yaml"
    path.write_text(text)
    with pytest.raises(RejectInput, match=r"storage\.md") as caught:
        load_retention(path)
    assert field in caught.value.field


class FakeRetention:
    def __init__(self) -> None:
        self.calls: list[str] = []
        self.full = False

    def run(self) -> None:
        self.calls.append("run")
        if self.full:
            raise RetryLater("no space left")

    def trim(self) -> None:
        self.calls.append("trim")

    def refill(self) -> None:
        self.calls.append("refill")


def test_a_retention_that_failed_is_tried_again_soon_and_the_ledger_looked_at_often() -> None:
    retention: Any = FakeRetention()
    upkeep = Upkeep(
        graph=Graph(),
        state=MemoryState(),
        retention=retention,
        vitals=Vitals(),
        clock=ManualClock(),
    )
    began = time.monotonic() + FIRST_RETENTION_S + 1
    retention.full = True
    with pytest.raises(RetryLater):
        upkeep._retain(began)
    retention.full = False
    for minute in range(1, 5):
        upkeep._retain(began + minute * FIRST_RETENTION_S)
    assert retention.calls == ["run", "run", "trim", "trim", "trim"]
