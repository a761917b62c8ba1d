"""What is drawn of a metric, by its kind: SQL over the points, one value a bucket and group."""

from __future__ import annotations

from collections import defaultdict
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from opsweave.kernel.clock import SECOND
from opsweave.kernel.errors import RejectInput
from opsweave.server.explore.frame import QUERY_S, Span, Telemetry, in_time, rows
from opsweave.server.explore.where import Condition

_GAUGE = {
    "mean": "avg(value)",
    "max": "max(value)",
    "min": "min(value)",
    "last": "arg_max(value, ts)",
}
_QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
_GROUPS = ("entity", "instance")


class Metric(NamedTuple):
    """What the record says of a metric in the time asked for."""

    name: str
    unit: str
    kind: str
    cumulative: bool
    points: int
    entities: int


Lines = dict[str, dict[int, float]]
"""Values by bucket number, by group; '' is the only group where nothing was grouped."""


def shows(metric: Metric) -> tuple[str, ...]:
    """What can be drawn of it, the usual first."""
    if metric.kind == "histogram":
        return (*_QUANTILES, "mean", "rate")
    if metric.kind == "sum":
        return ("rate", "last")
    return tuple(_GAUGE)


def metrics(telemetry: Telemetry, held: Condition, limit: int = 500) -> list[Metric]:
    """The metrics under a condition, by name."""
    found = telemetry.query(
        "SELECT metric, any_value(unit) AS unit, any_value(kind) AS kind, "
        "bool_or(temporality = 'cumulative') AS cumulative, count(*) AS points, "
        "count(DISTINCT entity) AS entities "
        f"FROM points WHERE {held.sql} GROUP BY metric ORDER BY metric",
        held.parameters,
        limit=limit,
        timeout_s=QUERY_S,
    )
    return [
        Metric(
            row["metric"],
            row["unit"] or "",
            row["kind"],
            bool(row["cumulative"]),
            row["points"],
            row["entities"],
        )
        for row in rows(found)
    ]


def measured(
    telemetry: Telemetry, metric: Metric, condition: Condition, span: Span, *, show: str, by: str
) -> Lines:
    """The lines to draw. Raises RejectInput for a ``show`` that this kind does not have."""
    if show not in shows(metric):
        raise RejectInput(
            f"{show!r} cannot be drawn of a {metric.kind}",
            field="show",
            action=f"choose from {', '.join(shows(metric))}",
        )
    group, group_value = _group(by)
    one = Condition(f"metric = ? AND {condition.sql}", (metric.name, *condition.parameters))
    held = in_time(one, span)
    base = (
        f"SELECT ts, (ts - ?) // ? AS bucket, {group} AS grp, value, count, bounds, buckets, "
        f"entity || '|' || instance || '|' || attributes AS series FROM points WHERE {held.sql}"
    )
    parameters = (span.since_ns, span.step_ns, *group_value, *held.parameters)
    if show in _QUANTILES:
        return _quantile(telemetry, base, parameters, metric.cumulative, _QUANTILES[show])
    found = telemetry.query(_statement(metric, show, base), parameters, timeout_s=QUERY_S)
    per_second = show == "rate" and not metric.cumulative
    lines: Lines = defaultdict(dict)
    for row in rows(found):
        width = span.covered(row["bucket"]) if per_second else 1.0
        if row["value"] is not None and width:
            lines[row["grp"] or ""][row["bucket"]] = float(row["value"]) / width
    return dict(lines)


def _statement(metric: Metric, show: str, base: str) -> str:
    """One value a bucket and group; rates of deltas are still to be divided by their time."""
    by = "GROUP BY bucket, grp"
    if show in _GAUGE and metric.kind != "histogram":
        return f"SELECT bucket, grp, {_GAUGE[show]} AS value FROM ({base}) {by}"
    stepped = (
        "SELECT *, lag(ts) OVER before AS ts_before, lag(value) OVER before AS value_before, "
        f"lag(count) OVER before AS count_before FROM ({base}) "
        "WINDOW before AS (PARTITION BY series ORDER BY ts)"
    )
    total, count = (_step(name, metric.cumulative) for name in ("value", "count"))
    if show != "rate":
        value = f"sum({total}) / nullif(sum({count}), 0)"
        return f"SELECT bucket, grp, {value} AS value FROM ({stepped}) {by}"
    added = total if metric.kind == "sum" else count
    if not metric.cumulative:
        return f"SELECT bucket, grp, sum({added}) AS value FROM ({stepped}) {by}"
    # What was added is divided by the time in which it was, so that a gap is no burst.
    series = (
        f"SELECT bucket, grp, sum({added}) * {SECOND} / nullif(sum(ts - ts_before), 0) AS rate "
        f"FROM ({stepped}) GROUP BY bucket, grp, series"
    )
    return f"SELECT bucket, grp, sum(rate) AS value FROM ({series}) {by}"


def _step(column: str, cumulative: bool) -> str:
    """What was added since the series' last point; a counter that fell began again at 0.

    The first point of a cumulative series says nothing: what was added before is not known.
    """
    if not cumulative:
        return column
    before = f"{column}_before"
    return (
        f"CASE WHEN {column} >= {before} THEN {column} - {before} "
        f"WHEN {before} IS NOT NULL THEN {column} END"
    )


def _quantile(
    telemetry: Telemetry, base: str, parameters: tuple[Any, ...], cumulative: bool, q: float
) -> Lines:
    cells = (
        "SELECT ts, bucket, grp, series, bounds, unnest(buckets) AS n, "
        f"generate_subscripts(buckets, 1) AS place FROM ({base})"
    )
    stepped = (
        f"SELECT *, lag(n) OVER (PARTITION BY series, place ORDER BY ts) AS n_before FROM ({cells})"
    )
    found = telemetry.query(
        f"SELECT bucket, grp, bounds, place, sum({_step('n', cumulative)}) AS n "
        f"FROM ({stepped}) GROUP BY bucket, grp, bounds, place ORDER BY place",
        parameters,
        timeout_s=QUERY_S,
    )
    counts: dict[tuple[str, int], dict[tuple[float, ...], list[float]]] = {}
    for row in rows(found):
        held = counts.setdefault((row["grp"] or "", row["bucket"]), {})
        held.setdefault(tuple(row["bounds"]), []).append(float(row["n"] or 0))
    lines: Lines = defaultdict(dict)
    for (group, bucket), held in counts.items():
        bounds, most = max(held.items(), key=lambda one: sum(one[1]))
        value = histogram_quantile(bounds, most, q)
        if value is not None:
            lines[group][bucket] = value
    return dict(lines)


def histogram_quantile(bounds: tuple[float, ...], counts: list[float], q: float) -> float | None:
    """By linear interpolation inside the bucket, from 0 in the first; the highest bound when it
    lies above (Prometheus' rule). None without values.

    >>> histogram_quantile((1.0, 2.0), [2.0, 2.0, 0.0], 0.75)
    1.5
    """
    total = sum(counts)
    if not total or not bounds:
        return None
    wanted = q * total
    edges = [0.0 if bounds[0] > 0 else bounds[0], *bounds]
    reached = [0.0, *accumulate(counts)]
    for (low, high), (before, after) in zip(pairwise(edges), pairwise(reached), strict=False):
        if after >= wanted and after > before:
            return low + (high - low) * (wanted - before) / (after - before)
    return bounds[-1]


def _group(by: str) -> tuple[str, tuple[str, ...]]:
    if not by:
        return "''", ()
    if by in _GROUPS:
        return by, ()
    return "coalesce(json_extract_string(attributes, ?), '')", ('$."' + by.replace('"', "") + '"',)
