"""Times of files in any usual form: numbers since 1970, timestamps, ISO 8601 text."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from opsweave.kernel.errors import RejectInput

TIME_NAMES = ("timestamp", "time", "ts", "datetime", "date", "@timestamp")
_NS = 1_000_000_000
_UNITS = (("s", 1e11, _NS), ("ms", 1e14, 1_000_000), ("us", 1e17, 1_000), ("ns", 1e21, 1))
_WRITE = "write times as 2026-01-31T08:00:00Z, or as a number since 1970"
_DAY_OR_MONTH = re.compile(r"\s*\d{1,2}[-/.\s]\d{1,2}[-/.\s]\d{2,4}\b")
_ISO = (
    "TRY_CAST(t AS TIMESTAMPTZ), "
    "try_strptime(t, ['%Y%m%dT%H%M%S%z', '%Y%m%dT%H%M%SZ', '%Y%m%dT%H%M%S'])"
)


class Times(msgspec.Struct, frozen=True, kw_only=True):
    """What was found out about the times of a file."""

    column: str | None = None
    unit: str | None = None
    unsorted: int = 0
    duplicates: int = 0
    missing: int = 0


def times_of(
    name: str, column: str, raw: Any
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.intp], Times]:
    """Nanoseconds since 1970, the rows that have a time in its order, and what was found out."""
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
    if len(absent) and absent.all():
        raise RejectInput(f"{name}: no row has a time", field=column, action=_WRITE)
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
    """ISO 8601 or numbers as text; what cannot be read counts as missing, unless nothing can."""
    said = filled.astype(str)
    first = next((text for text, gone in zip(said, absent, strict=True) if not gone), "")
    unsure(name, column, first)
    numbers, none = _cast(said, "TRY_CAST(t AS DOUBLE)")
    if not (none & ~absent).any():
        numbers = np.where(absent, 0.0, numbers)
        return *_numeric(name, column, numbers, absent), absent
    ns, none = _cast(said, f"epoch_ns(CAST(coalesce({_ISO}) AS TIMESTAMP))")
    bad = absent | none
    if len(bad) and bad.all() and not absent.all():
        raise RejectInput(f"{name}: {first[:40]!r} is no time", field=column, action=_WRITE)
    return "text", np.where(bad, 0, ns).astype(np.int64), bad


def _cast(said: Any, how: str) -> tuple[Any, npt.NDArray[np.bool_]]:
    """Each text ``t`` by an expression of DuckDB, and which it gives nothing for."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("said", {"t": said})
        found = np.ma.asarray(
            connection.execute(f"SELECT {how} AS it FROM said").fetchnumpy()["it"]
        )
    return np.ma.getdata(found), np.asarray(np.ma.getmaskarray(found))


def unsure(name: str, column: str, said: str) -> None:
    """Refuses a date that begins with its day or its month: which, nobody can know."""
    if _DAY_OR_MONTH.match(said):
        raise RejectInput(
            f"{name}: {said[:40]!r} does not say whether the day or the month is first",
            field=column,
            action=_WRITE,
        )
