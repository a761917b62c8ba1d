"""The record stays bounded, and its arithmetic still covers everything ever received."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from opsweave.kernel.clock import ManualClock
from opsweave.record.folder import DataFolder
from opsweave.record.ledger import SegmentLedger
from opsweave.record.telemetry import DuckDBTelemetry
from opsweave.server.counts import counts
from opsweave.server.retention import Retention, read_dropped
from opsweave.server.settings import DAY_S, UpSettings
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
