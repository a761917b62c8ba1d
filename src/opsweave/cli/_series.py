"""Files of series for ``opsweave detect``: columns by what they hold, times in any usual form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from opsweave.kernel.errors import RejectInput
from opsweave.kernel.patterns import literal

Floats = npt.NDArray[np.float64]
SUFFIXES = (".parquet", ".csv")
TIME_NAMES = ("timestamp", "time", "ts", "datetime", "date", "@timestamp")
KEY_NAME = "series"
ANSWERS = ("label", "labels", "is_anomaly", "anomaly", "split")
"""Columns that tell the answer or the purpose of a row: never read."""
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")
_CSV = "read_csv_auto(?, sample_size = -1, nullstr = ['', 'NA', 'N/A', 'null', 'NULL', 'None'])"
"""Types by all rows: the first thousands may hold whole numbers and a later one a fraction."""
_NS = 1_000_000_000
_UNITS = (("s", 1e11, _NS), ("ms", 1e14, 1_000_000), ("us", 1e17, 1_000), ("ns", 1e21, 1))


class Times(msgspec.Struct, frozen=True, kw_only=True):
    """What was found out about the times of a file."""

    column: str | None = None
    unit: str | None = None
    unsorted: int = 0
    duplicates: int = 0
    missing: int = 0


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """``order``: positions of the rows that have a time, by time. ``raw`` is the time column as it
    stands in the file; ``key`` names the series of each row where a file holds several."""

    rows: int
    raw: Any
    key: Any
    times_ns: npt.NDArray[np.int64] | None
    order: npt.NDArray[np.intp]
    values: dict[str, Floats]
    ignored: dict[str, str]
    times: Times


def read(path: Path) -> Table:
    """The file; RejectInput names what is wrong with it."""
    import duckdb

    source = {".parquet": "read_parquet(?)", ".csv": _CSV}.get(path.suffix.lower())
    if source is None:
        raise RejectInput(f"{path.name}: neither .parquet nor .csv", field="FILE")
    if not path.is_file():
        raise RejectInput(f"{path}: no such file", field="FILE")
    with duckdb.connect() as connection:
        try:
            found = connection.execute(f"FROM {source}", [literal(path)])
            types = {str(d[0]): str(d[1]) for d in found.description or []}
            data = found.fetchnumpy()
        except duckdb.Error as error:
            first = str(error).splitlines()[0]
            raise RejectInput(f"{path.name} cannot be read: {first}", field="FILE") from error
    return _table(path.name, types, data)


def _table(name: str, types: dict[str, str], data: dict[str, Any]) -> Table:
    clock = next((c for c in types if c.lower() in TIME_NAMES), None)
    key = next((c for c in types if c.lower() == KEY_NAME), None)
    if not len(next(iter(data.values()), ())):
        raise RejectInput(
            f"{name} has no rows", field="FILE", action="give columns timestamp,value"
        )
    types = {c: "DOUBLE" if _absent(data[c]) else kind for c, kind in types.items()}
    ignored = {c: _unfit(c, types[c]) for c in types if c not in {clock, key}}
    ignored = {c: why for c, why in ignored.items() if why}
    values = {c: _floats(data[c]) for c in types if c not in ignored and c not in {clock, key}}
    if not values:
        raise RejectInput(
            f"{name}: no column of numbers among {_kinds(types)}",
            field="value",
            action="give columns timestamp,value with values of a numeric type",
        )
    rows = len(next(iter(values.values())))
    if clock is None:
        order = np.arange(rows)
        times_ns, times = None, Times()
    else:
        times_ns, order, times = _times(name, clock, data[clock])
    return Table(
        rows=rows,
        raw=None if clock is None else data[clock],
        key=None if key is None else np.ma.filled(data[key], -1).astype(str),
        times_ns=times_ns,
        order=order,
        values=values,
        ignored=ignored,
        times=times,
    )


def _kinds(types: dict[str, str]) -> str:
    return ", ".join(f"{column} ({kind.lower()})" for column, kind in types.items()) or "none"


def _unfit(column: str, kind: str) -> str:
    """Why a column holds no values to judge."""
    if column.lower() in ANSWERS:
        return "an answer or a split, never read"
    kind = kind.upper()
    if kind.endswith("]") or not kind.lstrip("U").startswith(_NUMBERS):
        return f"not a number ({kind.lower()})"
    return ""


def _absent(values: Any) -> bool:
    """A column without a single value has no type of its own."""
    return bool(np.ma.getmaskarray(np.ma.asarray(values)).all())


def _floats(values: Any) -> Floats:
    if _absent(values):
        return np.full(len(values), np.nan)
    filled = np.ma.asarray(values).astype(np.float64)
    return np.asarray(np.ma.filled(filled, np.nan), np.float64)


def _times(
    name: str, column: str, raw: Any
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.intp], Times]:
    absent = np.asarray(np.ma.getmaskarray(np.ma.asarray(raw)))
    filled = np.asarray(np.ma.getdata(np.ma.asarray(raw)))
    if filled.dtype.kind == "M":
        absent = absent | np.isnat(filled)
        unit, ns = "timestamp", filled.astype("datetime64[ns]").astype(np.int64)
    elif filled.dtype.kind in "iuf":
        absent = absent | ~np.isfinite(filled.astype(np.float64))
        unit, ns = _numeric(name, column, filled, absent)
    else:
        unit, ns, absent = _text(name, column, filled, absent)
    kept = np.flatnonzero(~absent)
    steps = np.diff(ns[kept])
    order = kept[np.argsort(ns[kept], kind="stable")]
    times = Times(
        column=column,
        unit=unit,
        unsorted=int((steps < 0).sum()),
        duplicates=int((np.diff(ns[order]) == 0).sum()),
        missing=int(absent.sum()),
    )
    return ns, order, times


def _numeric(
    name: str, column: str, filled: Any, absent: npt.NDArray[np.bool_]
) -> tuple[str, npt.NDArray[np.int64]]:
    """The unit from the size: seconds, milli-, micro- or nanoseconds since 1970."""
    known = np.abs(filled[~absent].astype(np.float64))
    largest = float(known.max()) if len(known) else 0.0
    for unit, least, factor in _UNITS:
        if largest < least:
            whole = np.where(absent, 0, filled)
            if whole.dtype.kind == "f":
                return unit, np.asarray(np.round(whole * factor), np.int64)
            return unit, whole.astype(np.int64) * factor
    raise RejectInput(f"{name}: {largest:g} is no time", field=column)


def _text(
    name: str, column: str, filled: Any, absent: npt.NDArray[np.bool_]
) -> tuple[str, npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """ISO 8601 text; what cannot be read counts as missing, unless nothing can."""
    import duckdb

    with duckdb.connect() as connection:
        connection.register("said", {"t": filled.astype(str)})
        asked = "SELECT epoch_ns(TRY_CAST(TRY_CAST(t AS TIMESTAMPTZ) AS TIMESTAMP)) AS ns FROM said"
        found = np.ma.asarray(connection.execute(asked).fetchnumpy()["ns"])
    bad = absent | np.ma.getmaskarray(found)
    if len(bad) and bad.all():
        first = str(filled[0])[:40] if len(filled) else ""
        raise RejectInput(
            f"{name}: {first!r} is no time", field=column, action="ISO 8601, or seconds since 1970"
        )
    return "text", np.asarray(np.ma.filled(found, 0), np.int64), bad
