"""The arithmetic of the ledger: what was received, and what became of it."""

from __future__ import annotations

from opsweave.record.ledger.port import Counts, Ledger, Outcome
from opsweave.record.telemetry.port import TelemetryStore
from opsweave.server.retention import Dropped


def counts(ledger: Ledger, telemetry: TelemetryStore, dropped: Dropped | None = None) -> Counts:
    """Per payload; ``lost`` is what was applied too little or too often, and must be 0.

    What is applied meanwhile still counts as pending, and so does what arrives: how far the
    telemetry is gets asked first and bounds what is counted, the ledger is asked last.
    """
    dropped = dropped or Dropped()
    applied_until = max(telemetry.next_seq(), dropped.until_seq)
    applied = telemetry.applied(from_seq=dropped.until_seq, to_seq=applied_until)
    received = ledger.next_seq()
    by_outcome = {
        outcome: applied.get(outcome.value, 0) + dropped.outcomes.get(outcome.value, 0)
        for outcome in Outcome
    }
    pending = max(0, received - applied_until) + by_outcome[Outcome.PENDING]
    total = sum(by_outcome.values()) - by_outcome[Outcome.PENDING] + pending
    return Counts(
        received=received,
        stored=by_outcome[Outcome.STORED],
        deduplicated=by_outcome[Outcome.DEDUPLICATED],
        generic=by_outcome[Outcome.GENERIC],
        refused=by_outcome[Outcome.REFUSED],
        pending=pending,
        lost=received - total,
    )
