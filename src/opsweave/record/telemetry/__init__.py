"""Metric points, histograms, log records, spans and events as columns."""

from opsweave.record.telemetry.port import Applied, TelemetryStore
from opsweave.record.telemetry.schema import Batch

__all__ = ["Applied", "Batch", "TelemetryStore"]
