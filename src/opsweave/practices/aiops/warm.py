"""After a restart: baselines are learned again from the record, before anything is judged anew.

Without it a detector that starts in the middle of an incident would learn the sick state as the
normal one, and a recovery would be called verified against it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import msgspec

from opsweave.analysis.detection import Detector
from opsweave.kernel.clock import SECOND
from opsweave.practices.aiops.signals import SignalBuilder
from opsweave.record.telemetry import Batch, TelemetryStore
from opsweave.record.telemetry.schema import LOGS, POINTS, SPANS

log = logging.getLogger("opsweave.warm")

WARM_NS = 570 * SECOND
"""Of the record; within what the signal builder catches up with at once."""
WINDOW_NS = 20 * SECOND
MOST_ROWS = 200_000
"""About ten seconds of a start; with more, fewer minutes are looked at."""
_TABLES = {"points": POINTS, "logs": LOGS, "spans": SPANS}


class Warmed(msgspec.Struct, frozen=True, kw_only=True):
    """What was learned from."""

    frames: int = 0
    rows: int = 0
    deviating: int = 0
    """Series that are outside their band as the record ends."""


def warm(
    builder: SignalBuilder, detector: Detector, telemetry: TelemetryStore, now_ns: int
) -> Warmed:
    """Feed the last minutes of the record through the signals into the detector."""
    since = now_ns - WARM_NS
    counts = {name: _count(telemetry, name, since) for name in _TABLES}
    total = sum(counts.values())
    if not total:
        return Warmed()
    if total > MOST_ROWS:
        since = now_ns - int(WARM_NS * MOST_ROWS / total)
    frames = 0
    # Window by window: the rows of all minutes at once, as Python objects, would be a gigabyte.
    for start in range(since, now_ns + 1, WINDOW_NS):
        end = min(start + WINDOW_NS, now_ns + 1)
        builder.feed(_rows(telemetry, start, end))
        for frame in builder.close(end):
            detector.step(frame)
            frames += 1
    warmed = Warmed(frames=frames, rows=total, deviating=len(detector.active()))
    log.info(
        "baselines learned again from %d rows in %d buckets; %d series deviate",
        warmed.rows,
        warmed.frames,
        warmed.deviating,
    )
    return warmed


def _rows(telemetry: TelemetryStore, start: int, end: int) -> Batch:
    tables: dict[str, dict[str, Sequence[Any]]] = {}
    for name, schema in _TABLES.items():
        # Names come from our own schema, never from a payload.
        sql = f"SELECT {', '.join(schema)} FROM {name} WHERE ts >= ? AND ts < ? ORDER BY ts"
        rows = telemetry.query(sql, [start, end])
        if rows and len(rows["ts"]):
            tables[name] = dict(rows)
    return Batch(tables=tables)


def _count(telemetry: TelemetryStore, table: str, since: int) -> int:
    found = telemetry.query(f"SELECT count(*) AS n FROM {table} WHERE ts >= ?", [since])
    return int(found["n"][0])
