"""Samples of remote write: one of a series that is there already is left out."""

from __future__ import annotations

import duckdb

from opsweave.record.telemetry.columns import arrow, projection
from opsweave.record.telemetry.port import Applied
from opsweave.record.telemetry.schema import Batch
from opsweave.record.telemetry.sealed import Shelf
from opsweave.record.telemetry.sealed.layout import live
from opsweave.record.telemetry.sealed.manifest import APPLIED

REMOTE_WRITE = "remote_write"
_POINTS = "points"
_SERIES = "entity, instance, metric, attributes, ts"


def insert_samples(
    connection: duckdb.DuckDBPyConnection,
    shelf: Shelf,
    applied: Applied,
    batch: Batch,
    recorded_ns: int,
) -> int:
    """How many of the points were new; only samples of remote write count as there already."""
    columns, rows = arrow(_POINTS, [(applied.seq, batch)], recorded_ns)
    if not rows:
        return 0
    times = batch.tables[_POINTS]["ts"]
    low, high = int(min(times)), int(max(times))
    known = _known(shelf, low, high)
    parameters = [value for _ in known for value in (applied.tenant, low, high, REMOTE_WRITE)]
    anti = "".join(
        f" ANTI JOIN ({select}) AS known_{n} USING ({_SERIES})" for n, select in enumerate(known)
    )
    connection.register("incoming", columns)
    try:
        result = connection.execute(
            f"INSERT INTO {live(_POINTS)}"
            f" SELECT {projection(_POINTS)}, recorded_ns, ledger_seq, ?"
            f" FROM (SELECT * FROM incoming"
            f" QUALIFY row_number() OVER (PARTITION BY {_SERIES}) = 1) AS fresh{anti}",
            [applied.tenant, *parameters],
        ).fetchone()
    finally:
        connection.unregister("incoming")
    return int(result[0]) if result else 0


def _known(shelf: Shelf, low: int, high: int) -> list[str]:
    """SELECTs over the samples of a span of time: live ones, and of each sealed segment there."""
    found = [_samples(live(_POINTS), live(APPLIED))]
    for segment in shelf.around(low, high, _POINTS):
        points = shelf.stored(_POINTS, [segment], replaced=True)
        outcomes = shelf.stored(APPLIED, [segment], replaced=True)
        if points and outcomes:
            found.append(_samples(f"({points[0]})", f"({outcomes[0]})"))
    return found


def _samples(points: str, outcomes: str) -> str:
    return (
        f"SELECT {_SERIES} FROM {points} WHERE tenant = ? AND ts BETWEEN ? AND ?"
        f" AND ledger_seq IN (SELECT seq FROM {outcomes} WHERE door = ?)"
    )
