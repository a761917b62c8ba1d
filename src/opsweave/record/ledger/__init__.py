"""Raw payloads on disk before anything is acknowledged; replayable, checksummed, bounded."""

from opsweave.record.ledger.port import Counts, Ledger, LedgerRecord, Outcome, Receipt

__all__ = ["Counts", "Ledger", "LedgerRecord", "Outcome", "Receipt"]
