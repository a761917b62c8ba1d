"""``explore/traces/{id}``: one trace as a waterfall, with what was logged in it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from opsweave.kernel.clock import MILLISECOND
from opsweave.pages import Health, Log, LogLine, Section, State, Waterfall, WaterfallSpan
from opsweave.server.explore.frame import QUERY_S, Telemetry, rows
from opsweave.server.explore.logs import LONGEST, level_of, shown

MOST_SPANS = 1000
MOST_LINES = 500


def sections(telemetry: Telemetry, trace_id: str) -> tuple[Section, ...]:
    """All sections of the page of one trace."""
    found = telemetry.query(
        "SELECT ts, duration_ns, span_id, parent_id, entity, version, name, kind, error, status, "
        "peer FROM spans WHERE trace_id = ? ORDER BY ts",
        (trace_id,),
        limit=MOST_SPANS + 1,
        timeout_s=QUERY_S,
    )
    spans = list(rows(found))
    return (
        Section(id="waterfall", widgets=(_waterfall(spans[:MOST_SPANS], len(spans) > MOST_SPANS),)),
        Section(id="lines", widgets=(_lines(telemetry, trace_id),)),
    )


def tree(spans: list[dict[str, Any]]) -> list[tuple[dict[str, Any], int, float]]:
    """(span, depth, own time in ns) in drawing order: children after their parent, by beginning.

    Own time is what no child covers; children may overlap. A span whose parent is not there, or
    that is its own ancestor, begins a tree.
    """
    known = {one["span_id"] for one in spans}
    children: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in spans:
        children[one["parent_id"] if one["parent_id"] in known else ""].append(one)
    order: list[tuple[dict[str, Any], int, float]] = []
    drawn: set[int] = set()
    stack = [(one, 0) for one in reversed(children[""])]
    left = iter(spans)
    while True:
        while stack:
            one, depth = stack.pop()
            if id(one) in drawn:
                continue
            drawn.add(id(one))
            below = children[one["span_id"]] if one["span_id"] else []
            order.append((one, depth, _own(one, below)))
            stack.extend((child, depth + 1) for child in reversed(below))
        rest = next((one for one in left if id(one) not in drawn), None)
        if rest is None:
            return order
        stack.append((rest, 0))


def _own(span: dict[str, Any], below: list[dict[str, Any]]) -> float:
    begin, end = span["ts"], span["ts"] + span["duration_ns"]
    covered, at = 0, begin
    for child in sorted(below, key=lambda one: int(one["ts"])):
        first, last = max(child["ts"], at), min(child["ts"] + child["duration_ns"], end)
        if last > first:
            covered += last - first
            at = last
    return float(max(0, end - begin - covered))


def _waterfall(spans: list[dict[str, Any]], more: bool) -> Waterfall:
    begin = min((one["ts"] for one in spans), default=0)
    end = max((one["ts"] + one["duration_ns"] for one in spans), default=0)
    return Waterfall(
        id="waterfall",
        title="Spans",
        says=f"{len(spans)} spans; the filled part is the span's own time"
        + (f"; only the first {MOST_SPANS} are shown" if more else ""),
        total_ms=(end - begin) / MILLISECOND,
        spans=tuple(_span(one, depth, own, begin) for one, depth, own in tree(spans)),
        state=State.OK if spans else State.EMPTY,
        missing="No span of this trace is kept.",
        remedy="It may be older than the retention of spans (Settings), or was never sent.",
    )


def _span(one: dict[str, Any], depth: int, own: float, begin: int) -> WaterfallSpan:
    parts = (one["kind"], one["status"], one["version"], one["peer"] and f"calls {one['peer']}")
    return WaterfallSpan(
        id=one["span_id"],
        name=one["name"],
        entity=one["entity"],
        depth=depth,
        start_ms=(one["ts"] - begin) / MILLISECOND,
        duration_ms=one["duration_ns"] / MILLISECOND,
        self_ms=own / MILLISECOND,
        health=Health.BAD if one["error"] else Health.NEUTRAL,
        says=", ".join(part for part in parts if part),
    )


def _lines(telemetry: Telemetry, trace_id: str) -> Log:
    found = telemetry.query(
        f"SELECT ts, entity, severity, left(body, {LONGEST}) AS body, length(body) AS length "
        "FROM logs WHERE trace_id = ? ORDER BY ts",
        (trace_id,),
        limit=MOST_LINES,
        timeout_s=QUERY_S,
    )
    lines = tuple(
        LogLine(
            id=f"{row['ts']}-{index}",
            at_ms=row["ts"] / MILLISECOND,
            entity=row["entity"],
            text=shown(row["body"], row["length"]),
            severity=level_of(row["severity"]),
            health=Health.BAD if row["severity"] >= 17 else Health.NEUTRAL,  # ERROR
        )
        for index, row in enumerate(rows(found))
    )
    return Log(
        id="lines",
        title="Logged in this trace",
        lines=lines,
        state=State.OK if lines else State.EMPTY,
        missing="No log line carries this trace's id.",
        remedy="Log records need trace_id: most OpenTelemetry log bridges add it.",
    )
