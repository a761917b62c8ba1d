"""Parquet columns of a case folder as arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from opsweave.analysis.causality.dossier import Lines, Metrics, SeriesName, Spans
from opsweave.kernel.errors import RejectInput

_METRICS = ("ts", "entity", "metric", "value")
_LINES = ("ts", "entity", "body")
_SPANS = ("ts", "duration_us", "trace_id", "span_id", "parent_id", "entity", "operation")


def read_metrics(path: Path) -> Metrics:
    """``metrics.parquet``; samples that are not finite are left out. Empty without the file."""
    columns = _columns(path, _METRICS, ("entity_kind", "unit"))
    if not columns:
        return Metrics()
    entity, kind, metric, unit = (columns[c] for c in ("entity", "entity_kind", "metric", "unit"))
    names, series = _numbered(entity, kind, metric, unit)
    values = np.asarray(columns["value"], np.float64)
    times = np.asarray(columns["ts"], np.int64)
    order = np.lexsort((times, series))
    order = order[np.isfinite(values[order])]
    offsets = np.searchsorted(series[order], np.arange(len(names) + 1))
    return Metrics(
        names=names,
        offsets=offsets.astype(np.int64),
        times_ns=times[order],
        values=values[order],
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
    import duckdb

    if not path.exists():
        return {}
    with duckdb.connect() as database:
        try:
            there = {
                row[0]
                for row in database.execute(
                    "SELECT name FROM parquet_schema(?)", [str(path)]
                ).fetchall()
            }
            missing = [name for name in needed if name not in there]
            if missing:
                raise RejectInput(
                    f"has no column {missing[0]}", field=path.name, action="see docs/causality.md"
                )
            shown = [name for name in (*needed, *optional) if name in there and name != "ts"]
            wanted = ", ".join(["epoch_ns(ts) AS ts", *(f'"{name}"' for name in shown)])
            found = database.execute(
                f"SELECT {wanted} FROM read_parquet(?)",
                [str(path)],
            ).fetchnumpy()
        except duckdb.Error as error:
            raise RejectInput(str(error).splitlines()[0], field=path.name) from error
    size = len(found["ts"])
    if not size:
        return {}
    for name in optional:
        found.setdefault(name, np.full(size, "", dtype=object))
    return {name: np.ma.filled(column, _fill(column)) for name, column in found.items()}


def _fill(column: Any) -> Any:
    return "" if column.dtype == object else np.nan if column.dtype.kind == "f" else 0


def _texts(column: Any, order: Any) -> list[str]:
    return ["" if text is None else str(text) for text in column[order]]


def _numbered(*columns: Any) -> tuple[list[SeriesName], Any]:
    """The distinct rows of text columns, sorted, and the number of each row among them."""
    numbers: dict[tuple[str, ...], int] = {}
    rows = [tuple("" if x is None else str(x) for x in row) for row in zip(*columns, strict=True)]
    for row in rows:
        numbers.setdefault(row, len(numbers))
    ordered = sorted(numbers)
    place = {numbers[row]: i for i, row in enumerate(ordered)}
    places = np.array([place[i] for i in range(len(ordered))], np.int64)
    codes = np.fromiter((numbers[row] for row in rows), np.int64, len(rows))
    return [SeriesName(*row) for row in ordered], places[codes]
