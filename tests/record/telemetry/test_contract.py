"""The telemetry store's contract over its backends."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from opsweave.record.telemetry import DuckDBTelemetry, MemoryTelemetry
from opsweave.testing.sealing import SealingContract
from opsweave.testing.telemetry import TelemetryContract

Again = Callable[[DuckDBTelemetry], DuckDBTelemetry]


class TestMemoryTelemetry(TelemetryContract, SealingContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[MemoryTelemetry]:
        store = MemoryTelemetry(tmp_path / "own" / "sealed")
        yield store
        store.close()

    @pytest.fixture
    def again(self, tmp_path: Path) -> Again:
        """Only what is sealed outlives the process."""
        numbers = count()

        def make(store: DuckDBTelemetry) -> DuckDBTelemetry:
            copy = tmp_path / f"copy-{next(numbers)}" / "sealed"
            shutil.copytree(tmp_path / "own" / "sealed", copy)
            return MemoryTelemetry(copy)

        return make


class TestDuckDBTelemetry(TelemetryContract, SealingContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[DuckDBTelemetry]:
        store = DuckDBTelemetry(tmp_path / "own" / "t.duckdb")
        yield store
        store.close()

    @pytest.fixture
    def again(self, tmp_path: Path) -> Again:
        numbers = count()

        def make(store: DuckDBTelemetry) -> DuckDBTelemetry:
            copy = tmp_path / f"copy-{next(numbers)}"
            shutil.copytree(tmp_path / "own", copy)
            return DuckDBTelemetry(copy / "t.duckdb")

        return make
