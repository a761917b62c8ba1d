"""Signals: what detection sees of telemetry, aggregated into buckets as batches are stored."""

from opsweave.practices.aiops.signals.builder import SignalBuilder, SignalStats

__all__ = ["SignalBuilder", "SignalStats"]
