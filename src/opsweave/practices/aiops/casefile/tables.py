"""Parquet columns of a case folder as arrays."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from opsweave.analysis.causality.dossier import Lines, Metrics, SeriesName, Spans
from opsweave.kernel.errors import RejectInput
from opsweave.kernel.patterns import literal

if TYPE_CHECKING:
    import duckdb

_NAMES = ("entity", "entity_kind", "metric", "unit")
_METRICS = ("ts", "entity", "metric", "value")
_LINES = ("ts", "entity", "body")
_SPANS = ("ts", "duration_us", "trace_id", "span_id", "parent_id", "entity", "operation")


def read_metrics(path: Path) -> Metrics:
    """``metrics.parquet``; samples that are not finite are left out. Empty without the file."""
    with _opened(path, _METRICS) as (database, there):
        if database is None:
            return Metrics()
        parts = {c: f"coalesce(\"{c}\"::VARCHAR, '')" if c in there else "''" for c in _NAMES}
        texts = ", ".join(f'{text} AS "{c}"' for c, text in parts.items())
        samples = (
            f"SELECT ts, TRY_CAST(value AS DOUBLE) AS value, {texts} FROM read_parquet($path) "
            "WHERE ts IS NOT NULL AND coalesce(entity::VARCHAR, '') <> '' "
            "AND isfinite(TRY_CAST(value AS DOUBLE))"
        )
        keys = ", ".join(_NAMES)
        database.execute(
            f"CREATE TABLE names AS SELECT *, row_number() OVER (ORDER BY {keys}) - 1 AS code "
            f"FROM (SELECT DISTINCT {keys} FROM ({samples}))",
            {"path": literal(path)},
        )
        names = database.execute(f"SELECT {keys} FROM names ORDER BY code").fetchall()
        found = database.execute(
            "SELECT epoch_ns(ts) AS ts, code, value::DOUBLE AS value "
            f"FROM ({samples}) JOIN names USING ({keys}) ORDER BY code, ts, value",
            {"path": literal(path)},
        ).fetchnumpy()
    codes = np.asarray(found["code"], np.int64)
    return Metrics(
        names=[SeriesName(*row) for row in names],
        offsets=np.searchsorted(codes, np.arange(len(names) + 1)).astype(np.int64),
        times_ns=np.asarray(found["ts"], np.int64),
        values=np.asarray(found["value"], np.float64),
    )


def read_lines(path: Path) -> Lines:
    """``logs.parquet``."""
    optional = ("severity", "trace_id", "span_id", "attributes")
    columns = _columns(path, _LINES, optional)
    if not columns:
        return Lines()
    order = np.argsort(columns["ts"], kind="stable")
    texts = {name: _texts(columns[name], order) for name in ("entity", "body", *optional)}
    return Lines(times_ns=columns["ts"][order], **texts)


def read_spans(path: Path) -> Spans:
    """``spans.parquet``."""
    columns = _columns(path, _SPANS, ("status", "attributes"))
    if not columns:
        return Spans()
    order = np.argsort(columns["ts"], kind="stable")
    names = (*_SPANS[2:], "status", "attributes")
    return Spans(
        times_ns=columns["ts"][order],
        duration_us=np.asarray(columns["duration_us"], np.int64)[order],
        **{name: _texts(columns[name], order) for name in names},
    )


def _columns(path: Path, needed: tuple[str, ...], optional: tuple[str, ...]) -> dict[str, Any]:
    """Columns by name, times in ns; optional ones that are absent are ''. Empty without rows."""
    with _opened(path, needed) as (database, there):
        if database is None:
            return {}
        shown = [name for name in (*needed, *optional) if name in there and name != "ts"]
        kept = (
            f'TRY_CAST("{name}" AS BIGINT) AS "{name}"' if name == "duration_us" else f'"{name}"'
            for name in shown
        )
        wanted = ", ".join(["epoch_ns(ts) AS ts", *kept])
        found = database.execute(
            f"SELECT {wanted} FROM read_parquet(?) WHERE ts IS NOT NULL", [literal(path)]
        ).fetchnumpy()
    size = len(found["ts"])
    if not size:
        return {}
    for name in optional:
        found.setdefault(name, np.full(size, "", dtype=object))
    return {name: np.ma.filled(column, _fill(column)) for name, column in found.items()}


@contextlib.contextmanager
def _opened(
    path: Path, needed: tuple[str, ...]
) -> Iterator[tuple[duckdb.DuckDBPyConnection | None, set[str]]]:
    """A database to read ``path`` with, and its columns; None when there is no such file.

    Raises RejectInput on a missing column and on whatever the file does not bear.
    """
    import duckdb

    if not path.exists():
        yield None, set()
        return
    with duckdb.connect() as database:
        database.execute("SET enable_progress_bar = false")
        try:
            named = "SELECT name FROM parquet_schema(?)"
            there = {row[0] for row in database.execute(named, [literal(path)]).fetchall()}
            missing = [name for name in needed if name not in there]
            if missing:
                raise RejectInput(
                    f"has no column {missing[0]}", field=path.name, action="see docs/causality.md"
                )
            described = database.execute(
                "DESCRIBE FROM read_parquet(?)", [literal(path)]
            ).fetchall()
            kind = next((row[1] for row in described if row[0] == "ts"), "")
            if not kind.startswith("TIMESTAMP"):
                raise RejectInput(
                    f"ts is {kind}", field=path.name, action="write it as a TIMESTAMP in UTC"
                )
            yield database, there
        except duckdb.Error as error:
            raise RejectInput(str(error).splitlines()[0], field=path.name) from error


def _fill(column: Any) -> Any:
    return "" if column.dtype == object else np.nan if column.dtype.kind == "f" else 0


def _texts(column: Any, order: Any) -> list[str]:
    return ["" if text is None else str(text) for text in column[order]]
