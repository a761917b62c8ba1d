"""What an entity did over time: its main indicators, with what was changed marked on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from opsweave.facts import Change, Incident
from opsweave.kernel.clock import MILLISECOND
from opsweave.pages import Health, Line, Mark, PageQuery, Proof, Series
from opsweave.practices.aiops.pages.drawn import Drawn, Key, Window, band, drawn, window
from opsweave.record.telemetry import DuckDBTelemetry
from opsweave.server.console.pages.words import change_to, incident_to

BUCKETS = 120
MOST_METRICS = 6
QUERY_S = 5.0
OF_SPANS = (
    ("requests", "Requests"),
    ("error_ratio", "Errors"),
    ("latency_p95", "Latency, 95th percentile"),
)
_METRICS = """
SELECT metric, any_value(kind) AS kind, count(*) AS n FROM points
WHERE entity = ? AND ts >= ? AND ts < ? GROUP BY metric ORDER BY n DESC, metric LIMIT ?
"""


def main_series(
    telemetry: DuckDBTelemetry, ref: str, query: PageQuery, marks: Sequence[Mark]
) -> tuple[Series, ...]:
    """Requests, errors and latency where there are spans of it, else its most frequent metrics."""
    over = window(query.since_ns, query.until_ns, BUCKETS)
    found = [_series(telemetry, ref, name, title, over, marks) for name, title in OF_SPANS]
    shown = [one for one in found if one is not None]
    if not shown:
        shown = [
            one
            for name, title in _metrics(telemetry, ref, over)
            if (one := _series(telemetry, ref, name, title, over, marks)) is not None
        ]
    return tuple(shown)


def marks_of(changes: Iterable[Change], incidents: Iterable[Incident]) -> tuple[Mark, ...]:
    """Changes as moments, incidents as stretches."""
    moments = [
        Mark(
            at_ms=one.at_ns / MILLISECOND,
            says=f"{one.kind.value}: {one.summary or one.version_to or one.id}",
            to=change_to(one.id),
        )
        for one in changes
    ]
    stretches = [
        Mark(
            at_ms=(one.started_ns or one.opened_ns) / MILLISECOND,
            until_ms=end / MILLISECOND if (end := one.recovered_ns or one.closed_ns) else None,
            says=one.title or one.id,
            health=Health.BAD,
            to=incident_to(one.id),
        )
        for one in incidents
    ]
    return (*moments, *stretches)


def _metrics(telemetry: DuckDBTelemetry, ref: str, over: Window) -> list[tuple[str, str]]:
    rows = telemetry.query(
        _METRICS, [ref, over.since_ns, over.until_ns, MOST_METRICS], timeout_s=QUERY_S
    )
    wraps = {"sum": "rate({})", "histogram": "mean({})"}
    return [
        (wraps.get(kind, "{}").format(metric), metric)
        for metric, kind in zip(rows.get("metric", ()), rows.get("kind", ()), strict=True)
    ]


def _series(
    telemetry: DuckDBTelemetry,
    ref: str,
    indicator: str,
    title: str,
    over: Window,
    marks: Sequence[Mark],
) -> Series | None:
    line = drawn(telemetry, Key(ref, indicator), over)
    if not line.x_ms or all(y is None for y in line.y):
        return None
    usual = band(line, over.until_ns)
    drawn_line = _line(title, line, usual.low if usual else None, usual.high if usual else None)
    return Series(
        id=indicator,
        title=title,
        says=usual.says.replace("before the onset", "shown") if usual else "",
        span=4,
        x_ms=line.x_ms,
        lines=(drawn_line,),
        unit=line.unit,
        marks=tuple(marks),
        proof=Proof(
            says=f"{indicator} of {ref}, from the record",
            n=line.n,
            ids=(f"signal:telemetry:{ref}|{indicator}@{over.until_ns}",),
        ),
        topics=("telemetry",),
    )


def _line(name: str, line: Drawn, low: float | None, high: float | None) -> Line:
    if low is None or high is None:
        return Line(name=name, y=line.y)
    n = len(line.y)
    return Line(name=name, y=line.y, low=(low,) * n, high=(high,) * n)
