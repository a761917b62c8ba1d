"""The explore pages as declarations, over one telemetry and one state store."""

from __future__ import annotations

from opsweave.pages import Crumb, Page, PageQuery, PageSpec
from opsweave.record.state import StateStore
from opsweave.server.explore import events, logs, metrics, sql, trace, traces
from opsweave.server.explore.asked import Asked, asked
from opsweave.server.explore.frame import Telemetry, span

GROUP = "Explore"


def pages(telemetry: Telemetry, state: StateStore) -> list[PageSpec]:
    """Five pages in the navigation, and the page of one trace."""
    return [
        PageSpec(
            pattern="explore/metrics",
            title="Metrics",
            group=GROUP,
            key="x",
            order=10,
            make=lambda query: _metrics(telemetry, state, query),
        ),
        PageSpec(
            pattern="explore/logs",
            title="Logs",
            group=GROUP,
            key="l",
            order=20,
            make=lambda query: _logs(telemetry, query),
        ),
        PageSpec(
            pattern="explore/traces",
            title="Traces",
            group=GROUP,
            key="t",
            order=30,
            make=lambda query: _traces(telemetry, query),
        ),
        PageSpec(
            pattern="explore/traces/{id}",
            title="Trace",
            group=GROUP,
            make=lambda query: _trace(telemetry, query),
        ),
        PageSpec(
            pattern="explore/events",
            title="Events",
            group=GROUP,
            key="e",
            order=40,
            make=lambda query: _events(telemetry, state, query),
        ),
        PageSpec(
            pattern="explore/sql",
            title="SQL",
            group=GROUP,
            key="q",
            order=50,
            needs="admin",
            make=lambda query: _sql(telemetry, query),
        ),
    ]


def _metrics(telemetry: Telemetry, state: StateStore, query: PageQuery) -> Page:
    made = metrics.sections(
        telemetry,
        state,
        _asked(query),
        metric=query.get("metric"),
        show=query.get("show"),
        by=query.get("by"),
    )
    return Page(
        path=query.path,
        title="Metrics",
        lead="Any metric that arrived, with the changes that were made meanwhile.",
        sections=made,
        as_of_ms=query.now_ms,
    )


def _logs(telemetry: Telemetry, query: PageQuery) -> Page:
    return Page(
        path=query.path,
        title="Logs",
        lead="How much was said, by which templates, and the lines themselves.",
        sections=logs.sections(telemetry, _asked(query), query.table("lines").after),
        as_of_ms=query.now_ms,
    )


def _traces(telemetry: Telemetry, query: PageQuery) -> Page:
    return Page(
        path=query.path,
        title="Traces",
        lead="Rate, errors and duration of operations, and the traces behind them.",
        sections=traces.sections(telemetry, _asked(query), query.get("compare")),
        as_of_ms=query.now_ms,
    )


def _trace(telemetry: Telemetry, query: PageQuery) -> Page:
    id_ = query.params["id"]
    return Page(
        path=query.path,
        title=f"Trace {id_}",
        crumbs=(Crumb(title="Traces", to=query.to("explore/traces")),),
        sections=trace.sections(telemetry, id_),
        timed=False,
        as_of_ms=query.now_ms,
    )


def _events(telemetry: Telemetry, state: StateStore, query: PageQuery) -> Page:
    return Page(
        path=query.path,
        title="Events",
        lead="What happened, whoever said so: alerts, changes and events on one axis.",
        sections=events.sections(telemetry, state, _asked(query)),
        as_of_ms=query.now_ms,
    )


def _sql(telemetry: Telemetry, query: PageQuery) -> Page:
    return Page(
        path=query.path,
        title="SQL",
        lead="Read-only statements over the telemetry.",
        sections=sql.sections(telemetry, query.get("sql")),
        timed=False,
        as_of_ms=query.now_ms,
    )


def _asked(query: PageQuery) -> Asked:
    return asked(
        span(query.since_ms, min(query.until_ms, query.now_ms)),
        query.scope,
        query.get("q"),
        query.to,
    )
