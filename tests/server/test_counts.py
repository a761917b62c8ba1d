"""The arithmetic holds at every moment, also while the pump is at work between two questions."""

import pytest

from opsweave.record.ledger import MemoryLedger
from opsweave.record.telemetry import MemoryTelemetry
from opsweave.record.telemetry.schema import Batch
from opsweave.server.counts import counts
from opsweave.testing.telemetry import applied


class Busy(MemoryTelemetry):
    """One more record is applied before and after each answer."""

    def _work(self):
        seq = super().next_seq()
        self.write([(applied(seq), Batch())], recorded_ns=1)

    def next_seq(self):
        self._work()
        answer = super().next_seq()
        self._work()
        return answer

    def applied(self, **limits):
        self._work()
        answer = super().applied(**limits)
        self._work()
        return answer


@pytest.fixture
def ledger():
    ledger = MemoryLedger()
    for n in range(20):
        ledger.append(door="otlp_logs", content_type="", body=b"%d" % n, received_ns=1)
    return ledger


def test_what_is_applied_meanwhile_is_pending_and_never_lost(ledger):
    telemetry = Busy()
    for _ in range(3):
        found = counts(ledger, telemetry)
        assert (found.received, found.lost) == (20, 0)
        assert found.stored + found.pending == 20


def test_a_gap_is_lost(ledger):
    telemetry = MemoryTelemetry()
    telemetry.write([(applied(n), Batch()) for n in range(20) if n != 7], recorded_ns=1)
    assert counts(ledger, telemetry).lost == 1
