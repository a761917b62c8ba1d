"""What every ledger must do. Subclass and provide the fixture ``ledger``."""

from __future__ import annotations

from opsweave.record.ledger.port import Ledger, Receipt

DAY_NS = 86_400 * 1_000_000_000


class LedgerContract:
    """Behaviour shared by all backends."""

    @staticmethod
    def put(
        ledger: Ledger, body: bytes, *, door: str = "d", token: str = "t", at: int = 1
    ) -> Receipt:
        """Append one body."""
        return ledger.append(
            door=door, content_type="text/plain", body=body, received_ns=at, token=token
        )

    def test_records_come_back_in_order_with_what_was_given(self, ledger: Ledger) -> None:
        seqs = [self.put(ledger, b"body %d" % n).seq for n in range(10)]
        assert seqs == list(range(10))
        records = list(ledger.read(3, limit=4))
        assert [r.seq for r in records] == [3, 4, 5, 6]
        assert records[0].body == b"body 3"
        assert (records[0].door, records[0].token) == ("d", "t")

    def test_a_retry_is_counted_and_keeps_no_second_body(self, ledger: Ledger) -> None:
        first = self.put(ledger, b"same")
        again = self.put(ledger, b"same", at=2)
        assert again.duplicate_of == first.seq == ledger.duplicate_of(again.seq)
        assert ledger.next_seq() == 2
        assert [r.body for r in ledger.read()] == [b"same", b""]

    def test_another_door_another_token_or_another_day_is_no_retry(self, ledger: Ledger) -> None:
        self.put(ledger, b"same")
        assert self.put(ledger, b"same", door="e").duplicate_of is None
        assert self.put(ledger, b"same", token="u").duplicate_of is None
        assert self.put(ledger, b"same", at=DAY_NS + 2).duplicate_of is None

    def test_waiting_ends_when_a_record_is_there(self, ledger: Ledger) -> None:
        assert not ledger.wait(0, 0.01)
        self.put(ledger, b"x")
        assert ledger.wait(0, 0.01)

    def test_everything_verifies(self, ledger: Ledger) -> None:
        for n in range(5):
            self.put(ledger, b"%d" % n)
        assert ledger.verify() == (5, ())
