"""Writes Parquet files that hold exactly what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from opsweave.kernel.errors import Bug
from opsweave.record.telemetry.sealed import disk, layout
from opsweave.record.telemetry.sealed.manifest import File

_OPTIONS = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440"
PART = ".part"


class _Content(NamedTuple):
    rows: int
    digest: int
    min_ts: int
    max_ts: int


def write(
    cursor: duckdb.DuckDBPyConnection,
    folder: Path,
    table: str,
    source: str,
    parameters: Sequence[int],
    prefix: str,
) -> list[File]:
    """One file for each tenant in ``source``, on the disk and compared with it; none yet counts."""
    rows = cursor.execute(
        f"SELECT tenant, {_content(table)} FROM ({source}) AS t GROUP BY tenant ORDER BY tenant",
        parameters,
    ).fetchall()
    made = []
    for number, (tenant, *values) in enumerate(rows):
        name = f"{prefix}-{table}-{number}.parquet"
        own = f"SELECT {layout.names(table)} FROM ({source}) WHERE tenant = ?"
        made.append(
            _one(cursor, folder / name, (table, tenant), own, parameters, _Content(*values))
        )
    return made


def _one(
    cursor: duckdb.DuckDBPyConnection,
    path: Path,
    what: tuple[str, str],
    source: str,
    parameters: Sequence[int],
    expected: _Content,
) -> File:
    table, tenant = what
    part = path.with_name(path.name + PART)
    target = str(part).replace("'", "''")
    cursor.execute(
        f"COPY ({source} ORDER BY {layout.order(table)}) TO '{target}' ({_OPTIONS})",
        [*parameters, tenant],
    )
    part.chmod(0o400)
    disk.sync(part)
    found = cursor.execute(
        f"SELECT {_content(table)} FROM read_parquet('{target}') AS t"
    ).fetchone()
    if found != tuple(expected):
        part.unlink()
        raise Bug(f"sealing {table} wrote {found} and should have written {tuple(expected)}")
    file = File(
        name=path.name,
        table=table,
        tenant=tenant,
        rows=expected.rows,
        size=part.stat().st_size,
        sha256=disk.sha256(part),
        min_ts=expected.min_ts,
        max_ts=expected.max_ts,
    )
    disk.rename(part, path)
    return file


def _content(table: str) -> str:
    """What a file is compared by: number of rows, a digest over all of them, the span of time."""
    at = layout.time_of(table)
    row = ", ".join(f't."{name}"' for name in layout.COLUMNS[table])
    return f"count(*), bit_xor(hash({row})), min({at}), max({at})"
