"""An indicator drawn from the telemetry store, in as many buckets as a picture has room for."""

from __future__ import annotations

import math
import re
import statistics
from typing import NamedTuple

from opsweave.kernel.clock import MILLISECOND, SECOND
from opsweave.record.telemetry import TelemetryReader

BUCKET_NS = 5 * SECOND
LEAST_BEFORE = 5
"""Buckets before the onset that a band needs."""
_SCALE = 1.4826
"""Times the median absolute deviation: the standard deviation of a normal distribution."""
_WIDTH = 3.0
_ENTRY = "entity = ? AND kind IN ('server', 'consumer')"
_EXIT = "entity = ? AND kind IN ('client', 'producer')"
_SPANS = re.compile(r"(?P<side>client_)?(?P<what>requests|error_ratio|latency_p(?P<q>\d\d))")
_OWN = re.compile(r"self_time_p(?P<q>\d\d)")
_POINTS = re.compile(r"(?:(?P<how>rate|mean)\()?(?P<metric>[^{()]+)(?P<labels>\{.*\})?\)?")
_LOGS = {"logs": "", "error_logs": " AND severity >= 17"}
_UNDRAWN = ("slo:", "log_template:", "instances", "restarts")


class Key(NamedTuple):
    """What is drawn; ``peer`` for an edge."""

    entity: str
    indicator: str
    peer: str = ""


class Drawn(NamedTuple):
    """Buckets with their values; None is a gap. ``n`` records stand behind it."""

    x_ms: tuple[float, ...] = ()
    y: tuple[float | None, ...] = ()
    unit: str = ""
    n: int = 0
    missing: str = ""
    """Why there is nothing, in a sentence."""


class Window(NamedTuple):
    """``[since_ns, until_ns)`` in buckets of ``step_ns``."""

    since_ns: int
    until_ns: int
    step_ns: int

    @property
    def buckets(self) -> int:
        """How many."""
        return max(1, -(-(self.until_ns - self.since_ns) // self.step_ns))


def window(since_ns: int, until_ns: int, most: int) -> Window:
    """At most ``most`` buckets, each a whole number of 5 s."""
    length = max(BUCKET_NS, until_ns - since_ns)
    each = -(-length // (most * BUCKET_NS)) * BUCKET_NS
    return Window(since_ns // BUCKET_NS * BUCKET_NS, until_ns, each)


def ours(indicator: str) -> bool:
    """Whether it is an indicator that we make of spans or logs, whoever names it."""
    return indicator in _LOGS or any(kind.fullmatch(indicator) for kind in (_SPANS, _OWN))


class _Asked(NamedTuple):
    """Rows of a table under a condition, and what is made of those of a bucket."""

    rows: str
    held: str
    value: str
    unit: str = "''"
    more: tuple[str, ...] = ()
    stepped: bool = False
    """Counters: the increase since the row before of the same series."""


def drawn(telemetry: TelemetryReader, key: Key, over: Window) -> Drawn:
    """The indicator as :mod:`~opsweave.practices.aiops.signals` defines it; one query."""
    if key.indicator.startswith(_UNDRAWN):
        return Drawn(missing=f"{key.indicator} is made while data arrives and not kept.")
    own = _OWN.fullmatch(key.indicator)
    if own is not None:
        return _own_time(telemetry, key, over, f"0.{own['q']}")
    if key.indicator == "heartbeat":
        return _heard(telemetry, key, over)
    spans, points = _SPANS.fullmatch(key.indicator), _POINTS.fullmatch(key.indicator)
    seconds = over.step_ns / SECOND
    if spans is not None:
        asked = _of_spans(spans, key, seconds)
    elif key.indicator in _LOGS:
        held = f"entity = ?{_LOGS[key.indicator]}"
        asked = _Asked("1 FROM logs", held, f"count(*) / {seconds}", "'1/s'")
    elif points is not None:
        asked = _of_points(points)
    else:
        return Drawn(missing=f"{key.indicator} is not an indicator of the record.")
    found = telemetry.query(
        _sql(asked),
        [over.since_ns, over.step_ns, key.entity, *asked.more, over.since_ns, over.until_ns],
    )
    if not found["bucket"]:
        return Drawn(missing=f"The record holds no {key.indicator} of {key.entity} in this time.")
    return _filled(found, over)


def _own_time(telemetry: TelemetryReader, key: Key, over: Window, q: str) -> Drawn:
    """Time in the entity itself: a request's, without the calls made for it (one after another)."""
    sql = f"""
    WITH calls AS (
        SELECT trace_id, parent_id, sum(duration_ns) AS waited FROM spans
        WHERE {_EXIT} AND ts >= ? AND ts < ? GROUP BY trace_id, parent_id
    ), entries AS (
        SELECT (ts - ?) // ? AS bucket, trace_id, span_id, duration_ns FROM spans
        WHERE {_ENTRY} AND ts >= ? AND ts < ?
    )
    SELECT bucket, count(*) AS n, 'ms' AS unit,
        quantile_cont(greatest(0, duration_ns - coalesce(waited, 0)), {q}) / 1e6 AS value
    FROM entries LEFT JOIN calls
        ON calls.trace_id = entries.trace_id AND calls.parent_id = entries.span_id
    GROUP BY bucket
    """
    within = (over.since_ns, over.until_ns)
    bucket = (over.since_ns, over.step_ns)
    found = telemetry.query(sql, [key.entity, *within, *bucket, key.entity, *within])
    if not found["bucket"]:
        return Drawn(missing=f"The record holds no requests to {key.entity} in this time.")
    return _filled(found, over)


def _heard(telemetry: TelemetryReader, key: Key, over: Window) -> Drawn:
    """1 where anything of the entity arrived, 0 where nothing did."""
    arrived = " UNION ALL ".join(
        f"SELECT ts FROM {table} WHERE entity = ? AND ts >= ? AND ts < ?"
        for table in ("points", "spans", "logs")
    )
    found = telemetry.query(
        f"SELECT (ts - ?) // ? AS bucket, count(*) AS n, '' AS unit, 1 AS value"
        f" FROM ({arrived}) GROUP BY bucket",
        [over.since_ns, over.step_ns, *(3 * [key.entity, over.since_ns, over.until_ns])],
    )
    if not found["bucket"]:
        return Drawn(missing=f"Nothing of {key.entity} arrived in this time.")
    line = _filled(found, over)
    return line._replace(y=tuple(y or 0.0 for y in line.y))


def _sql(asked: _Asked) -> str:
    """Expressions and conditions are our own constants; values are bound."""
    rows = f"SELECT (ts - ?) // ? AS bucket, {asked.rows} WHERE {asked.held} AND ts >= ? AND ts < ?"
    if asked.stepped:
        steps = f"{_step('value')} AS more, {_step('count')} AS times, {_gap()} AS gap"
        before = "WINDOW before AS (PARTITION BY series ORDER BY ts)"
        # By series first: each is sampled at its own pace.
        rows = (
            "SELECT bucket, any_value(unit) AS unit, sum(more) AS more, sum(times) AS times,"
            " sum(gap) AS gap, count(*) AS n"
            f" FROM (SELECT *, {steps} FROM ({rows}) {before}) GROUP BY bucket, series"
        )
    n = "sum(n)" if asked.stepped else "count(*)"
    return (
        f"SELECT bucket, {asked.value} AS value, {n} AS n, any_value({asked.unit}) AS unit"
        f" FROM ({rows}) GROUP BY bucket"
    )


def _of_spans(match: re.Match[str], key: Key, seconds: float) -> _Asked:
    held = _EXIT if match["side"] else _ENTRY
    more: tuple[str, ...] = ()
    if key.peer:
        held, more = f"{held} AND peer = ?", (key.peer,)
    value, unit = f"count(*) / {seconds}", "'1/s'"
    if match["what"] == "error_ratio":
        value, unit = "avg(CASE WHEN error THEN 1.0 ELSE 0.0 END)", "'%'"
    elif match["q"]:
        value, unit = f"quantile_cont(duration_ns, 0.{match['q']}) / 1e6", "'ms'"
    return _Asked("error, duration_ns FROM spans", held, value, unit, more)


def _of_points(match: re.Match[str]) -> _Asked:
    held, more = "entity = ? AND metric = ?", [match["metric"]]
    for label, value in _labels(match["labels"] or ""):
        held += " AND json_extract_string(attributes, ?) = ?"
        more += [f'$."{label}"', value]
    if match["how"] is None:
        return _Asked("value, unit FROM points", held, "avg(value)", "unit", tuple(more))
    rows = (
        "value, count, temporality, ts, start_ts, unit,"
        " entity || '|' || instance || '|' || attributes AS series FROM points"
    )
    if match["how"] == "rate":
        value = "sum(more / nullif(gap, 0))"
        return _Asked(rows, held, value, "'1/s'", tuple(more), stepped=True)
    value = "sum(more) / nullif(sum(times), 0)"
    return _Asked(rows, held, value, "unit", tuple(more), stepped=True)


def _step(column: str) -> str:
    """The increase of a counter; of one that began anew, what it counted since."""
    before = f"lag({column}) OVER before"
    return (
        f"CASE WHEN temporality = 'delta' THEN {column}"
        f" WHEN {column} >= {before} THEN {column} - {before}"
        f" WHEN {before} IS NOT NULL THEN {column} END"
    )


def _gap() -> str:
    """Seconds over which it increased."""
    return (
        "CASE WHEN temporality = 'delta' AND start_ts > 0 THEN (ts - start_ts) / 1e9"
        " ELSE (ts - lag(ts) OVER before) / 1e9 END"
    )


def _labels(text: str) -> list[tuple[str, str]]:
    """``{k=v,...}`` of an indicator's name; [] where values hold commas or were cut."""
    pairs = [part.partition("=") for part in text.strip("{}").split(",") if part]
    if any(not sign or '"' in label or len(value) >= 60 for label, sign, value in pairs):
        return []
    return [(label, value) for label, _, value in pairs]


def _filled(found: dict[str, list[object]], over: Window) -> Drawn:
    at = dict(zip(found["bucket"], found["value"], strict=True))
    return Drawn(
        x_ms=tuple((over.since_ns + k * over.step_ns) / MILLISECOND for k in range(over.buckets)),
        y=tuple(_number(at.get(k)) for k in range(over.buckets)),
        unit=str(found["unit"][0] or ""),
        n=sum(int(n) for n in found["n"]),  # type: ignore[call-overload]
    )


def _number(value: object) -> float | None:
    if not isinstance(value, int | float) or math.isnan(value):
        return None
    return float(f"{value:.6g}")


class Band(NamedTuple):
    """Where values were expected, and from what that is said."""

    low: float
    high: float
    says: str


def band(line: Drawn, onset_ns: int) -> Band | None:
    """Median +- 3 scaled median absolute deviations of what came before the onset."""
    before = [
        y
        for x, y in zip(line.x_ms, line.y, strict=True)
        if y is not None and x * MILLISECOND < onset_ns - BUCKET_NS
    ]
    if len(before) < LEAST_BEFORE:
        return None
    middle = statistics.median(before)
    spread = _SCALE * statistics.median(abs(y - middle) for y in before)
    room = _WIDTH * max(spread, 0.02 * abs(middle))
    low = middle - room
    return Band(
        max(0.0, low) if min(before) >= 0 else low,
        middle + room,
        f"band: median +- {_WIDTH:g} scaled MAD of {len(before)} buckets before the onset",
    )
