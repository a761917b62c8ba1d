"""Live tables, and the views over live and sealed rows that queries see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from opsweave.record.telemetry.columns import DUCK
from opsweave.record.telemetry.schema import TABLES
from opsweave.record.telemetry.sealed.manifest import APPLIED, File, Manifest, Segment

POINTS_5M = "points_5m"
_STAMPS = {"recorded_ns": "BIGINT", "ledger_seq": "BIGINT", "tenant": "VARCHAR"}
_SERIES_5M = (
    "ts",
    "entity",
    "instance",
    "metric",
    "unit",
    "kind",
    "temporality",
    "monotonic",
    "attributes",
    "tenant",
)
COLUMNS: dict[str, dict[str, str]] = {
    table: {name: DUCK[kind] for name, kind in columns.items()} | _STAMPS
    for table, columns in TABLES.items()
}
COLUMNS[APPLIED] = {
    "seq": "BIGINT",
    "door": "VARCHAR",
    "outcome": "VARCHAR",
    "reason": "VARCHAR",
    "rows": "BIGINT",
    "deduplicated_rows": "BIGINT",
    "rejected_rows": "BIGINT",
    "recorded_ns": "BIGINT",
    "tenant": "VARCHAR",
}
COLUMNS[POINTS_5M] = {
    **{name: COLUMNS["points"][name] for name in _SERIES_5M},
    "min": "DOUBLE",
    "max": "DOUBLE",
    "sum": "DOUBLE",
    "count": "BIGINT",
    "last": "DOUBLE",
    "last_ts": "BIGINT",
    "last_count": "BIGINT",
    "ledger_seq": "BIGINT",
}
LIVE = (*TABLES, APPLIED)
SORT = {
    "points": "entity, metric, attributes, instance, ts, ledger_seq",
    POINTS_5M: "entity, metric, attributes, instance, ts",
    APPLIED: "seq",
}
_BY_ENTITY = "entity, ts, ledger_seq"


def live(table: str) -> str:
    return f"live_{table}"


def key(table: str) -> str:
    """The column with the ledger's number."""
    return "seq" if table == APPLIED else "ledger_seq"


def time_of(table: str) -> str:
    return "recorded_ns" if table == APPLIED else "ts"


def order(table: str) -> str:
    return SORT.get(table, _BY_ENTITY)


def names(table: str) -> str:
    return ", ".join(f'"{name}"' for name in COLUMNS[table])


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the live tables; tables of a store from before there was sealing become them."""
    kinds = dict(
        connection.execute(
            "SELECT table_name, table_type FROM information_schema.tables"
            " WHERE table_schema = 'main'"
        ).fetchall()
    )
    for table in LIVE:
        if kinds.get(table) == "BASE TABLE":
            connection.execute(f"ALTER TABLE {table} RENAME TO {live(table)}")
            connection.execute(
                f"ALTER TABLE {live(table)} ADD COLUMN tenant VARCHAR DEFAULT 'default'"
            )
        columns = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS[table].items())
        unique = ", PRIMARY KEY (seq)" if table == APPLIED else ""
        connection.execute(f"CREATE TABLE IF NOT EXISTS {live(table)} ({columns}{unique})")
    connection.execute("CREATE TABLE IF NOT EXISTS replaced (seq BIGINT PRIMARY KEY)")


def parquet(folder: Path, files: Iterable[File]) -> str:
    """A table function over files; the folder is ours, quotes in its path are doubled."""
    paths = ", ".join("'" + str(folder / file.name).replace("'", "''") + "'" for file in files)
    return f"read_parquet([{paths}])"


def stored(
    table: str,
    folder: Path,
    segments: Sequence[Segment],
    bad: Iterable[str] = (),
    *,
    replaced: bool = False,
) -> list[str]:
    """SELECTs over what is sealed of a table, without damaged files and replaced records."""
    whole: list[File] = []
    parts: list[tuple[list[File], str]] = []
    for segment in segments:
        files = [f for f in segment.files if f.table == table and f.name not in bad]
        if files and segment.cut:
            parts.append((files, f"{key(table)} < {segment.until}"))
        else:
            whole += files
    if whole:
        parts.insert(0, (whole, ""))
    other = f"{key(table)} NOT IN (SELECT seq FROM replaced)"
    selects = []
    for files, limit in parts:
        wheres = [limit] * bool(limit) + [other] * (replaced and table != POINTS_5M)
        where = f" WHERE {' AND '.join(wheres)}" if wheres else ""
        selects.append(f"SELECT {names(table)} FROM {parquet(folder, files)}{where}")
    return selects


def views(
    folder: Path | None, manifest: Manifest, bad: Iterable[str], *, replaced: bool
) -> list[str]:
    """Statements that make live and sealed rows one view each."""
    statements = []
    for table in (*LIVE, POINTS_5M):
        selects = []
        if folder is not None:
            selects = stored(table, folder, manifest.segments, bad, replaced=replaced)
        if table == POINTS_5M:
            body = _merged(selects)
        else:
            body = " UNION ALL ".join([f"SELECT {names(table)} FROM {live(table)}", *selects])
        statements.append(f"CREATE OR REPLACE VIEW {table} AS {body}")
    return statements


def _merged(selects: Sequence[str]) -> str:
    """Late points made a second row of the same five minutes: one is shown."""
    if not selects:
        nulls = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in COLUMNS[POINTS_5M].items())
        return f"SELECT {nulls} WHERE false"
    series = ", ".join(_SERIES_5M)
    return (
        f'SELECT {series}, min("min") AS "min", max("max") AS "max", sum("sum") AS "sum",'
        ' sum("count")::BIGINT AS "count", arg_max("last", last_ts) AS "last",'
        " max(last_ts) AS last_ts, arg_max(last_count, last_ts) AS last_count,"
        f" min(ledger_seq) AS ledger_seq FROM ({' UNION ALL '.join(selects)}) GROUP BY {series}"
    )


FIVE_MINUTES_NS = 300_000_000_000


def downsampled(source: str) -> str:
    """SELECT of one row for each series and five minutes of the points in ``source``.

    NaN is a missing number and counts for nothing.
    """
    known = 'FILTER (NOT isnan("value"))'
    return (
        f"SELECT ts - ts % {FIVE_MINUTES_NS} AS ts, entity, instance, metric, unit, kind,"
        " temporality, monotonic, attributes, tenant,"
        f' min("value") {known} AS "min", max("value") {known} AS "max",'
        f' sum("value") {known} AS "sum", count(*) {known} AS "count",'
        f' arg_max("value", (points.ts, ledger_seq)) {known} AS "last", max(points.ts) AS last_ts,'
        ' arg_max("count", (points.ts, ledger_seq)) AS last_count, min(ledger_seq) AS ledger_seq'
        f" FROM ({source}) AS points GROUP BY ALL"
    )
