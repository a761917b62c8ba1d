"""For tests of doors: a whole app and its pump over stores in memory."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from litestar import Litestar

from opsweave.integrations.contract import Parsed
from opsweave.integrations.discover import parsers
from opsweave.kernel.clock import ManualClock
from opsweave.kernel.errors import RetryLater
from opsweave.record.ledger.memory import MemoryLedger
from opsweave.record.ledger.port import LedgerRecord, Receipt
from opsweave.record.telemetry.memory import MemoryTelemetry
from opsweave.record.telemetry.port import Applied
from opsweave.record.telemetry.schema import Batch
from opsweave.server.app import make_app
from opsweave.server.auth import Auth, TokenStore
from opsweave.server.doors.desk import Desk
from opsweave.server.doors.handoff import Handoff
from opsweave.server.doors.settings import DoorSettings
from opsweave.server.pump import Pump


class FailingLedger(MemoryLedger):
    """While ``full`` it refuses as a full disk does."""

    def __init__(self) -> None:
        super().__init__()
        self.full = False

    def append_async(self, **record: Any) -> Future[Receipt]:
        """Resolves at once."""
        if self.full:
            refused: Future[Receipt] = Future()
            refused.set_exception(RetryLater("the disk is full", after_s=7.0))
            return refused
        return super().append_async(**record)


class FailingTelemetry(MemoryTelemetry):
    """While ``full`` it refuses as a full disk does; rows of ``poison`` it can never take."""

    def __init__(self) -> None:
        super().__init__()
        self.full = False
        self.poison: set[int] = set()

    def write(self, items: Sequence[tuple[Applied, Batch]], *, recorded_ns: int) -> int:
        """Rows stored."""
        if self.full:
            raise RetryLater("the disk is full", after_s=0.01)
        if any(item.seq in self.poison and batch.tables for item, batch in items):
            raise ValueError("a column that no store can take")
        return super().write(items, recorded_ns=recorded_ns)


class DoorRig:
    """An app with all doors over stores in memory, a pump, and tokens of each kind."""

    def __init__(self, folder: Path, *, settings: DoorSettings | None = None) -> None:
        self.clock = ManualClock()
        self.settings = settings or DoorSettings()
        self.ledger, self.telemetry = FailingLedger(), FailingTelemetry()
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

    def applied(self, seq: int) -> dict[str, Any]:
        """The row of ``applied`` for a record."""
        rows = self.telemetry.query("select * from applied where seq = ?", [seq])
        return {name: column[0] for name, column in rows.items()}

    def close(self) -> None:
        """Give the stores' memory back."""
        self.desk.close()
        self.telemetry.close()
