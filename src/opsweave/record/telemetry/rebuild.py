"""Opens the telemetry store; a damaged one is set aside, to be filled again from the ledger."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

import duckdb
import msgspec

from opsweave.kernel.errors import RetryLater
from opsweave.record.telemetry.duckdb_store import DuckDBTelemetry
from opsweave.record.telemetry.mark import Mark

log = logging.getLogger("opsweave.telemetry")
_NOT_DAMAGE = ("no space left", "could not set lock", "too many open files", "permission denied")


class Quarantined(msgspec.Struct, frozen=True, kw_only=True):
    """A damaged store that was set aside; the ledger rebuilds its content."""

    folder: str
    reason: str


def open_or_rebuild(
    path: Path, quarantine: Path, now_ns: int
) -> tuple[DuckDBTelemetry, Quarantined | None]:
    """Open the store; a file that does not open or does not read whole is moved to quarantine.

    The fresh store then begins at sequence number 0 and is filled again from the ledger. Raises
    RetryLater when the file may be sound and only the machine is not (a full disk, a lock).
    """
    store, reason = opened(path)
    if store is not None:
        return store, None
    Mark(_mark(path)).forget()
    folder = quarantine / f"telemetry-{now_ns}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for piece in (path, _wal(path)):
        if piece.exists():
            piece.rename(folder / piece.name)
    log.error("telemetry store quarantined in %s: %s", folder, reason)
    try:
        return DuckDBTelemetry(path), Quarantined(folder=str(folder), reason=reason)
    except duckdb.Error as error:
        raise RetryLater(f"a fresh telemetry store cannot be made: {error}") from error


def opened(path: Path) -> tuple[DuckDBTelemetry | None, str]:
    """The store when it opens and reads whole, else the reason; moves nothing."""
    if _wal(path).exists() and not path.exists():
        return None, "its file is missing beside its log"
    try:
        store = DuckDBTelemetry(path)
    except duckdb.Error as error:
        _excuse(error)
        return None, str(error)
    reason = store.check() or _shortfall(store)
    if not reason:
        return store, ""
    with suppress(duckdb.Error):
        store.close()
    return None, reason


def _excuse(error: duckdb.Error) -> None:
    """RetryLater for what is no damage of the file."""
    says = str(error)
    if isinstance(error, duckdb.OutOfMemoryException) or any(
        words in says.lower() for words in _NOT_DAMAGE
    ):
        raise RetryLater(f"the telemetry store cannot be opened now: {says}") from error


def _shortfall(store: DuckDBTelemetry) -> str:
    """What was committed once and is gone: DuckDB opens a log that lost its end without a word."""
    expected, found = store.mark.read() if store.mark else 0, store.next_seq()
    return f"it had {expected} records and has {found}" if found < expected else ""


def _mark(path: Path) -> Path:
    return path.with_name(f"{path.name}.mark")


def _wal(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")
