"""Columns of the telemetry tables: the seam between parsers and stores.

A :class:`Batch` is what one ledger record becomes: plain Python or numpy columns of equal length
per table. Times are int64 nanoseconds since the epoch; ``attributes`` is JSON text with sorted
keys; ids are lower-case hex; a missing number is NaN (points) or None elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

POINTS: dict[str, str] = {
    "ts": "int64",
    "entity": "string",
    "instance": "string",
    "metric": "string",
    "unit": "string",
    "kind": "string",  # gauge | sum | histogram
    "temporality": "string",  # '' | delta | cumulative
    "monotonic": "bool",
    "attributes": "string",
    "value": "float64",  # gauge/sum value; histogram: sum of values
    "start_ts": "int64",  # 0: unknown
    "count": "int64",  # histogram: number of values; otherwise 1
    "bounds": "list<float64>",  # histogram: explicit upper bounds; otherwise empty
    "buckets": "list<int64>",  # histogram: len(bounds) + 1 counts; otherwise empty
}
LOGS: dict[str, str] = {
    "ts": "int64",
    "entity": "string",
    "instance": "string",
    "severity": "int16",  # OTel severity number, 0 unknown
    "body": "string",
    "trace_id": "string",
    "span_id": "string",
    "attributes": "string",
}
SPANS: dict[str, str] = {
    "ts": "int64",
    "duration_ns": "int64",
    "trace_id": "string",
    "span_id": "string",
    "parent_id": "string",
    "entity": "string",
    "instance": "string",
    "version": "string",
    "name": "string",
    "kind": "string",  # server | client | producer | consumer | internal
    "error": "bool",
    "status": "string",  # HTTP status code or '' ; error.type
    "peer": "string",  # canonical entity called, '' when unknown (client/producer spans)
    "attributes": "string",
}
EVENTS: dict[str, str] = {
    "ts": "int64",
    "id": "string",
    "source": "string",
    "kind": "string",
    "entity": "string",
    "says": "string",
    "generic": "bool",
    "reason": "string",
    "body": "string",
}
TABLES: dict[str, dict[str, str]] = {
    "points": POINTS,
    "logs": LOGS,
    "spans": SPANS,
    "events": EVENTS,
}


class Batch(msgspec.Struct, kw_only=True):
    """Rows parsed from one ledger record. ``tables`` maps a table's name to its columns."""

    tables: dict[str, dict[str, Sequence[Any]]] = {}

    def rows(self, table: str) -> int:
        """Number of rows for ``table``."""
        columns = self.tables.get(table)
        return len(next(iter(columns.values()))) if columns else 0
