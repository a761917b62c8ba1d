"""One file of ``opsweave detect``: read, judge, write, sum up."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from opsweave.cli._series import Floats, Table, read, suffix
from opsweave.kernel.errors import RejectInput

Columns = dict[str, Any]


def detect_file(path: Path, out: Path | None, budget: float | None) -> dict[str, Any]:
    """The summary of ``path``; scores by row go to ``out``, in the order of the file."""
    if out is not None and out.resolve() == path.resolve():
        raise RejectInput(f"{out} would be overwritten", field="--out", action="name another file")
    started = time.perf_counter()
    table = read(path)
    if len(table.values) == 1:
        columns, body = _univariate(table, budget)
    else:
        columns, body = _entity(table, budget)
    renamed = _renamed(table, columns)
    if out is not None:
        _write(out, table, columns, renamed)
    return {
        "file": str(path),
        "rows": table.rows,
        "columns": list(table.values),
        "ignored": table.ignored,
        "renamed": renamed,
        "times": _times(table),
        **body,
        "seconds": round(time.perf_counter() - started, 3),
    }


def _univariate(table: Table, budget: float | None) -> tuple[Columns, dict[str, Any]]:
    """Each series of the file by itself."""
    from opsweave.analysis.detection.shelf.found import episodes, gaps
    from opsweave.analysis.detection.shelf.score import BUDGET, score

    [(name, values)] = table.values.items()
    columns: Columns = {
        "score": np.zeros(table.rows),
        "expected": np.full(table.rows, np.nan),
        "lower": np.full(table.rows, np.nan),
        "upper": np.full(table.rows, np.nan),
        "anomaly": np.zeros(table.rows, np.bool_),
    }
    found, silent = [], []
    groups = _groups(table)
    for series, rows in groups:
        part = values[rows]
        times = None if table.times_ns is None else table.times_ns[rows]
        scores = score(part[None, :], times, budget=budget or BUDGET)
        for column, array in columns.items():
            array[rows] = getattr(scores, column)[0]
        where = {} if series is None else {"series": series}
        found += [{**where, **_told(table, rows, e)} for e in episodes(part, scores)]
        silent += [
            {**where, "onset": _when(table, rows[a]), "end": _when(table, rows[b])}
            for a, b in gaps(part, scores)
        ]
    return columns, {
        "kind": "series",
        "column": name,
        "series": len(groups),
        "missing_values": int(np.isnan(values).sum()),
        "budget": budget or BUDGET,
        "episodes": found,
        "silent": silent,
    }


def _entity(table: Table, budget: float | None) -> tuple[Columns, dict[str, Any]]:
    """All value columns together: one answer a row, and who is to blame."""
    from opsweave.analysis.detection.entity import EntityConfig, score_entity

    config = EntityConfig() if budget is None else EntityConfig(budget=budget)
    names = list(table.values)
    whole = np.column_stack([table.values[n] for n in names])
    columns: Columns = {"score": np.zeros(table.rows), "anomaly": np.zeros(table.rows, np.bool_)}
    columns |= {f"contribution.{name}": np.zeros(table.rows) for name in names}
    groups, found = _groups(table), []
    for series, order in groups:
        rows = whole[order]
        times = None if table.times_ns is None else table.times_ns[order]
        said = score_entity(rows, times, config=config)
        columns["score"][order], columns["anomaly"][order] = said.score, said.anomaly
        for j, name in enumerate(names):
            columns[f"contribution.{name}"][order] = said.contributions[:, j]
        where = {} if series is None else {"series": series}
        for first, last in _runs(said.anomaly):
            onset = {**where, "onset": _when(table, order[first]), "end": _when(table, order[last])}
            found.append(onset | _blamed(names, rows, said, int(first), int(last)))
    return columns, {
        "kind": "entity",
        "series": len(groups),
        "missing_values": int(np.isnan(whole).sum()),
        "budget": config.budget,
        "episodes": found,
        "silent": [],
    }


def _runs(flags: npt.NDArray[np.bool_]) -> Any:
    """(first, last) of each run of true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(a, b - 1) for a, b in edges.reshape(-1, 2)]


def _blamed(names: list[str], rows: Floats, said: Any, first: int, last: int) -> dict[str, Any]:
    """An episode of an entity, told by the column that explains most of it."""
    peak = first + int(np.argmax(said.score[first : last + 1]))
    shares = said.contributions[peak]
    worst = [int(j) for j in np.argsort(-shares)[:3] if shares[j] > 0]
    lead = worst[0] if worst else 0
    seen, expected = float(rows[peak, lead]), float(said.expected[peak, lead])
    blame = {names[j]: round(float(shares[j]), 3) for j in worst}
    told = ", ".join(f"{name} {100 * share:.0f} %" for name, share in blame.items())
    return {
        "direction": _direction(seen, expected),
        "expected": _number(expected),
        "seen": _number(seen),
        "score": round(float(said.score[peak]), 3),
        "columns": blame,
        "reason": f"{names[lead]} {seen:.6g}, expected {expected:.6g}; explained by {told}",
    }


def _groups(table: Table) -> list[tuple[str | None, npt.NDArray[np.intp]]]:
    """Rows of each series, by time."""
    if table.key is None:
        return [(None, table.order)]
    keys = table.key[table.order]
    return [(str(k), table.order[keys == k]) for k in dict.fromkeys(keys.tolist())]


def _told(table: Table, rows: npt.NDArray[np.intp], e: Any) -> dict[str, Any]:
    return {
        "onset": _when(table, rows[e.onset]),
        "found": _when(table, rows[e.found]),
        "end": _when(table, rows[e.end]),
        "direction": {1: "up", -1: "down"}.get(e.direction, "none"),
        "expected": _number(e.expected),
        "lower": _number(e.lower),
        "upper": _number(e.upper),
        "seen": _number(e.seen),
        "score": round(e.score, 3),
        "kind": e.reason,
        "reason": e.says,
    }


def _direction(seen: float, expected: float) -> str:
    return "up" if seen > expected else "down" if seen < expected else "none"


def _number(value: float) -> float | None:
    return float(f"{value:.6g}") if np.isfinite(value) else None


def _when(table: Table, row: Any) -> str | int:
    """A time in UTC, or the row's number."""
    from opsweave.kernel.clock import iso

    if table.times_ns is None:
        return int(row)
    return iso(int(table.times_ns[row])) or int(row)


def _times(table: Table) -> dict[str, Any]:
    t = table.times
    if t.column is None:
        return {"column": None, "says": "no column of times: rows are taken one after the other"}
    return {
        "column": t.column,
        "unit": t.unit,
        "unsorted": t.unsorted,
        "duplicates": t.duplicates,
        "missing": t.missing,
    }


def _renamed(table: Table, columns: Columns) -> dict[str, str]:
    """Columns of the file that would be mistaken for answers, each with its name beside them."""
    taken = {name.lower() for name in (*table.values, *columns, "series")}
    made = {}
    for name in table.values:
        if name.lower() in {answer.lower() for answer in columns}:
            other = f"value.{name}"
            while other.lower() in taken:
                other = f"value.{other}"
            taken.add(other.lower())
            made[name] = other
    return made


def _write(out: Path, table: Table, columns: Columns, renamed: dict[str, str]) -> None:
    """Whole or not at all."""
    import duckdb

    whole: Columns = {}
    if table.raw is not None:
        whole[str(table.times.column)] = table.raw
    if table.key is not None:
        whole["series"] = table.key
    whole |= {renamed.get(name, name): values for name, values in table.values.items()} | columns
    names = ", ".join(_select(name, array) for name, array in whole.items())
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    form = "parquet" if suffix(out) == ".parquet" else "csv, header"
    if suffix(out) == ".csv.gz":
        form += ", compression gzip"
    quoted = str(part).replace("'", "''")
    try:
        with duckdb.connect() as connection:
            connection.register("made", whole)
            connection.execute(f"COPY (SELECT {names} FROM made) TO '{quoted}' (FORMAT {form})")
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _select(name: str, array: Any) -> str:
    """A column; NaN is null in a file."""
    quoted = '"' + name.replace('"', '""') + '"'
    if array.dtype.kind == "f":
        return f"CASE WHEN isfinite({quoted}) THEN {quoted} END AS {quoted}"
    return quoted
