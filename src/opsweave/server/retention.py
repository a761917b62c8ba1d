"""The record stays bounded: closed telemetry is sealed, then the ledger may let go of it.

A ledger segment is dropped once all it held is in sealed files. What its records came to is noted
beside the segments first, so that the arithmetic still covers every payload ever received.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from opsweave.kernel.clock import SECOND, Clock
from opsweave.record.folder import DataFolder, write_private
from opsweave.record.ledger import SegmentLedger
from opsweave.record.telemetry import DuckDBTelemetry
from opsweave.record.telemetry.sealed import Keep
from opsweave.server import notices
from opsweave.server.retention_policy import RetentionPolicy
from opsweave.server.settings import DAY_S, MIB, UpSettings

log = logging.getLogger("opsweave.retention")
QUARANTINES_KEPT = 3
SLICE_S = 10.0
"""Time for sealing in one round; what is left is done in the next."""
REFILL_S = 1.0
SCRUB_BYTES = 16 << 20
"""Of sealed files, read in each round to compare their checksums ..."""
SCRUB_S = 6 * 3600.0
"""... until all were, and so often from the first one again."""
Refill = Callable[[int, int], int]
"""Applies ledger records again, from one to before the other; returns where it stopped."""


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
        *,
        policy: RetentionPolicy | None = None,
        refill: Refill | None = None,
    ) -> None:
        self._folder, self._ledger, self._telemetry = folder, ledger, telemetry
        self._settings, self._clock = settings, clock
        self._policy, self._refill = policy or RetentionPolicy(), refill
        self._scrub_again = 0.0

    def run(self) -> Kept:
        """Raises RetryLater when a store cannot be written now."""
        # On a full disk nothing can be sealed or rewritten: what frees room comes first.
        quarantines, segments = self._quarantines(), self._drop_segments()
        segments += self.trim()
        kept = Kept(rows=self._expire(), segments=segments, quarantines=quarantines)
        if kept != Kept():
            log.info("retention removed %s", msgspec.to_builtins(kept))
        return kept

    def trim(self) -> int:
        """Seal what is due, let the ledger go of it: cheap when nothing is, so it can run often."""
        gone = self._drop_segments()
        self._scrub()
        self._seal()
        return gone + self._drop_segments()

    def refill(self) -> None:
        """Apply again, for a moment, what was lost with a damaged sealed file."""
        scrub, end = self._telemetry.scrub, time.monotonic() + REFILL_S
        while scrub.missing and self._refill is not None and time.monotonic() < end:
            first, until = scrub.missing[0]
            scrub.reached(self._refill(first, until))

    # -- sealing ----------------------------------------------------------------------------------

    def _seal(self) -> None:
        now, end = self._clock.now_ns(), time.monotonic() + SLICE_S
        closing = self._policy.closing(now, self._ledger_begins(now))
        while segment := self._telemetry.sealer.step(closing):
            log.info(
                "records %d to %d are sealed: %d rows, %d bytes",
                segment.first,
                segment.until - 1,
                sum(file.rows for file in segment.files),
                sum(file.size for file in segment.files),
            )
            if time.monotonic() > end:
                break

    def _scrub(self) -> None:
        scrub, now = self._telemetry.scrub, self._clock.now_ns()
        if not scrub.through or time.monotonic() >= self._scrub_again:
            if scrub.through:
                self._scrub_again = time.monotonic() + SCRUB_S
            scrub.check(SCRUB_BYTES)
        for mended in scrub.mend(
            self._folder.quarantine, ledger_first=self._ledger.first_seq(), now_ns=now
        ):
            notices.damaged(self._ledger, mended, now)

    # -- the ledger -------------------------------------------------------------------------------

    def _ledger_begins(self, now: int) -> int:
        """Where the ledger should begin by its age and size."""
        return self._ledger.expired_before(
            oldest_ns=now - int(self._settings.ledger_days * DAY_S * SECOND),
            max_bytes=self._settings.ledger_mb * MIB,
        )

    def _drop_segments(self) -> int:
        # What is not sealed yet is never dropped: the ledger is what it is rebuilt from.
        until = min(self._ledger_begins(self._clock.now_ns()), self._telemetry.sealed_until())
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
        return self._ledger.drop_before(until)

    # -- expiry -----------------------------------------------------------------------------------

    def _expire(self) -> int:
        """Drop, or reduce to five-minute values, what is too old or too much; how many rows."""
        now, total = self._clock.now_ns(), notices.Total()
        counted, expiry = read_dropped(self._folder.ledger).until_seq, self._telemetry.expiry
        try:
            for gone in iter(lambda: expiry.step(self._keep, now, counted_until=counted), None):
                total.add(gone)
        finally:
            notices.expired(self._ledger, total, now)
        return total.rows

    def _keep(self, table: str, tenant: str) -> Keep:
        return self._policy.keep(table, tenant, keep_days=self._settings.keep_days)

    def _quarantines(self) -> int:
        old: list[Path] = []
        for kind in ("telemetry-*", "sealed-*"):
            old += sorted(self._folder.quarantine.glob(kind))[:-QUARANTINES_KEPT]
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
