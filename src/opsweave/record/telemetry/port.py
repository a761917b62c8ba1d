"""The telemetry store's protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from opsweave.kernel.ids import DEFAULT_TENANT
from opsweave.record.ledger.port import Outcome
from opsweave.record.telemetry.schema import Batch


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one ledger record, written in the same transaction as its rows."""

    seq: int
    door: str
    outcome: Outcome
    reason: str = ""
    rows: int = 0
    deduplicated_rows: int = 0
    rejected_rows: int = 0
    """Items of a partly bad body that were kept out (the body itself stays in the ledger)."""
    replaces: bool = False
    """A replay after a fix: instead of being skipped, an earlier ``refused`` or ``generic`` outcome
    of this ``seq`` is replaced, with its rows."""
    tenant: str = DEFAULT_TENANT


class TelemetryReader(Protocol):
    """What those need who only ask."""

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> dict[str, list[Any]]:
        """See :meth:`TelemetryStore.query`."""
        ...


class TelemetryStore(Protocol):
    """Columns in, columns out. One writer; readers on any thread."""

    def write(self, items: Sequence[tuple[Applied, Batch]], *, recorded_ns: int) -> int:
        """Apply ledger records in one transaction; a ``seq`` already applied is skipped whole.

        Points of door ``remote_write`` are also deduplicated by (series, ts). Returns rows stored.
        """
        ...

    def applied(self, *, from_seq: int = 0, to_seq: int | None = None) -> dict[str, int]:
        """Number of applied ledger records by outcome, from ``from_seq`` to before ``to_seq``.

        ``pending``: those whose rows were lost and that are not applied again yet.
        """
        ...

    def next_seq(self) -> int:
        """The first ledger sequence number that has not been applied."""
        ...

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> dict[str, list[Any]]:
        """Columns by name of a read-only query over points, logs, spans, events, applied.

        Views have the columns of ``schema.TABLES`` plus ``recorded_ns``, ``ledger_seq`` and
        ``tenant``; what is sealed and what is live is one. ``points_5m`` is what old points became.
        """
        ...

    def close(self) -> None: ...
