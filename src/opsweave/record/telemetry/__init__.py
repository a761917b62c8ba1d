"""Metric points, histograms, log records, spans and events as columns."""

from opsweave.record.telemetry.duckdb_store import DuckDBTelemetry
from opsweave.record.telemetry.memory import MemoryTelemetry
from opsweave.record.telemetry.port import Applied, TelemetryReader, TelemetryStore
from opsweave.record.telemetry.rebuild import Quarantined, open_or_rebuild, opened
from opsweave.record.telemetry.schema import Batch

__all__ = [
    "Applied",
    "Batch",
    "DuckDBTelemetry",
    "MemoryTelemetry",
    "Quarantined",
    "TelemetryReader",
    "TelemetryStore",
    "open_or_rebuild",
    "opened",
]
