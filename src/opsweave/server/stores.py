"""Opens and closes the stores of one data folder, under its lock."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import msgspec
import sqlalchemy as sa

from opsweave.kernel.clock import Clock, iso
from opsweave.kernel.errors import RejectInput
from opsweave.record.folder import DataFolder
from opsweave.record.ledger import SegmentLedger
from opsweave.record.state import SqlState
from opsweave.record.state.sql_store import sqlite_url
from opsweave.record.telemetry import (
    DuckDBTelemetry,
    MemoryTelemetry,
    Quarantined,
    open_or_rebuild,
)
from opsweave.record.telemetry import opened as open_telemetry

log = logging.getLogger("opsweave.stores")


class Stores(msgspec.Struct, frozen=True, kw_only=True):
    """What the owner of a data folder holds."""

    folder: DataFolder
    ledger: SegmentLedger
    telemetry: DuckDBTelemetry
    state: SqlState
    quarantined: Quarantined | None = None
    """Set when telemetry was damaged and is rebuilt."""
    damaged: str = ""
    """Set when telemetry is damaged and was left as it is; an empty one stands in."""


@contextmanager
def opened(folder: DataFolder, clock: Clock, *, repair: bool = True) -> Iterator[Stores]:
    """Lock the folder and open every store; ``repair`` sets a damaged telemetry store aside.

    Raises RefusedByPolicy when somebody else owns the folder, RejectInput when a store that
    cannot be rebuilt does not open.
    """
    with ExitStack() as stack:
        folder.lock()
        stack.callback(folder.unlock)
        ledger = SegmentLedger(folder.ledger)
        stack.callback(ledger.close)
        telemetry: DuckDBTelemetry | None
        quarantined, damaged = None, ""
        if repair:
            telemetry, quarantined = open_or_rebuild(
                folder.telemetry, folder.quarantine, clock.now_ns()
            )
        else:
            telemetry, damaged = open_telemetry(folder.telemetry)
        telemetry = telemetry or MemoryTelemetry()
        stack.callback(telemetry.close)
        state = _state(folder)
        stack.callback(state.close)
        if quarantined is not None:
            _say(ledger, quarantined, clock.now_ns())
        yield Stores(
            folder=folder,
            ledger=ledger,
            telemetry=telemetry,
            state=state,
            quarantined=quarantined,
            damaged=damaged,
        )


def _state(folder: DataFolder) -> SqlState:
    try:
        return SqlState(sqlite_url(folder.state))
    except sa.exc.DatabaseError as error:
        raise RejectInput(
            f"{folder.state} does not open: {error.orig}",
            field="data",
            action="restore it from a backup, or move it away to begin without state",
        ) from error


def _say(ledger: SegmentLedger, quarantined: Quarantined, now_ns: int) -> None:
    """The quarantine as an event, through the ledger like whatever else happens."""
    event = {
        "type": "opsweave.telemetry.quarantined",
        "message": "the telemetry store was damaged; it is rebuilt from the ledger",
        "time": iso(now_ns),
        "folder": quarantined.folder,
        "reason": quarantined.reason[:500],
    }
    ledger.append_async(
        door="webhook:opsweave",
        content_type="application/json",
        body=msgspec.json.encode(event),
        received_ns=now_ns,
    )
    log.error("telemetry is rebuilt from the ledger: %s", quarantined.reason)
