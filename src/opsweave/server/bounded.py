"""Telemetry for those who look: no question of theirs takes the store from the others for long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from opsweave.record.telemetry import DuckDBTelemetry
from opsweave.record.telemetry.duckdb_store import MAX_ROWS

QUERY_S = 10.0


class BoundedTelemetry:
    """Only asks. Raises RejectInput when an answer takes longer than ``timeout_s``."""

    def __init__(self, telemetry: DuckDBTelemetry) -> None:
        self._telemetry = telemetry

    def query(
        self,
        sql: str,
        parameters: Sequence[Any] = (),
        *,
        limit: int = MAX_ROWS,
        timeout_s: float = QUERY_S,
        max_bytes: int | None = None,
    ) -> dict[str, list[Any]]:
        """Columns by name, as of the store beneath."""
        return self._telemetry.query(
            sql, parameters, limit=limit, timeout_s=timeout_s, max_bytes=max_bytes
        )
