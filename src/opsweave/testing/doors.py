"""For tests of doors: a ledger and a telemetry store in memory, and a whole app over them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from litestar import Litestar

from opsweave.integrations.contract import Parsed
from opsweave.integrations.discover import parsers
from opsweave.kernel.clock import ManualClock
from opsweave.kernel.errors import RetryLater
from opsweave.kernel.ids import DEFAULT_TENANT
from opsweave.record.ledger.port import LedgerRecord, Receipt
from opsweave.record.telemetry.port import Applied
from opsweave.record.telemetry.schema import Batch
from opsweave.server.app import make_app
from opsweave.server.auth import Auth, TokenStore
from opsweave.server.doors.desk import Desk
from opsweave.server.doors.handoff import Handoff
from opsweave.server.doors.settings import DoorSettings
from opsweave.server.pump import Pump


class LedgerInMemory:
    """Keeps records in a list; ``full`` makes it refuse as a full disk does."""

    def __init__(self) -> None:
        self.records: list[LedgerRecord] = []
        self.full = False
        self._first: dict[tuple[str, str, str], int] = {}
        self._duplicates: dict[int, int] = {}

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
        """Resolves at once."""
        future: Future[Receipt] = Future()
        if self.full:
            future.set_exception(RetryLater("the disk is full", after_s=7.0))
            return future
        seq = len(self.records)
        digest = hashlib.sha256(body).hexdigest()
        first = self._first.setdefault((door, token, digest), seq)
        if first != seq:
            self._duplicates[seq] = first
        self.records.append(
            LedgerRecord(
                seq=seq,
                door=door,
                received_ns=received_ns,
                content_type=content_type,
                body=body,
                token=token,
                tenant=tenant,
                headers=headers or {},
                sha256=digest,
            )
        )
        future.set_result(Receipt(seq=seq, duplicate_of=self._duplicates.get(seq)))
        return future

    def append(self, **record: Any) -> Receipt:
        return self.append_async(**record).result()

    def read(self, from_seq: int = 0, *, limit: int | None = None) -> Iterator[LedgerRecord]:
        until = None if limit is None else from_seq + limit
        yield from self.records[from_seq:until]

    def duplicate_of(self, seq: int) -> int | None:
        return self._duplicates.get(seq)

    def next_seq(self) -> int:
        return len(self.records)

    def verify(self) -> tuple[int, tuple[str, ...]]:
        return len(self.records), ()

    def close(self) -> None:
        self.records.clear()


class TelemetryInMemory:
    """Keeps what was written; ``full`` and ``poison`` make it refuse."""

    def __init__(self) -> None:
        self.rows: dict[int, tuple[Applied, Batch]] = {}
        self.full = False
        self.poison: set[int] = set()

    def write(self, items: Sequence[tuple[Applied, Batch]], *, recorded_ns: int) -> int:
        if self.full:
            raise RetryLater("the disk is full", after_s=0.01)
        if any(item.seq in self.poison and batch.tables for item, batch in items):
            raise ValueError("a column that no store can take")
        fresh = [(a, b) for a, b in items if a.seq not in self.rows or a.replaces]
        self.rows.update({applied.seq: (applied, batch) for applied, batch in fresh})
        return sum(batch.rows(table) for _, batch in fresh for table in batch.tables)

    def applied(self) -> dict[str, int]:
        out: dict[str, int] = {}
        for applied, _ in self.rows.values():
            out[applied.outcome.value] = out.get(applied.outcome.value, 0) + 1
        return out

    def next_seq(self) -> int:
        return max(self.rows, default=-1) + 1

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> dict[str, list[Any]]:
        """Only what the pump asks: applied records by outcome."""
        found = [a for a, _ in self.rows.values() if a.outcome.value in parameters]
        return {"seq": [a.seq for a in found], "reason": [a.reason for a in found]}

    def close(self) -> None:
        self.rows.clear()


class DoorRig:
    """An app with all doors over stores in memory, a pump, and tokens of each kind."""

    def __init__(self, folder: Path, *, settings: DoorSettings | None = None) -> None:
        self.clock = ManualClock()
        self.settings = settings or DoorSettings()
        self.ledger, self.telemetry = LedgerInMemory(), TelemetryInMemory()
        self.tokens = TokenStore(folder / "tokens.json", clock=self.clock)
        self.ingest, _ = self.tokens.create_token(name="sender", scopes=["ingest"])
        self.reader, _ = self.tokens.create_token(name="reader", scopes=["read"])
        self.handoff = Handoff(self.settings.handoff_bytes)
        self.delivered: list[tuple[Parsed, LedgerRecord]] = []
        auth = Auth(self.tokens)
        self.desk = Desk(
            auth=auth,
            ledger=self.ledger,
            parsers=parsers(),
            clock=self.clock,
            handoff=self.handoff,
            settings=self.settings,
        )
        self.app: Litestar = make_app(desk=self.desk, auth=auth)
        self.pump = Pump(
            ledger=self.ledger,
            telemetry=self.telemetry,
            parsers=parsers(),
            sink=lambda parsed, record: self.delivered.append((parsed, record)),
            clock=self.clock,
            handoff=self.handoff,
        )

    def headers(self, **more: str) -> dict[str, str]:
        """Headers with a valid token; underscores in names stand for hyphens."""
        own = {name.replace("_", "-"): value for name, value in more.items()}
        return {"authorization": f"Bearer {self.ingest}", "host": "localhost", **own}
