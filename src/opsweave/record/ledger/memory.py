"""The ledger's memory twin: the same promises, without a disk."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import Future

import msgspec

from opsweave.kernel.ids import DEFAULT_TENANT
from opsweave.record.ledger.port import LedgerRecord, Receipt
from opsweave.record.ledger.recent import Recent


class MemoryLedger:
    """Keeps records in a list. For tests and replays."""

    def __init__(self) -> None:
        self._records: list[LedgerRecord] = []
        self._recent = Recent()
        self._duplicates: dict[int, int] = {}
        self._arrived = threading.Condition()
        self._first = 0

    def append(
        self,
        *,
        door: str,
        content_type: str,
        body: bytes,
        received_ns: int,
        token: str = "",
        tenant: str = DEFAULT_TENANT,
        headers: dict[str, str] | None = None,
    ) -> Receipt:
        """Keep a record; a duplicate is kept without its body."""
        sha = hashlib.sha256(body).hexdigest()
        with self._arrived:
            seq = self.next_seq()
            twin = self._recent.find((door, token, sha), received_ns)
            if twin is None:
                self._recent.add((door, token, sha), seq, received_ns)
            else:
                self._duplicates[seq] = twin
            record = LedgerRecord(
                seq=seq,
                door=door,
                received_ns=received_ns,
                content_type=content_type,
                body=body if twin is None else b"",
                token=token,
                tenant=tenant,
                headers=headers or {},
                sha256=sha,
            )
            self._records.append(record)
            self._arrived.notify_all()
        return Receipt(seq=seq, duplicate_of=twin)

    def append_async(
        self,
        *,
        door: str,
        content_type: str,
        body: bytes,
        received_ns: int,
        token: str = "",
        tenant: str = DEFAULT_TENANT,
        headers: dict[str, str] | None = None,
    ) -> Future[Receipt]:
        """The same as a future that is done."""
        done: Future[Receipt] = Future()
        done.set_result(
            self.append(
                door=door,
                content_type=content_type,
                body=body,
                received_ns=received_ns,
                token=token,
                tenant=tenant,
                headers=headers,
            )
        )
        return done

    def read(self, from_seq: int = 0, *, limit: int | None = None) -> Iterator[LedgerRecord]:
        """Records in order."""
        start = max(0, from_seq - self._first)
        stop = None if limit is None else start + limit
        yield from self._records[start:stop]

    def wait(self, seq: int, timeout_s: float) -> bool:
        """Block until a record with this number is there."""
        with self._arrived:
            return self._arrived.wait_for(lambda: self.next_seq() > seq, timeout_s)

    def duplicate_of(self, seq: int) -> int | None:
        """The earlier record with the same body."""
        return self._duplicates.get(seq)

    def first_seq(self) -> int:
        """The oldest record still held."""
        return self._first

    def next_seq(self) -> int:
        """The number that the next record will get."""
        return self._first + len(self._records)

    def verify(self) -> tuple[int, tuple[str, ...]]:
        """Memory does not rot."""
        return len(self._records), ()

    def bytes_held(self) -> int:
        """Size of all bodies and headers."""
        return sum(len(msgspec.msgpack.encode(record)) for record in self._records)

    def drop_before(self, seq: int) -> int:
        """Forget records before ``seq``."""
        gone = max(0, min(seq - self._first, len(self._records)))
        del self._records[:gone]
        self._first += gone
        return int(gone > 0)

    def close(self) -> None:
        """Nothing to do."""
