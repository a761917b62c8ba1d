"""The telemetry store's memory twin: the same engine without a file."""

from __future__ import annotations

from pathlib import Path

from opsweave.record.telemetry.duckdb_store import MEMORY, DuckDBTelemetry


class MemoryTelemetry(DuckDBTelemetry):
    """Nothing survives the process. For tests and replays."""

    def __init__(self, sealed: Path | None = None) -> None:
        """``sealed``: where closed segments go; None keeps everything in memory."""
        super().__init__(MEMORY, sealed=sealed)
