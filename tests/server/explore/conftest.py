"""A telemetry store with an hour of what the tests ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from opsweave.kernel.clock import SECOND
from opsweave.record.ledger.port import Outcome
from opsweave.record.telemetry import MemoryTelemetry
from opsweave.record.telemetry.port import Applied
from opsweave.record.telemetry.schema import TABLES, Batch

BEGIN = 1_700_000_100 * SECOND
_EMPTY: dict[str, Any] = {
    "int64": 0,
    "int16": 0,
    "float64": 0.0,
    "bool": False,
    "string": "",
    "list<float64>": [],
    "list<int64>": [],
}


class Filled:
    """``add`` stores rows of a table; columns that a row does not name are empty."""

    def __init__(self, store: MemoryTelemetry) -> None:
        self.store = store
        self._seq = 0

    def add(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        usual = {"attributes": "{}", "count": 1}
        columns = {
            name: [row.get(name, usual.get(name, _EMPTY[type_])) for row in rows]
            for name, type_ in TABLES[table].items()
        }
        done = Applied(seq=self._seq, door="otlp", outcome=Outcome.STORED, rows=len(rows))
        self.store.write([(done, Batch(tables={table: columns}))], recorded_ns=BEGIN)
        self._seq += 1


@pytest.fixture
def filled() -> Iterator[Filled]:
    store = MemoryTelemetry()
    yield Filled(store)
    store.close()
