"""Python columns of a batch to an Arrow table that DuckDB reads without copying rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson
from arro3.core import Array, DataType, Table

from opsweave.record.telemetry.schema import TABLES, Batch

_ARROW = {
    "int64": DataType.int64(),
    "int16": DataType.int16(),
    "float64": DataType.float64(),
    "string": DataType.string(),
    "bool": DataType.bool(),
}
_NUMPY = {"int64": np.int64, "int16": np.int16, "float64": np.float64}
DUCK = {
    "int64": "BIGINT",
    "int16": "SMALLINT",
    "float64": "DOUBLE",
    "string": "VARCHAR",
    "bool": "BOOLEAN",
    "list<float64>": "DOUBLE[]",
    "list<int64>": "BIGINT[]",
}
NO_ROWS = 0


def projection(table: str) -> str:
    """Columns of an Arrow table as SQL; lists travel as JSON text and are cast here."""
    return ", ".join(
        f'"{name}"::{DUCK[kind]} AS "{name}"' if kind.startswith("list") else f'"{name}"'
        for name, kind in TABLES[table].items()
    )


def arrow(
    table: str, items: Sequence[tuple[int, Batch]], recorded_ns: int
) -> tuple[Table | None, int]:
    """One Arrow table of the rows of ``items`` (seq, batch), and how many rows it has."""
    parts = [(seq, batch) for seq, batch in items if batch.rows(table)]
    total = sum(batch.rows(table) for _, batch in parts)
    if not total:
        return None, NO_ROWS
    columns: dict[str, Any] = {}
    for name, kind in TABLES[table].items():
        values: list[Any] = []
        for _, batch in parts:
            values.extend(batch.tables[table][name])
        columns[name] = _column(kind, values)
    seqs = np.repeat(
        np.array([seq for seq, _ in parts], np.int64),
        [batch.rows(table) for _, batch in parts],
    )
    columns["recorded_ns"] = Array.from_numpy(np.full(total, recorded_ns, np.int64))
    columns["ledger_seq"] = Array.from_numpy(seqs)
    return Table.from_pydict(columns), total


def _column(kind: str, values: list[Any]) -> Array:
    if kind in _NUMPY:
        return Array.from_numpy(np.asarray(values, dtype=_NUMPY[kind]))
    if kind.startswith("list"):
        cache: dict[int, str] = {}
        texts = [_list_text(value, cache) for value in values]
        return Array(texts, DataType.string())
    return Array(values, _ARROW[kind])


def _list_text(value: Any, cache: dict[int, str]) -> str:
    if value is None or len(value) == 0:
        return "[]"
    known = cache.get(id(value))
    if known is None:
        known = orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY, default=list).decode()
        cache[id(value)] = known
    return known
