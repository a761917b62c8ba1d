"""The ledger's contract over both backends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from opsweave.record.ledger import MemoryLedger, SegmentLedger
from opsweave.testing.ledger import LedgerContract


class TestMemoryLedger(LedgerContract):
    @pytest.fixture
    def ledger(self) -> MemoryLedger:
        return MemoryLedger()


class TestSegmentLedger(LedgerContract):
    @pytest.fixture
    def ledger(self, tmp_path: Path) -> Iterator[SegmentLedger]:
        ledger = SegmentLedger(tmp_path / "ledger")
        yield ledger
        ledger.close()
