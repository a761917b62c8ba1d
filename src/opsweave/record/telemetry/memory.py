"""The telemetry store's memory twin: the same engine without a file."""

from __future__ import annotations

from opsweave.record.telemetry.duckdb_store import MEMORY, DuckDBTelemetry


class MemoryTelemetry(DuckDBTelemetry):
    """Nothing survives the process. For tests and replays."""

    def __init__(self) -> None:
        super().__init__(MEMORY)
