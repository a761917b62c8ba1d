"""Batches as parsers build them, from a few named values."""

from __future__ import annotations

from typing import Any

from opsweave.kernel.clock import SECOND
from opsweave.record.telemetry.schema import LOGS, POINTS, SPANS, Batch

T0 = 1_700_000_000 * SECOND
CART, DB, GATE = "service:demo/shop/cart", "database:demo/shop/orders", "service:demo/shop/gate"
_EMPTY = {"string": "", "bool": False, "int64": 0, "int16": 0, "float64": 0.0}


def at(seconds: float) -> int:
    return T0 + int(seconds * SECOND)


def _columns(schema: dict[str, str], rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {
        name: [row.get(name, _EMPTY.get(kind, [])) for row in rows] for name, kind in schema.items()
    }


def batch(*, points=(), logs=(), spans=()) -> Batch:
    tables = {}
    for name, schema, rows in (
        ("points", POINTS, points),
        ("logs", LOGS, logs),
        ("spans", SPANS, spans),
    ):
        if rows:
            tables[name] = _columns(schema, list(rows))
    return Batch(tables=tables)


def counter(
    s: float, value: float, *, start: float = 0.0, instance: str = "1", **more: Any
) -> dict:
    row = {"ts": at(s), "entity": CART, "instance": instance, "metric": "orders", "kind": "sum"}
    row |= {"temporality": "cumulative", "monotonic": True, "value": float(value), "count": 1}
    return row | {"start_ts": at(start)} | more


def gauge(s: float, value: float, *, instance: str = "1", **more: Any) -> dict:
    row = {"ts": at(s), "entity": CART, "instance": instance, "metric": "pool", "kind": "gauge"}
    return row | {"value": float(value), "count": 1} | more


def span(s: float, ms: float, id_: str, *, parent: str = "", kind: str = "server", **more) -> dict:
    row = {"ts": at(s), "duration_ns": int(ms * 1e6), "trace_id": "t", "span_id": id_}
    row |= {"parent_id": parent, "entity": CART, "instance": "1", "kind": kind, "name": "op"}
    return row | more


def log(s: float, body: str, severity: int = 9, **more: Any) -> dict:
    return {"ts": at(s), "entity": CART, "instance": "1", "severity": severity, "body": body} | more
