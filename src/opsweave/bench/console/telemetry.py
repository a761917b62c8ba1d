"""Thirty days of metrics, and the newest hours of spans and logs, as batches of columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from opsweave.bench.console.company import Company
from opsweave.bench.console.size import Size
from opsweave.kernel.clock import SECOND
from opsweave.record.telemetry import Batch

METRICS = (
    ("process.cpu.utilization", "1", 0.4),
    ("process.memory.usage", "By", 4e8),
    ("queue.length", "1", 20.0),
    ("db.client.connections.usage", "1", 8.0),
)
DAY_S = 86_400
FAULT_S = 1_500
"""Before now: since then the services of the first incident are slow and fail."""
_LINES = ("request served", "cache refreshed", "retrying the call", "upstream timed out")


def batches(size: Size, made: Company, sick: set[str], now_ns: int) -> Iterator[Batch]:
    """A day of metrics a batch, then ten minutes of spans and logs a batch."""
    chance = np.random.default_rng(size.seed)
    for day in range(size.days, 0, -1):
        yield Batch(tables={"points": _points(size, made, now_ns - day * DAY_S * SECOND, chance)})
    for minute in range(size.span_minutes, 0, -10):
        start = now_ns - minute * 60 * SECOND
        spans, logs = _requests(size, made, sick, start, now_ns, chance)
        yield Batch(tables={"spans": spans, "logs": logs})


def _points(
    size: Size, made: Company, start_ns: int, chance: np.random.Generator
) -> dict[str, Any]:
    ticks = start_ns + np.arange(0, DAY_S, size.step_s, dtype=np.int64) * SECOND
    names = METRICS[: size.metrics]
    n, each = len(ticks), len(made.services) * len(names)
    rows = n * each
    phase = np.sin((np.arange(n) * size.step_s % DAY_S) / DAY_S * 2 * np.pi)
    usual = np.tile(np.repeat([level for *_, level in names], n), len(made.services))
    noise = 1.0 + 0.05 * chance.standard_normal(rows) + 0.2 * np.tile(phase, each)
    series = [(service, metric, unit) for service in made.services for metric, unit, _ in names]
    return {
        "ts": np.tile(ticks, each),
        "entity": [service for service, _, _ in series for _ in range(n)],
        "instance": ["1"] * rows,
        "metric": [metric for _, metric, _ in series for _ in range(n)],
        "unit": [unit for _, _, unit in series for _ in range(n)],
        "kind": ["gauge"] * rows,
        "temporality": [""] * rows,
        "monotonic": np.zeros(rows, bool),
        "attributes": ["{}"] * rows,
        "value": usual * noise,
        "start_ts": np.zeros(rows, np.int64),
        "count": np.ones(rows, np.int64),
        "bounds": [[]] * rows,
        "buckets": [[]] * rows,
    }


def _requests(
    size: Size,
    made: Company,
    sick: set[str],
    start_ns: int,
    now_ns: int,
    chance: np.random.Generator,
) -> tuple[dict[str, Any], dict[str, Any]]:
    n = 600 // size.span_step_s
    ticks = start_ns + np.arange(n, dtype=np.int64) * size.span_step_s * SECOND
    rows = n * len(made.services)
    ts = np.tile(ticks, len(made.services)) + chance.integers(0, SECOND, rows)
    entity = [service for service in made.services for _ in range(n)]
    ill = np.repeat([service in sick for service in made.services], n)
    ill &= ts > now_ns - FAULT_S * SECOND
    duration = chance.gamma(4.0, 12.0, rows) * np.where(ill, 8.0, 1.0)
    error = chance.random(rows) < np.where(ill, 0.2, 0.002)
    ids = [f"{start_ns:x}{k:x}"[-16:].rjust(16, "0") for k in range(rows)]
    spans = {
        "ts": ts,
        "duration_ns": (duration * 1e6).astype(np.int64),
        "trace_id": [id_ * 2 for id_ in ids],
        "span_id": ids,
        "parent_id": [""] * rows,
        "entity": entity,
        "instance": ["1"] * rows,
        "version": ["1.0"] * rows,
        "name": ["GET /"] * rows,
        "kind": ["server"] * rows,
        "error": error,
        "status": np.where(error, "500", "200").tolist(),
        "peer": [""] * rows,
        "attributes": ["{}"] * rows,
    }
    told = np.flatnonzero(error | (chance.random(rows) < 0.05))
    severity = np.where(error[told], 17, 9).astype(np.int16)
    lines = {
        "ts": ts[told],
        "entity": [entity[k] for k in told],
        "instance": ["1"] * len(told),
        "severity": severity,
        "body": [f"{_LINES[3 if error[k] else k % 3]} in {duration[k]:.0f} ms" for k in told],
        "trace_id": [ids[k] * 2 for k in told],
        "span_id": [ids[k] for k in told],
        "attributes": ["{}"] * len(told),
    }
    return spans, lines
