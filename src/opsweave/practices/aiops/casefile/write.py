"""What was recorded around an incident as a case folder, to be read by :func:`read_case`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Columns = Mapping[str, Sequence[Any]]

_METRICS = {
    "ts": "TIMESTAMPTZ",
    "entity": "VARCHAR",
    "entity_kind": "VARCHAR",
    "metric": "VARCHAR",
    "unit": "VARCHAR",
    "value": "FLOAT",
}
_LOGS = {
    "ts": "TIMESTAMPTZ",
    "entity": "VARCHAR",
    "severity": "VARCHAR",
    "body": "VARCHAR",
    "trace_id": "VARCHAR",
    "span_id": "VARCHAR",
    "attributes": "VARCHAR",
}
_SPANS = {
    "ts": "TIMESTAMPTZ",
    "duration_us": "BIGINT",
    "trace_id": "VARCHAR",
    "span_id": "VARCHAR",
    "parent_id": "VARCHAR",
    "entity": "VARCHAR",
    "operation": "VARCHAR",
    "status": "VARCHAR",
    "attributes": "VARCHAR",
}
TABLES: dict[str, dict[str, str]] = {
    "metrics.parquet": _METRICS,
    "logs.parquet": _LOGS,
    "spans.parquet": _SPANS,
}
"""Columns of each file with their types; ``ts`` is given in ns."""


def write_case(
    folder: Path, documents: Mapping[str, Any], tables: Mapping[str, Sequence[Columns]]
) -> None:
    """``documents`` by file name (JSON), ``tables`` by file name, each in parts of columns.

    A table without rows is not written: the case does not have that signal.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in documents.items():
        (folder / name).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    for name, parts in tables.items():
        _write_table(folder / name, TABLES[name], parts)


def iso(ns: int) -> str:
    """Milliseconds are enough for people and for order.

    >>> iso(1_700_000_000_123_456_789)
    '2023-11-14T22:13:20.123Z'
    """
    at = datetime.fromtimestamp(ns // 1_000_000_000, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{ns // 1_000_000 % 1000:03d}Z"


def _write_table(path: Path, types: Mapping[str, str], parts: Sequence[Columns]) -> None:
    import duckdb

    lines = path.with_suffix(".jsonl")
    rows = 0
    try:
        with lines.open("w", encoding="utf-8") as file:
            for columns in parts:
                for row in zip(*(columns[name] for name in types), strict=True):
                    file.write(json.dumps(dict(zip(types, row, strict=True))) + "\n")
                    rows += 1
        if rows:
            raw = {**types, "ts": "BIGINT"}
            with duckdb.connect() as database:
                database.execute(
                    "CREATE TABLE part AS SELECT * REPLACE (make_timestamp_ns(ts)::TIMESTAMP "
                    "AT TIME ZONE 'UTC' AS ts) FROM read_json(?, format = 'newline_delimited', "
                    "columns = " + _struct(raw) + ") ORDER BY entity, ts",
                    [str(lines)],
                )
                target = str(path).replace("'", "''")
                database.execute(f"COPY part TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    finally:
        lines.unlink(missing_ok=True)


def _struct(types: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"'{name}': '{type_}'" for name, type_ in types.items()) + "}"
