"""The record stays bounded, and its arithmetic still covers everything ever received."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from opsweave.graph import Graph
from opsweave.kernel.clock import ManualClock
from opsweave.kernel.errors import RetryLater
from opsweave.record.folder import DataFolder
from opsweave.record.ledger import SegmentLedger
from opsweave.record.state import MemoryState
from opsweave.record.telemetry import DuckDBTelemetry
from opsweave.server.counts import counts
from opsweave.server.retention import Retention, read_dropped
from opsweave.server.settings import DAY_S, UpSettings
from opsweave.server.upkeep import FIRST_RETENTION_S, Upkeep
from opsweave.server.vitals import Vitals
from opsweave.testing.telemetry import applied, points

N = 40


class Rig:
    def __init__(self, root: Path) -> None:
        self.clock = ManualClock()
        self.folder = DataFolder(root)
        self.ledger = SegmentLedger(self.folder.ledger, segment_bytes=10_000)
        self.telemetry = DuckDBTelemetry(self.folder.telemetry)
        settings = UpSettings(data=root, keep_days=2, ledger_days=1)
        self.retention = Retention(self.folder, self.ledger, self.telemetry, settings, self.clock)

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
    assert rig.counts() == {"received": N + 3, "stored": 3, "pending": N, "lost": 0}


def test_a_rebuild_after_a_drop_counts_everything_once(rig: Rig) -> None:
    rig.receive(N)
    rig.clock.advance(1.5 * DAY_S)
    rig.receive(2)
    rig.retention.run()
    empty = DuckDBTelemetry(rig.folder.root / "fresh.duckdb")
    dropped = read_dropped(rig.folder.ledger)
    before = counts(rig.ledger, empty, dropped)
    assert (before.received, before.pending + before.stored, before.lost) == (N + 2, N + 2, 0)
    for record in rig.ledger.read(0):
        empty.write([(applied(record.seq), points(1))], recorded_ns=1)
    after = counts(rig.ledger, empty, dropped)
    assert (after.stored, after.pending, after.lost) == (N + 2, 0, 0)
    empty.close()


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


def test_a_full_disk_is_relieved_though_telemetry_cannot_be_written(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> int:
        raise RetryLater("the telemetry store cannot write: no space left")

    rig.receive(N)
    rig.clock.advance(3 * DAY_S)
    rig.receive(2)
    held = rig.ledger.bytes_held()
    monkeypatch.setattr(rig.telemetry, "drop_before", full)
    with pytest.raises(RetryLater):
        rig.retention.run()
    assert rig.ledger.bytes_held() < held
    assert rig.counts()["lost"] == 0
    assert rig.retention.trim() == 0


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
