"""What the record says of itself, through the ledger like whatever else happens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from opsweave.kernel.clock import iso
from opsweave.record.ledger import SegmentLedger
from opsweave.record.telemetry import Quarantined
from opsweave.record.telemetry.sealed import Expired, Mended

_DOOR = "webhook:opsweave"


class Total:
    """Expiries of one round, summed for each table, tenant and reason."""

    def __init__(self) -> None:
        self.rows = 0
        self.parts: dict[tuple[str, str, str], Expired] = {}

    def add(self, gone: Iterable[Expired]) -> None:
        for item in gone:
            self.rows += item.rows
            known = self.parts.get((item.table, item.tenant, item.why))
            if known is not None:
                item = msgspec.structs.replace(
                    item,
                    rows=item.rows + known.rows,
                    bytes=item.bytes + known.bytes,
                    until_ns=max(item.until_ns, known.until_ns),
                )
            self.parts[item.table, item.tenant, item.why] = item


def expired(ledger: SegmentLedger, total: Total, now_ns: int) -> None:
    """How much retention has dropped, and why."""
    for item in total.parts.values():
        _say(
            ledger,
            "opsweave.retention.dropped",
            f"{item.rows} rows of {item.table} were dropped: {item.why}",
            now_ns,
            table=item.table,
            tenant=item.tenant,
            rows=item.rows,
            bytes=item.bytes,
            until=iso(item.until_ns),
            why=item.why,
        )


def damaged(ledger: SegmentLedger, mended: Mended, now_ns: int) -> None:
    """A sealed file was damaged: what is made again, and what is lost."""
    says = [f"the sealed file {mended.name} was damaged"]
    if mended.again is not None:
        says.append("it is made again from the ledger")
    if mended.lost is not None:
        says.append(f"the ledger no longer holds up to {mended.lost.rows} of its rows: lost")
    _say(
        ledger,
        "opsweave.telemetry.sealed_damaged",
        "; ".join(says),
        now_ns,
        folder=mended.folder,
        reason=mended.why[:500],
        again=mended.again,
        lost=msgspec.to_builtins(mended.lost),
    )


def quarantined(ledger: SegmentLedger, found: Quarantined, now_ns: int) -> None:
    """The DuckDB file was set aside."""
    _say(
        ledger,
        "opsweave.telemetry.quarantined",
        "the telemetry store was damaged; it is rebuilt from sealed files and the ledger",
        now_ns,
        folder=found.folder,
        reason=found.reason[:500],
    )


def _say(ledger: SegmentLedger, kind: str, message: str, now_ns: int, **more: Any) -> None:
    event = {"type": kind, "message": message, "time": iso(now_ns), **more}
    ledger.append_async(
        door=_DOOR,
        content_type="application/json",
        body=msgspec.json.encode(event),
        received_ns=now_ns,
    )
