"""Opens and closes the stores of one data folder, under its lock."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import msgspec
import sqlalchemy as sa

from opsweave.kernel.clock import Clock
from opsweave.kernel.errors import RejectInput
from opsweave.record.folder import DataFolder
from opsweave.record.ledger import SegmentLedger
from opsweave.record.state import SqlState, StateStore
from opsweave.record.state.sql_store import sqlite_url
from opsweave.record.telemetry import (
    DuckDBTelemetry,
    MemoryTelemetry,
    Quarantined,
    open_or_rebuild,
)
from opsweave.record.telemetry import opened as open_telemetry
from opsweave.server import notices

log = logging.getLogger("opsweave.stores")


class Stores(msgspec.Struct, frozen=True, kw_only=True):
    """What the owner of a data folder holds."""

    folder: DataFolder
    ledger: SegmentLedger
    telemetry: DuckDBTelemetry
    state: StateStore
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
        telemetry = telemetry or MemoryTelemetry(folder.sealed)
        stack.callback(telemetry.close)
        if repair:
            _mend(folder, ledger, telemetry, clock.now_ns())
        state = _state(folder)
        stack.callback(state.close)
        if quarantined is not None:
            notices.quarantined(ledger, quarantined, clock.now_ns())
            log.error("telemetry is rebuilt from sealed files, ledger: %s", quarantined.reason)
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


def _mend(
    folder: DataFolder, ledger: SegmentLedger, telemetry: DuckDBTelemetry, now_ns: int
) -> None:
    """Set damaged sealed files aside, and note what is to be applied again."""
    first, scrub = ledger.first_seq(), telemetry.scrub
    for mended in scrub.mend(folder.quarantine, ledger_first=first, now_ns=now_ns):
        notices.damaged(ledger, mended, now_ns)
    scrub.missing = scrub.uncovered(first, telemetry.next_seq())
