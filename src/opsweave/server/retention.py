"""The record stays bounded: old telemetry is forgotten, old ledger segments are dropped.

What the dropped records came to is noted beside the segments first, so that the ledger's
arithmetic still covers every payload ever received.
"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import msgspec

from opsweave.kernel.clock import SECOND, Clock
from opsweave.record.folder import DataFolder, write_private
from opsweave.record.ledger import SegmentLedger
from opsweave.record.telemetry import DuckDBTelemetry
from opsweave.server.settings import DAY_S, MIB, UpSettings

log = logging.getLogger("opsweave.retention")
QUARANTINES_KEPT = 3


class Dropped(msgspec.Struct, frozen=True, kw_only=True):
    """Records before ``until_seq`` are no longer in the ledger; what became of them, counted."""

    until_seq: int = 0
    outcomes: dict[str, int] = {}


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What one round of retention removed."""

    rows: int = 0
    segments: int = 0
    quarantines: int = 0


class Retention:
    """``run`` does one round; safe at any moment, and after a crash at any point in it."""

    def __init__(
        self,
        folder: DataFolder,
        ledger: SegmentLedger,
        telemetry: DuckDBTelemetry,
        settings: UpSettings,
        clock: Clock,
    ) -> None:
        self._folder, self._ledger, self._telemetry = folder, ledger, telemetry
        self._settings, self._clock = settings, clock

    def run(self) -> Kept:
        """Raises RetryLater when a store cannot be written now."""
        # On a full disk telemetry cannot even delete: what frees room comes first.
        quarantines, segments = self._quarantines(), self.trim()
        oldest = self._clock.now_ns() - int(self._settings.keep_days * DAY_S * SECOND)
        rows = self._telemetry.drop_before(oldest)
        kept = Kept(rows=rows, segments=segments, quarantines=quarantines)
        if kept != Kept():
            log.info("retention removed %s", msgspec.to_builtins(kept))
        return kept

    def trim(self) -> int:
        """Drop ledger segments that are too old or too much: cheap, so that it can run often."""
        return self._segments(self._clock.now_ns())

    def _segments(self, now: int) -> int:
        # What is not applied yet is never dropped: the ledger is its only home.
        until = min(
            self._ledger.expired_before(
                oldest_ns=now - int(self._settings.ledger_days * DAY_S * SECOND),
                max_bytes=self._settings.ledger_mb * MIB,
            ),
            self._telemetry.next_seq(),
        )
        before = read_dropped(self._folder.ledger)
        if until <= before.until_seq:
            return 0
        outcomes = dict(before.outcomes)
        span = self._telemetry.applied(from_seq=before.until_seq, to_seq=until)
        for outcome, n in span.items():
            outcomes[outcome] = outcomes.get(outcome, 0) + n
        write_private(
            _note(self._folder.ledger),
            msgspec.json.encode(Dropped(until_seq=until, outcomes=outcomes)),
        )
        gone = self._ledger.drop_before(until)
        self._telemetry.forget_applied(until)
        return gone

    def _quarantines(self) -> int:
        found = sorted(self._folder.quarantine.glob("telemetry-*"))
        old = found[:-QUARANTINES_KEPT]
        for folder in old:
            shutil.rmtree(folder, ignore_errors=True)
        return len(old)


def _note(ledger: Path) -> Path:
    return ledger / "dropped.json"


def read_dropped(ledger: Path) -> Dropped:
    """What was dropped so far from the ledger in this folder."""
    try:
        return msgspec.json.decode(_note(ledger).read_bytes(), type=Dropped)
    except FileNotFoundError:
        return Dropped()
