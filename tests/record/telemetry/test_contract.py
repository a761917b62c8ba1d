"""The telemetry store's contract over its backends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from opsweave.record.telemetry import DuckDBTelemetry, MemoryTelemetry
from opsweave.testing.telemetry import TelemetryContract


class TestMemoryTelemetry(TelemetryContract):
    @pytest.fixture
    def store(self) -> Iterator[MemoryTelemetry]:
        store = MemoryTelemetry()
        yield store
        store.close()


class TestDuckDBTelemetry(TelemetryContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[DuckDBTelemetry]:
        store = DuckDBTelemetry(tmp_path / "t.duckdb")
        yield store
        store.close()
