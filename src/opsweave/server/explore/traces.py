"""``explore/traces``: rate, errors and time of operations, before and after, and the traces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from opsweave.kernel.clock import MILLISECOND, SECOND
from opsweave.pages import (
    Cell,
    Column,
    Health,
    Line,
    Proof,
    Row,
    Section,
    Series,
    State,
    Table,
)
from opsweave.pages.links import entity_to, trace_to
from opsweave.server.explore.asked import (
    Asked,
    choice,
    condition,
    filter_form,
    language_note,
    nothing,
)
from opsweave.server.explore.frame import QUERY_S, Span, Telemetry, in_time, rows, spread
from opsweave.server.explore.language import quoted
from opsweave.server.explore.where import SPANS, Condition, words_in

_TOP = 50
_GROUPS = 500
_WORDS = words_in("name", "status")
COMPARE = (("", "nothing"), ("before", "the same time just before"))


def sections(telemetry: Telemetry, now: Asked, compare: str) -> tuple[Section, ...]:
    """All sections of the page; ``compare`` is a value of ``COMPARE``."""
    now, found = condition(now, SPANS, _WORDS)
    keys = tuple(SPANS)
    form = filter_form(now, keys, (choice("compare", "Compare with", compare, COMPARE),))
    if now.refused:
        return (Section(id="ask", widgets=(form,)), language_note())
    held = in_time(found, now.span)
    return (
        Section(id="ask", widgets=(form,)),
        Section(id="over-time", widgets=_over_time(telemetry, now, held)),
        Section(id="operations", widgets=(_operations(telemetry, now, found, compare),)),
        Section(id="traces", widgets=(_slowest(telemetry, now, held),)),
        language_note(),
    )


def _over_time(telemetry: Telemetry, now: Asked, held: Condition) -> tuple[Series, ...]:
    found = telemetry.query(
        "SELECT (ts - ?) // ? AS bucket, count(*) AS n, "
        "count(*) FILTER (WHERE error) AS bad, "
        "quantile_cont(duration_ns, [0.5, 0.95]) AS took "
        f"FROM spans WHERE {held.sql} GROUP BY ALL",
        (now.span.since_ns, now.span.step_ns, *held.parameters),
        timeout_s=QUERY_S,
    )
    by = {row["bucket"]: row for row in rows(found)}
    total = sum(row["n"] for row in by.values())
    each = {
        "rate": {
            b: row["n"] / seconds for b, row in by.items() if (seconds := now.span.covered(b))
        },
        "errors": {b: row["bad"] / row["n"] for b, row in by.items()},
        "p50": {b: row["took"][0] / SECOND for b, row in by.items()},
        "p95": {b: row["took"][1] / SECOND for b, row in by.items()},
    }
    missing, remedy = nothing(now, "spans")

    def series(id_: str, title: str, unit: str, *lines: Line) -> Series:
        return Series(
            id=id_,
            title=title,
            span=4,
            x_ms=now.span.x_ms(),
            unit=unit,
            lines=lines,
            state=State.OK if total else State.EMPTY,
            missing=missing,
            remedy=remedy,
            proof=Proof(says="Of all spans under the filter.", n=total),
            topics=("telemetry",),
        )

    def line(name: str, health: Health = Health.NEUTRAL, zero_from: int | None = None) -> Line:
        return Line(name=name, y=spread(each[name], now.span, zero_from=zero_from), health=health)

    return (
        series("rate", "Spans", "1/s", line("rate", zero_from=min(by, default=0))),
        series("errors", "Errors", "%", line("errors", Health.BAD)),
        series("duration", "Duration", "s", line("p50"), line("p95", Health.WARNING)),
    )


def _grouped(telemetry: Telemetry, asked_for: Condition, span: Span) -> Iterator[dict[str, Any]]:
    held = in_time(asked_for, span)
    found = telemetry.query(
        "SELECT entity, name, kind, count(*) AS n, "
        "count(*) FILTER (WHERE error) AS bad, "
        "quantile_cont(duration_ns, [0.5, 0.95, 0.99]) AS took "
        f"FROM spans WHERE {held.sql} GROUP BY ALL ORDER BY sum(duration_ns) DESC",
        held.parameters,
        limit=_GROUPS,
        timeout_s=QUERY_S,
    )
    return rows(found)


def _operations(telemetry: Telemetry, now: Asked, asked_for: Condition, compare: str) -> Table:
    found = list(_grouped(telemetry, asked_for, now.span))
    earlier: dict[tuple[str, ...], dict[str, Any]] = {}
    if compare:
        before = _grouped(telemetry, asked_for, now.span.before())
        earlier = {(row["entity"], row["name"], row["kind"]): row for row in before}
    missing, remedy = nothing(now, "spans")
    columns = [
        Column(key="entity", title="Entity", shows="entity"),
        Column(key="name", title="Operation"),
        Column(key="kind", title="Kind", hide_on_phone=True),
        Column(key="n", title="Spans", shows="number"),
        Column(key="bad", title="Errors", shows="ratio"),
        Column(key="p50", title="p50", shows="duration", hide_on_phone=True),
        Column(key="p95", title="p95", shows="duration"),
    ]
    if compare:
        columns += [
            Column(key="p95_before", title="p95 before", shows="duration"),
            Column(key="bad_before", title="Errors before", shows="ratio"),
        ]
    return Table(
        id="operations",
        title="Operations",
        says="Those that took most time in all are first",
        columns=tuple(columns),
        rows=tuple(_operation(now, row, earlier, compare) for row in found[:_TOP]),
        total=len(found) if len(found) < _GROUPS else None,
        state=State.OK if found else State.EMPTY,
        missing=missing,
        remedy=remedy,
        topics=("telemetry",),
    )


def _operation(
    now: Asked, row: dict[str, Any], earlier: dict[tuple[str, ...], dict[str, Any]], compare: str
) -> Row:
    p50, p95, _ = (value / SECOND for value in row["took"])
    bad = row["bad"] / row["n"]
    cells = {
        "entity": Cell(value=row["entity"], to=row["entity"] and now.to(entity_to(row["entity"]))),
        "name": Cell(value=row["name"]),
        "kind": Cell(value=row["kind"]),
        "n": Cell(value=row["n"]),
        "bad": Cell(value=bad, health=Health.BAD if bad > 0 else None),
        "p50": Cell(value=p50),
        "p95": Cell(value=p95),
    }
    if compare:
        then = earlier.get((row["entity"], row["name"], row["kind"]))
        was = then["took"][1] / SECOND if then else None
        cells["p95_before"] = Cell(value=was, hint="" if then else "not seen then")
        cells["bad_before"] = Cell(value=then["bad"] / then["n"] if then else None)
    q = f"entity:{quoted(row['entity'])} name:{quoted(row['name'])}"
    return Row(
        id=f"{row['entity']}|{row['name']}|{row['kind']}",
        cells=cells,
        to=now.to("explore/traces", q=q, compare=compare),
    )


def _slowest(telemetry: Telemetry, now: Asked, held: Condition) -> Table:
    found = telemetry.query(
        "SELECT trace_id, min(ts) AS ts, max(duration_ns) AS took, count(*) AS n, "
        "count(*) FILTER (WHERE error) AS bad, arg_max(name, duration_ns) AS name, "
        "arg_max(entity, duration_ns) AS entity "
        f"FROM spans WHERE {held.sql} AND trace_id <> '' GROUP BY trace_id ORDER BY took DESC",
        held.parameters,
        limit=_TOP,
        timeout_s=QUERY_S,
    )
    made = tuple(_trace(now, row) for row in rows(found))
    missing, remedy = nothing(now, "traces")
    return Table(
        id="traces",
        title="Traces",
        says=f"The {_TOP} with the slowest span under the filter",
        columns=(
            Column(key="at", title="When", shows="time"),
            Column(key="name", title="Slowest span"),
            Column(key="entity", title="Entity", shows="entity", hide_on_phone=True),
            Column(key="took", title="Took", shows="duration"),
            Column(key="n", title="Spans", shows="number"),
            Column(key="bad", title="Errors", shows="number"),
        ),
        rows=made,
        state=State.OK if made else State.EMPTY,
        missing=missing,
        remedy=remedy,
        topics=("telemetry",),
    )


def _trace(now: Asked, row: dict[str, Any]) -> Row:
    return Row(
        id=row["trace_id"],
        to=now.to(trace_to(row["trace_id"])),
        cells={
            "at": Cell(value=row["ts"] / MILLISECOND),
            "name": Cell(value=row["name"]),
            "entity": Cell(value=row["entity"]),
            "took": Cell(value=row["took"] / SECOND),
            "n": Cell(value=row["n"]),
            "bad": Cell(value=row["bad"], health=Health.BAD if row["bad"] else None),
        },
    )
