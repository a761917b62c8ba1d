"""Files of series for ``opsweave detect``: columns by what they hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from opsweave.cli._csv import is_number, read_csv
from opsweave.cli._times import TIME_NAMES, Times, times_of
from opsweave.kernel.errors import RejectInput
from opsweave.kernel.patterns import literal

Floats = npt.NDArray[np.float64]
SUFFIXES = (".parquet", ".csv", ".csv.gz")
KEY_NAME = "series"
ANSWERS = ("label", "labels", "is_anomaly", "anomaly", "split")
"""Columns that tell the answer or the purpose of a row: never read."""
_UNFIT = "not a number "
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")


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


def suffix(path: Path) -> str:
    """Which of the endings it has; '' for none of them."""
    return next((one for one in SUFFIXES if path.name.lower().endswith(one)), "")


def read(path: Path) -> Table:
    """The file; RejectInput names what is wrong with it."""
    import duckdb

    if not suffix(path):
        raise RejectInput(f"{path.name}: neither .parquet nor .csv", field="FILE")
    if not path.is_file():
        raise RejectInput(f"{path}: no such file", field="FILE")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        try:
            if suffix(path) == ".parquet":
                found = connection.execute("FROM read_parquet(?)", [literal(path)])
            else:
                found = read_csv(connection, path)
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
    ignored = {c: _unfit(c, types[c], data[c]) for c in types if c not in {clock, key}}
    ignored = {c: why for c, why in ignored.items() if why}
    values = {c: _floats(data[c]) for c in types if c not in ignored and c not in {clock, key}}
    if not values:
        raise RejectInput(
            f"{name}: no column of numbers among {_kinds(types, ignored)}",
            field="value",
            action="give columns timestamp,value with values of a numeric type",
        )
    rows = len(next(iter(values.values())))
    if clock is None:
        order = np.arange(rows)
        times_ns, times = None, Times()
    else:
        times_ns, order, times = times_of(name, clock, data[clock])
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


def _kinds(types: dict[str, str], ignored: dict[str, str]) -> str:
    told = (
        f"{c} {ignored[c].removeprefix(_UNFIT)}" if c in ignored else f"{c} ({kind.lower()})"
        for c, kind in types.items()
    )
    return ", ".join(told) or "none"


def _unfit(column: str, kind: str, values: Any) -> str:
    """Why a column holds no values to judge."""
    if column.lower() in ANSWERS:
        return "an answer or a split, never read"
    kind = kind.upper()
    if not kind.endswith("]") and kind.lstrip("U").startswith(_NUMBERS):
        return ""
    return f"{_UNFIT}({kind.lower()}{_odd(values) if kind == 'VARCHAR' else ''})"


def _odd(values: Any) -> str:
    """The first text that is no number, and where."""
    absent = np.ma.getmaskarray(np.ma.asarray(values))
    for row, text in enumerate(np.ma.getdata(np.ma.asarray(values))):
        if not absent[row] and not is_number(str(text)):
            return f", {str(text)[:40]!r} in row {row + 1}"
    return ""


def _absent(values: Any) -> bool:
    """A column without a single value has no type of its own."""
    return bool(np.ma.getmaskarray(np.ma.asarray(values)).all())


def _floats(values: Any) -> Floats:
    if _absent(values):
        return np.full(len(values), np.nan)
    filled = np.ma.asarray(values).astype(np.float64)
    return np.asarray(np.ma.filled(filled, np.nan), np.float64)
