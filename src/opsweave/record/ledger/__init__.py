"""Raw payloads on disk before anything is acknowledged; replayable, checksummed, bounded."""

from opsweave.record.ledger.memory import MemoryLedger
from opsweave.record.ledger.port import Counts, Ledger, LedgerRecord, Outcome, Receipt
from opsweave.record.ledger.segments import SegmentLedger

__all__ = [
    "Counts",
    "Ledger",
    "LedgerRecord",
    "MemoryLedger",
    "Outcome",
    "Receipt",
    "SegmentLedger",
]
